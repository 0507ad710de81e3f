/**
 * One client of the rooms: reads the frames of its socket as messages and hands the verified ones
 * to the switchboard, and the switchboard's messages to the socket.
 */
import type { WebSocket } from 'ws';
import type { Line, Outlet } from '../src/net/signaling/line.ts';
import {
  CLOSE_CODES,
  parseClientMessage,
  RELAY_WINDOW_BYTES,
  type ClientMessage,
  type CloseCode,
  type ErrorCode,
  type IceServer,
  type ServerMessage,
  type ServerMessageOf,
} from '../src/net/signaling/protocol.ts';
import type { RoomDirectory } from '../src/net/signaling/room-directory.ts';
import type { Switchboard } from '../src/net/signaling/switchboard.ts';
import { ClientSocket, type SocketContext, type SocketOwner } from './client-socket.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import type { JoinLimiter } from './join-limiter.ts';
import { RelayMeter } from './relay-meter.ts';

/** What all clients of the rooms share. */
export interface ConnectionContext extends SocketContext {
  readonly rooms: RoomDirectory;
  readonly switchboard: Switchboard;
  readonly joins: JoinLimiter;
  /** How many proxies of ours stand before the server; see `client-address.ts`. */
  readonly proxies: number;
  readonly encoder: FrameEncoder;
  /** The STUN and TURN servers for a member, with credentials of its own. */
  readonly iceServers: (member: string) => readonly IceServer[];
}

type RelayMessage = Extract<ClientMessage, { readonly type: 'relay' }>;

/** Answers to a join that say that its room was not there. */
const MISSED_ROOM_CODES: ReadonlySet<string> = new Set<ErrorCode>(['unknown-room', 'server-full']);

/** A client that relays beyond its window is told so at most this often. */
const RELAY_COMPLAINT_MS = 1_000;

/** A client, from its handshake to the end of its socket. */
export class ClientConnection implements Outlet, SocketOwner {
  readonly #socket: ClientSocket;
  readonly #context: ConnectionContext;
  readonly #line: Line;
  readonly #address: string;
  readonly #relay: RelayMeter;
  readonly #joinTimer: NodeJS.Timeout;
  #relayComplaintAtMs = -Infinity;

  /**
   * `address` is that of the client, for limits. `onClosed` is called once, when nothing of the
   * socket is left.
   */
  constructor(
    socket: WebSocket,
    address: string,
    context: ConnectionContext,
    onClosed: () => void,
  ) {
    this.#context = context;
    this.#address = address;
    this.#relay = new RelayMeter(
      context.limits,
      () => performance.now(),
      (bytes) => this.deliver({ type: 'relayed', bytes }),
    );
    this.#socket = new ClientSocket(socket, context, this, onClosed);
    this.#line = context.switchboard.connect(this);
    this.#joinTimer = setTimeout(() => this.#requireJoined(), context.limits.joinDeadlineMs);
  }

  /** Sends a message, unless the client has stopped reading: then it is cut off. */
  deliver(message: ServerMessage): void {
    const { encoder, iceServers } = this.#context;
    this.#learn(message);
    if (message.type === 'relay') return this.#deliverRelayed(message);
    if (message.type !== 'welcome') return void this.#socket.send(encoder.encode(message));
    // Rooms know nothing of the network: which servers help to cross it is added here.
    const servers = iceServers(message.you.member);
    const welcome = servers.length === 0 ? message : { ...message, iceServers: [...servers] };
    this.#socket.send(encoder.encode(welcome));
  }

  /** Closes the socket after what was sent. A client that does not answer is cut off soon. */
  end(code: CloseCode): void {
    this.#socket.end(code);
  }

  /** Asks for a sign of life, and cuts off a client that gave none since it was last asked. */
  checkAlive(): void {
    this.#socket.checkAlive();
  }

  /** Whether the client may look for a room. */
  admit(): boolean {
    if (this.#context.joins.admit(this.#address)) return true;
    this.#context.metrics.count('joins_refused');
    this.#socket.countTooFast();
    return false;
  }

  /** Takes a frame. */
  read(frame: string, price: number): void {
    const parsed = parseClientMessage(frame);
    // Relayed frames have a rate of their own.
    if (parsed.ok && parsed.message.type === 'relay') return this.#takeRelayed(parsed.message);
    if (!this.#socket.pay(price)) return;
    if (!parsed.ok) {
      this.complain(parsed.code, parsed.problem);
      return this.#socket.countMalformed();
    }
    // A broadcast becomes as many frames as there are others, and is paid for as such.
    const { message } = parsed;
    if (message.type === 'broadcast' && !this.#socket.pay(this.#line.audience)) return;
    this.#line.receive(message);
  }

  /** Answers a frame that was dropped. */
  complain(code: ErrorCode, message: string): void {
    this.deliver({ type: 'error', code, message });
  }

  /** The others are to hear that this client is gone. */
  gone(reason: 'closed' | 'lost'): void {
    clearTimeout(this.#joinTimer);
    this.#relay.close();
    this.#line.close(reason);
  }

  #takeRelayed(message: RelayMessage): void {
    const { metrics } = this.#context;
    const bytes = message.data.length;
    if (this.#relay.take(bytes)) {
      metrics.count('relay_frames');
      metrics.count('relay_bytes', bytes);
      return this.#line.receive(message);
    }
    const nowMs = performance.now();
    if (nowMs - this.#relayComplaintAtMs >= RELAY_COMPLAINT_MS) {
      this.#relayComplaintAtMs = nowMs;
      const why = `Too much is relayed at once: at most ${RELAY_WINDOW_BYTES} bytes may be under way.`;
      this.complain('rate-limited', `${why} Wait for "relayed" before sending more.`);
    }
    this.#socket.countTooFast();
  }

  /** Who does not read loses what was relayed before it loses its connection, and others' signals wait less. */
  #deliverRelayed(message: ServerMessageOf<'relay'>): void {
    const { limits, metrics, encoder } = this.#context;
    if (this.#socket.bufferedAmount + message.data.length > limits.relayQueueBytes) {
      return metrics.count('relay_dropped');
    }
    this.#socket.send(encoder.encode(message));
  }

  /** What the answer to a join says about the client. */
  #learn(message: ServerMessage): void {
    const isEmptyRoom = message.type === 'welcome' && message.members.length === 0;
    const isNoRoom = message.type === 'error' && MISSED_ROOM_CODES.has(message.code);
    if (isEmptyRoom || isNoRoom) this.#context.joins.missed(this.#address);
    if (message.type === 'error' && message.code === 'bad-proof') {
      this.#context.metrics.count('proofs_refused');
      this.#context.log({ level: 'warn', event: 'proof-refused', reason: message.message });
    }
  }

  #requireJoined(): void {
    if (!this.#line.joined) this.end(CLOSE_CODES.tryAgainLater);
  }
}
