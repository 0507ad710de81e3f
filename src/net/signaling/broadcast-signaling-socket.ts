/** A client's end of a socket to the tab that hosts, whichever it is at the moment: for a signaling client it is a WebSocket. */

import { newTabId, SocketChannel, type SocketMessage } from './broadcast-signaling-bus.ts';
import { Pulse } from './pulse.ts';
import type { BroadcastTiming } from './broadcast-signaling-timing.ts';
import type { SignalingSocket } from './connection.ts';
import { CLOSE_CODES } from './protocol.ts';

/** What a socket needs of its tab. */
export interface SocketContext {
  readonly name: string;
  readonly timing: BroadcastTiming;
  /** Asks for the host, whoever it is. */
  open(socket: string): void;
  /** The host of this socket does not answer. */
  suspect(host: string): void;
  /** The socket is closed, and its owner has heard it; because its host is gone, or for another reason. */
  ended(socket: BroadcastSocket, hostIsGone: boolean): void;
}

/** How a WebSocket tells that its other end has died (RFC 6455, section 7.1.5). */
const DIED = 1006;

/** One socket. It opens when a host has taken it, and closes when that host is gone. */
export class BroadcastSocket implements SignalingSocket {
  readonly bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly #context: SocketContext;
  #id = '';
  #channel!: SocketChannel;
  #host: string | undefined;
  /** Another tab hosts, and soon nothing more will come from this one's host. */
  #farewell: ReturnType<typeof setTimeout> | undefined;
  /** What was sent and not answered at all: another host can be told it instead. Undefined as soon as there was an answer. */
  #unanswered: string[] | undefined = [];
  #pulse: Pulse | undefined;
  #isClosed = false;

  constructor(context: SocketContext) {
    this.#context = context;
    this.#lookForHost();
  }

  /** What the host knows this socket by. */
  get id(): string {
    return this.#id;
  }

  send(frame: string): void {
    if (this.#host === undefined) return;
    this.#unanswered?.push(frame);
    this.#channel.post({ say: 'up', host: this.#host, frame });
  }

  close(): void {
    if (this.#host !== undefined) this.#channel.post({ say: 'close', host: this.#host });
    this.#end(CLOSE_CODES.done);
  }

  /**
   * A tab says that it hosts. Should it not be the one that this socket speaks to, that one is dead; or it has just gone, and its last words
   * are overtaken by this.
   */
  hostIs(host: string): void {
    if (this.#host === undefined) return this.#context.open(this.#id);
    if (this.#host === host) return;
    const { farewellMs } = this.#context.timing;
    this.#farewell ??= setTimeout(() => this.#lost(CLOSE_CODES.goingAway), farewellMs);
  }

  /** This tab is put away, perhaps to come back. */
  abandon(): void {
    if (this.#host !== undefined) this.#channel.post({ say: 'close', host: this.#host });
    this.#end(CLOSE_CODES.goingAway);
  }

  #heard(message: SocketMessage): void {
    if (message.say === 'opened') return this.#opened(message.host);
    if (message.host !== this.#host) return;
    this.#pulse?.heard();
    if (message.say === 'ping') this.#channel.post({ say: 'pong', host: message.host });
    else if (message.say === 'end') this.#lost(message.code);
    else if (message.say === 'down') {
      this.#unanswered = undefined;
      this.#call(this.onmessage, { data: message.frame });
    }
  }

  /** Under a name that no host has heard: whoever takes it begins from the beginning. */
  #lookForHost(): void {
    this.#id = newTabId();
    this.#channel = new SocketChannel(this.#context.name, this.#id, (message) =>
      this.#heard(message),
    );
    this.#context.open(this.#id);
  }

  #opened(host: string): void {
    // Of two hosts the first to answer has it; the other will notice that nobody speaks there.
    if (this.#host !== undefined) return;
    this.#host = host;
    const { timing } = this.#context;
    this.#pulse = new Pulse({
      pingMs: timing.pingMs,
      missesMax: timing.missesMax,
      ping: () => this.#channel.post({ say: 'ping', host }),
      dead: () => {
        this.#lost(DIED);
        this.#context.suspect(host);
      },
    });
    const again = this.#unanswered ?? [];
    if (again.length === 0) return this.#call(this.onopen, {});
    for (const frame of again) this.#channel.post({ say: 'up', host, frame });
  }

  /** The host is gone. While nobody has answered anything, the next one will do as well. */
  #lost(code: number): void {
    if (this.#unanswered === undefined || !meansGone(code)) return this.#end(code);
    this.#pulse?.stop();
    clearTimeout(this.#farewell);
    // It may be alive after all, and had better not wait for this one.
    this.#channel.post({ say: 'close', host: this.#host! });
    this.#channel.close();
    this.#host = undefined;
    this.#farewell = undefined;
    this.#lookForHost();
  }

  #end(code: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pulse?.stop();
    clearTimeout(this.#farewell);
    this.#channel.close();
    // Later, as that of a WebSocket.
    queueMicrotask(() => {
      this.#call(this.onclose, { code });
      this.#context.ended(this, meansGone(code));
    });
  }

  #call(handler: ((event: never) => void) | null, event: object): void {
    handler?.(event as never);
  }
}

function meansGone(code: number): boolean {
  return code === CLOSE_CODES.goingAway || code === DIED;
}
