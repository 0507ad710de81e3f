/**
 * One client's socket. Everything it sends is counted, paid for and verified before the switchboard
 * sees it; everything it is sent is bounded. Nothing it does may throw out of here.
 */
import type { RawData, WebSocket } from 'ws';
import {
  CLOSE_CODES,
  parseClientMessage,
  type CloseCode,
  type ServerMessage,
} from '../src/net/signaling/protocol.ts';
import type { Line, Outlet, Switchboard } from '../src/net/signaling/switchboard.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import type { ServerLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { TokenBucket } from './token-bucket.ts';

/** What all connections of a server share. */
export interface ConnectionContext {
  readonly switchboard: Switchboard;
  readonly limits: ServerLimits;
  readonly metrics: Metrics;
  readonly encoder: FrameEncoder;
  readonly log: Log;
}

/** The close code `ws` reports when a socket died without a close frame. */
const NO_CLOSE_FRAME = 1006;

/** A client, from its handshake to the end of its socket. */
export class ClientConnection implements Outlet {
  readonly #socket: WebSocket;
  readonly #context: ConnectionContext;
  readonly #line: Line;
  readonly #bucket: TokenBucket;
  readonly #joinTimer: NodeJS.Timeout;
  #closeTimer: NodeJS.Timeout | undefined;
  #strikes = 0;
  #alive = true;
  #ended = false;

  /** `onClosed` is called once, when nothing of the socket is left. */
  constructor(socket: WebSocket, context: ConnectionContext, onClosed: () => void) {
    const { limits, switchboard } = context;
    this.#socket = socket;
    this.#context = context;
    this.#line = switchboard.connect(this);
    this.#bucket = new TokenBucket(limits.rateTokens, limits.rateTokensPerSecond, () =>
      performance.now(),
    );
    this.#joinTimer = setTimeout(() => this.#requireJoined(), limits.joinDeadlineMs);
    socket.on('message', (data, isBinary) => this.#read(data, isBinary));
    socket.on('ping', () => void this.#pay(1));
    socket.on('pong', () => {
      this.#alive = true;
      this.#pay(1);
    });
    socket.on('error', () => {
      // An oversized frame or broken text: `ws` has sent the fitting close code by itself, and
      // would wait half a minute for the answer.
      context.metrics.count('frames_malformed');
      this.#close(CLOSE_CODES.policy);
    });
    socket.on('close', (code) => {
      clearTimeout(this.#joinTimer);
      clearTimeout(this.#closeTimer);
      this.#line.close(code === NO_CLOSE_FRAME ? 'lost' : 'closed');
      onClosed();
    });
  }

  /** Sends a message, unless the client has stopped reading: then it is cut off. */
  deliver(message: ServerMessage): void {
    const { limits, metrics, encoder } = this.#context;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const frame = encoder.encode(message);
    if (this.#socket.bufferedAmount + frame.length > limits.sendQueueBytes) {
      metrics.count('clients_slow');
      // A close frame would wait behind the queue. The close event comes in a later turn.
      this.#ended = true;
      return this.#socket.terminate();
    }
    metrics.count('frames_sent');
    this.#socket.send(frame);
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

  #read(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    this.#context.metrics.count('frames_received');
    try {
      this.#handle(data, isBinary);
    } catch (error) {
      // A defect of ours. It costs this client its connection and nobody else anything.
      this.#context.log({ level: 'error', event: 'frame-failed', error: String(error) });
      this.#close(CLOSE_CODES.internal);
    }
  }

  #handle(data: RawData, isBinary: boolean): void {
    const bytes = (data as Buffer).byteLength;
    if (!this.#pay(Math.max(1, Math.ceil(bytes / 1024)))) return;
    if (isBinary) return this.#refuse('bad-message', 'Frames must be text.');
    const parsed = parseClientMessage((data as Buffer).toString('utf8'));
    if (!parsed.ok) return this.#refuse(parsed.code, parsed.problem);
    // A broadcast becomes as many frames as there are others, and is paid for as such.
    if (parsed.message.type === 'broadcast' && !this.#pay(this.#line.audience)) return;
    this.#line.receive(parsed.message);
  }

  #pay(tokens: number): boolean {
    if (this.#ended) return false;
    if (this.#bucket.take(tokens)) return true;
    this.#context.metrics.count('frames_rate_limited');
    const { rateTokensPerSecond } = this.#context.limits;
    const message =
      `Too much at once: a frame was dropped. Send at most ${rateTokensPerSecond} frames or ` +
      'kibibytes per second; a broadcast counts once for each receiver.';
    this.deliver({ type: 'error', code: 'rate-limited', message });
    this.#strike();
    return false;
  }

  #refuse(code: 'bad-message' | 'unsupported-protocol', message: string): void {
    this.#context.metrics.count('frames_malformed');
    this.deliver({ type: 'error', code, message });
    this.#strike();
  }

  #strike(): void {
    this.#strikes++;
    if (this.#strikes < this.#context.limits.strikes || this.#ended) return;
    this.#context.metrics.count('clients_struck_out');
    this.#context.log({ level: 'warn', event: 'client-struck-out', strikes: this.#strikes });
    this.#close(CLOSE_CODES.policy);
  }

  #requireJoined(): void {
    if (!this.#line.joined) this.end(CLOSE_CODES.tryAgainLater);
  }

  /** Ends it from here, where the others can be told before the socket is through. */
  #close(code: CloseCode): void {
    this.end(code);
    this.#line.close('closed');
  }
}
