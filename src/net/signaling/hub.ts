/**
 * Signaling between nodes of one page, without a server. It is the server's switchboard and the
 * ordinary client with sockets between them that are two queues, so every rule is the same one.
 */
import { SignalingClient } from './client.ts';
import type { SignalingSocket } from './connection.ts';
import type { Line, Outlet } from './line.ts';
import { LocalRooms } from './local-rooms.ts';
import { verifyProof } from './ed25519-proof.ts';
import { CLOSE_CODES, encodeMessage, parseClientMessage, type CloseCode } from './protocol.ts';
import { ROOMS_LIMITS, type RoomsLimits } from './room-directory.ts';
import type { Signaling } from './signaling.ts';
import { Switchboard } from './switchboard.ts';

/** What may be set on a hub. */
export interface LocalHubOptions {
  readonly limits?: Partial<RoomsLimits>;
  /** A clock that does not run backwards; it only ages empty rooms. */
  readonly nowMs?: () => number;
}

/** Rooms within one page. Every node takes a {@link Signaling} of its own from `connect`. */
export class LocalHub {
  readonly #switchboard: Switchboard;
  readonly #clients = new Set<Signaling>();
  #closed = false;

  constructor(options: LocalHubOptions = {}) {
    const limits = { ...ROOMS_LIMITS, ...options.limits };
    const rooms = new LocalRooms(limits, options.nowMs ?? (() => performance.now()));
    this.#switchboard = new Switchboard({ rooms, verify: verifyProof });
  }

  /** A signaling of its own for one node; it has joined nothing yet. */
  connect(): Signaling {
    const switchboard = this.#switchboard;
    const client = new SignalingClient({
      url: 'hub:',
      webSocket: class extends HubSocket {
        constructor() {
          super(switchboard);
        }
      },
    });
    if (this.#closed) {
      client.close();
      return client;
    }
    this.#clients.add(client);
    client.on('state', ({ state }) => {
      if (state === 'closed') this.#clients.delete(client);
    });
    return client;
  }

  /** Closes every signaling of this hub. */
  close(): void {
    this.#closed = true;
    for (const client of [...this.#clients]) client.close();
  }
}

/** Both ends of a socket: the client's, and the outlet that the switchboard speaks into. */
class HubSocket implements SignalingSocket, Outlet {
  readonly bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly #line: Line;
  #closed = false;

  constructor(switchboard: Switchboard) {
    this.#line = switchboard.connect(this);
    queueMicrotask(() => this.#call(this.onopen, {}));
  }

  /** The client sends. Frames are text here too: nobody can reach into another's payload. */
  send(frame: string): void {
    queueMicrotask(() => {
      const parsed = parseClientMessage(frame);
      if (!parsed.ok) return;
      const { message } = parsed;
      this.#line.receive(message);
      // Within a page nothing is slower than anything else: what was relayed is there.
      if (message.type === 'relay') this.deliver({ type: 'relayed', bytes: message.data.length });
    });
  }

  /** The client closes. */
  close(): void {
    queueMicrotask(() => {
      this.#line.close('closed');
      this.end(CLOSE_CODES.done);
    });
  }

  /** The switchboard sends. */
  deliver(message: Parameters<Outlet['deliver']>[0]): void {
    const data = encodeMessage(message);
    queueMicrotask(() => this.#call(this.onmessage, { data }));
  }

  /** The switchboard closes. */
  end(code: CloseCode): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.#call(this.onclose, { code }));
  }

  #call(handler: ((event: never) => void) | null, event: object): void {
    handler?.(event as never);
  }
}
