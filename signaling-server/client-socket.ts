/**
 * One client's WebSocket with the bounds that keep it from hurting the server: everything it sends
 * is counted and paid for, everything it is sent is bounded, and a client that is silent, slow or
 * wrong too often is cut off. What its frames mean is its owner's business; nothing may throw out
 * of here.
 */
import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES, type CloseCode } from '../src/net/signaling/protocol.ts';
import type { ServerLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { TokenBucket } from './token-bucket.ts';

/** What the sockets of a server share. */
export interface SocketContext {
  readonly limits: ServerLimits;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Speaks the language of the client on the other side. */
export interface SocketOwner {
  /** Takes a text frame. It has a price to `pay` before anything is done for it. */
  read(frame: string, price: number): void;
  /** Tells the client, if its language has words for it, that a frame was dropped. */
  complain(code: 'rate-limited' | 'bad-message', message: string): void;
  /** Called once, as soon as the server is through with the client or the socket ended. */
  gone(reason: 'closed' | 'lost'): void;
}

/** The close code `ws` reports when a socket died without a close frame. */
const NO_CLOSE_FRAME = 1006;

/** A client's socket, from its handshake to its end. */
export class ClientSocket {
  readonly #socket: WebSocket;
  readonly #context: SocketContext;
  readonly #owner: SocketOwner;
  readonly #bucket: TokenBucket;
  #closeTimer: NodeJS.Timeout | undefined;
  #strikes = 0;
  #alive = true;
  #ended = false;
  #gone = false;

  /** `onClosed` is called once, when nothing of the socket is left. */
  constructor(socket: WebSocket, context: SocketContext, owner: SocketOwner, onClosed: () => void) {
    const { limits, metrics } = context;
    this.#socket = socket;
    this.#context = context;
    this.#owner = owner;
    this.#bucket = new TokenBucket(limits.rateTokens, limits.rateTokensPerSecond, () =>
      performance.now(),
    );
    socket.on('message', (data, isBinary) => this.#read(data, isBinary));
    socket.on('ping', () => void this.pay(1));
    socket.on('pong', () => {
      this.#alive = true;
      this.pay(1);
    });
    socket.on('error', () => {
      // An oversized frame or broken text: `ws` has sent the fitting close code by itself, and
      // would wait half a minute for the answer.
      metrics.count('frames_malformed');
      this.#cutOff(CLOSE_CODES.policy);
    });
    socket.on('close', (code) => {
      clearTimeout(this.#closeTimer);
      this.#ended = true;
      this.#leave(code === NO_CLOSE_FRAME ? 'lost' : 'closed');
      onClosed();
    });
  }

  /** Sends a frame. False when it goes nowhere: a client that has stopped reading is cut off. */
  send(frame: string): boolean {
    const { limits, metrics } = this.#context;
    if (this.#ended || this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount + frame.length > limits.sendQueueBytes) {
      metrics.count('clients_slow');
      // A close frame would wait behind the queue. The close event comes in a later turn.
      this.#ended = true;
      this.#socket.terminate();
      return false;
    }
    metrics.count('frames_sent');
    this.#socket.send(frame);
    return true;
  }

  /** Closes the socket after what was sent. A client that does not answer is cut off soon. */
  end(code: CloseCode): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close(code);
    this.#closeTimer = setTimeout(
      () => this.#socket.terminate(),
      this.#context.limits.closeGraceMs,
    );
  }

  /** Asks for a sign of life, and cuts off a client that gave none since it was last asked. */
  checkAlive(): void {
    if (this.#alive) {
      this.#alive = false;
      return this.#socket.ping();
    }
    this.#context.metrics.count('clients_dead');
    this.#socket.terminate();
  }

  /** Takes so many tokens of the client's rate; false when that drops what they were for. */
  pay(tokens: number): boolean {
    if (this.#ended) return false;
    if (this.#bucket.take(tokens)) return true;
    const { rateTokensPerSecond } = this.#context.limits;
    this.#owner.complain(
      'rate-limited',
      `Too much at once: a frame was dropped. Send at most ${rateTokensPerSecond} frames or ` +
        'kibibytes per second; a broadcast counts once for each receiver.',
    );
    this.countTooFast();
    return false;
  }

  /** Bytes that wait to be sent. */
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  /** Counts a frame that was dropped because its sender is too fast; several end the connection. */
  countTooFast(): void {
    this.#context.metrics.count('frames_rate_limited');
    this.#strike();
  }

  /** Counts a frame that was dropped because it is wrong; several end the connection. */
  countMalformed(): void {
    this.#context.metrics.count('frames_malformed');
    this.#strike();
  }

  #read(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    this.#context.metrics.count('frames_received');
    // What is still on its way from who was ended costs nothing more.
    if (this.#ended) return;
    try {
      const bytes = (data as Buffer).byteLength;
      const price = Math.max(1, Math.ceil(bytes / 1024));
      if (!isBinary) return this.#owner.read((data as Buffer).toString('utf8'), price);
      if (!this.pay(price)) return;
      this.#owner.complain('bad-message', 'Frames must be text.');
      this.countMalformed();
    } catch (error) {
      // A defect of ours. It costs this client its connection and nobody else anything.
      this.#context.log({ level: 'error', event: 'frame-failed', error: String(error) });
      this.#cutOff(CLOSE_CODES.internal);
    }
  }

  #strike(): void {
    this.#strikes++;
    if (this.#strikes < this.#context.limits.strikes || this.#ended) return;
    this.#context.metrics.count('clients_struck_out');
    this.#context.log({ level: 'warn', event: 'client-struck-out', strikes: this.#strikes });
    this.#cutOff(CLOSE_CODES.policy);
  }

  /** Ends it from here, where the others can be told before the socket is through. */
  #cutOff(code: CloseCode): void {
    this.end(code);
    this.#leave('closed');
  }

  #leave(reason: 'closed' | 'lost'): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#owner.gone(reason);
  }
}
