/** The tab that hosts: the switchboard of a server, with the channels of sockets plugged in. */

import { SocketChannel, type SocketMessage } from './broadcast-signaling-bus.ts';
import { Pulse } from './pulse.ts';
import type { BroadcastTiming } from './broadcast-signaling-timing.ts';
import { verifyProof } from './ed25519-proof.ts';
import type { Line, Outlet } from './line.ts';
import { LocalRooms } from './local-rooms.ts';
import { CLOSE_CODES, encodeMessage, parseClientMessage, type CloseCode } from './protocol.ts';
import type { RoomsLimits } from './room-directory.ts';
import { Switchboard } from './switchboard.ts';

/** Sockets of one host: a room's members, and as many who come back before their former sockets are missed. */
const SOCKETS_MAX = 1_024;

/** What makes a host. */
export interface BroadcastHostOptions {
  readonly name: string;
  /** The tab that hosts. */
  readonly tab: string;
  readonly limits: RoomsLimits;
  readonly timing: BroadcastTiming;
}

/** Rooms that the tabs of a browser share. */
export class BroadcastHost {
  readonly #options: BroadcastHostOptions;
  readonly #switchboard: Switchboard;
  readonly #sockets = new Map<string, HostedSocket>();

  constructor(options: BroadcastHostOptions) {
    this.#options = options;
    const rooms = new LocalRooms(options.limits, () => performance.now());
    this.#switchboard = new Switchboard({ rooms, verify: verifyProof });
  }

  /** A socket looks for its host. It may have said so before. */
  accept(socket: string): void {
    if (this.#sockets.has(socket) || this.#sockets.size >= SOCKETS_MAX) return;
    const forget = () => void this.#sockets.delete(socket);
    this.#sockets.set(socket, new HostedSocket(socket, this.#options, this.#switchboard, forget));
  }

  /** Tells the others that the members on these sockets are gone: they end with this tab. */
  dismiss(sockets: Iterable<string>): void {
    for (const socket of sockets) this.#sockets.get(socket)?.gone('closed');
  }

  /** Ends all sockets, without a word about their members: they come back to another host. */
  close(): void {
    for (const socket of [...this.#sockets.values()]) socket.end(CLOSE_CODES.goingAway);
  }
}

/** The host's end of one socket. */
class HostedSocket implements Outlet {
  readonly #host: string;
  readonly #channel: SocketChannel;
  readonly #line: Line;
  readonly #pulse: Pulse;
  readonly #forget: () => void;

  constructor(
    socket: string,
    { name, tab, timing }: BroadcastHostOptions,
    switchboard: Switchboard,
    forget: () => void,
  ) {
    this.#host = tab;
    this.#forget = forget;
    this.#channel = new SocketChannel(name, socket, (message) => this.#heard(message));
    this.#line = switchboard.connect(this);
    this.#pulse = new Pulse({
      pingMs: timing.pingMs,
      missesMax: timing.missesMax,
      ping: () => this.#channel.post({ say: 'ping', host: tab }),
      dead: () => this.gone('lost'),
    });
    this.#channel.post({ say: 'opened', host: tab });
  }

  deliver(message: Parameters<Outlet['deliver']>[0]): void {
    this.#channel.post({ say: 'down', host: this.#host, frame: encodeMessage(message) });
  }

  end(code: CloseCode): void {
    this.#channel.post({ say: 'end', host: this.#host, code });
    this.#release();
  }

  /** The client is gone. */
  gone(reason: 'closed' | 'lost'): void {
    this.#release();
    this.#line.close(reason);
  }

  #heard(message: SocketMessage): void {
    // It has found another host, and this one is about to hear of it.
    if (message.host !== this.#host) return;
    this.#pulse.heard();
    if (message.say === 'ping') this.#channel.post({ say: 'pong', host: this.#host });
    else if (message.say === 'close') this.gone('closed');
    else if (message.say === 'up') this.#receive(message.frame);
  }

  #receive(frame: string): void {
    const parsed = parseClientMessage(frame);
    if (!parsed.ok) {
      return this.deliver({ type: 'error', code: parsed.code, message: parsed.problem });
    }
    const { message } = parsed;
    this.#line.receive(message);
    // Within a browser nothing is slower than anything else: what was relayed is there.
    if (message.type === 'relay') this.deliver({ type: 'relayed', bytes: message.data.length });
  }

  #release(): void {
    this.#pulse.stop();
    this.#channel.close();
    this.#forget();
  }
}
