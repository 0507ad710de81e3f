/**
 * One WebSocket of a signaling client, from its opening to its end. It hides the socket's ways of
 * failing: whatever happens, `onEnd` is called once, with an error that a person understands, and
 * nothing is called after it or after `close`.
 */
import { toHex } from '../hex.ts';
import { proofContent } from './proof.ts';
import {
  CLOSE_CODES,
  encodeMessage,
  parseServerMessage,
  type JoinMessage,
  type ServerMessage,
} from './protocol.ts';
import { Pulse, type PulseOptions } from './pulse.ts';
import { SignalingError, type JoinRequest } from './signaling.ts';

/** What is used of a WebSocket. Browsers' own, Node's and that of `ws` all have it. */
export interface SignalingSocket {
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(frame: string): void;
  close(code?: number): void;
}

/** The constructor of a WebSocket. */
export type SignalingSocketConstructor = new (url: string) => SignalingSocket;

/** What a server says beyond what the connection itself deals with. */
export type JoinedMessage = Exclude<ServerMessage, { readonly type: 'challenge' | 'pong' }>;

/** What a connection needs. */
export interface ConnectionOptions {
  readonly url: string;
  readonly webSocket: SignalingSocketConstructor | undefined;
  /** Sent as soon as the socket is open. */
  readonly join: JoinMessage;
  /** Proves the key that the join shows. */
  readonly sign: JoinRequest['sign'];
  /** For opening and for the answer to the join, together. */
  readonly timeoutMs: number;
  /** After the welcome: see {@link Pulse}. */
  readonly pulse: Pick<PulseOptions, 'pingMs' | 'missesMax'>;
  readonly onMessage: (message: JoinedMessage) => void;
  /** A frame that no server of ours sends; it was dropped. */
  readonly onBadFrame: (problem: string) => void;
  readonly onEnd: (error: SignalingError) => void;
}

/** Opens at once, joins, proves its key if asked, and hands over what the server says. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #socket: SignalingSocket | undefined;
  #pulse: Pulse | undefined;
  #opened = false;
  #challenged = false;
  #ended = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#end(this.#unanswered()), options.timeoutMs);
    // Later, so that an owner never hears of the end before it holds the connection.
    queueMicrotask(() => this.#open());
  }

  /** Bytes that wait to be sent. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Sends a frame. Before the socket is open, or after the end, it goes nowhere. */
  send(frame: string): void {
    if (this.#opened && !this.#ended) this.#socket?.send(frame);
  }

  /** Closes the socket after what was sent. Nothing is called back any more. */
  close(): void {
    this.#stop();
    // Handlers stay: `ws` throws when an error has no listener, and these do nothing after the end.
    this.#socket?.close(CLOSE_CODES.done);
  }

  #open(): void {
    if (this.#ended) return;
    const { url, webSocket } = this.#options;
    if (webSocket === undefined) return this.#end(noWebSocket());
    let socket: SignalingSocket;
    try {
      socket = new webSocket(url);
    } catch (error) {
      // A malformed address, or ws:// from an https page.
      return this.#end(unreachable(url, error instanceof Error ? ` (${error.message})` : ''));
    }
    this.#socket = socket;
    socket.onopen = () => {
      this.#opened = true;
      this.send(encodeMessage(this.#options.join));
    };
    socket.onmessage = (event: { readonly data: unknown }) => this.#read(event.data);
    // The close event that follows every error says the same, and comes without errors too.
    socket.onerror = () => {};
    socket.onclose = (event: { readonly code?: number }) => this.#end(this.#closed(event.code));
  }

  #read(data: unknown): void {
    if (this.#ended) return;
    const parsed = typeof data === 'string' ? parseServerMessage(data) : undefined;
    if (parsed?.ok === true) {
      const { message } = parsed;
      this.#pulse?.heard();
      if (message.type === 'pong') return;
      if (message.type === 'challenge') return this.#challengedWith(message.nonce);
      if (message.type === 'welcome') this.#welcomed();
      return this.#options.onMessage(message);
    }
    this.#options.onBadFrame(parsed?.problem ?? 'The frame is not text.');
  }

  /** From here on the server has to show that it is there: a socket says nothing when its network is gone. */
  #welcomed(): void {
    clearTimeout(this.#timer);
    this.#pulse ??= new Pulse({
      ...this.#options.pulse,
      ping: () => this.send(encodeMessage({ type: 'ping' })),
      dead: () => this.#fallSilent(),
    });
  }

  #challengedWith(nonce: string): void {
    const { join, sign, onBadFrame } = this.#options;
    // One signature a connection, and none for who showed no key: nobody is to sign on demand.
    if (this.#challenged || sign === undefined || join.publicKey === undefined) {
      return onBadFrame('It asks for a proof where nothing is to be proven.');
    }
    this.#challenged = true;
    // As a promise from its first step, so that a `sign` that throws is a rejection as well.
    new Promise<Uint8Array>((resolve) => resolve(sign(proofContent(nonce, join)))).then(
      (signature) => this.send(encodeMessage({ type: 'prove', signature: toHex(signature) })),
      (error: unknown) => this.#end(cannotSign(error)),
    );
  }

  #end(error: SignalingError): void {
    if (this.#ended) return;
    this.close();
    this.#options.onEnd(error);
  }

  /**
   * The socket stays as it is until its owner closes it: were it closed now, and the network back in a moment, the server would read that,
   * and tell everybody that the tab is gone, before the tab itself is back.
   */
  #fallSilent(): void {
    if (this.#ended) return;
    this.#stop();
    this.#options.onEnd(this.#silent());
  }

  #stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#pulse?.stop();
  }

  #unanswered(): SignalingError {
    const { url, timeoutMs } = this.#options;
    return unreachable(url, ` (no answer within ${timeoutMs} ms)`);
  }

  #silent(): SignalingError {
    const message = `The signaling server at ${this.#options.url} no longer answers. Check the network.`;
    return new SignalingError('disconnected', message);
  }

  #closed(code: number | undefined): SignalingError {
    if (!this.#opened) return unreachable(this.#options.url, '');
    if (code === CLOSE_CODES.superseded) {
      return new SignalingError('superseded', 'This tab was opened elsewhere and continues there.');
    }
    const message = `The signaling server at ${this.#options.url} closed the connection (${code}).`;
    return new SignalingError('disconnected', message);
  }
}

function unreachable(url: string, detail: string): SignalingError {
  return new SignalingError(
    'unreachable',
    `No signaling server can be reached at ${url}${detail}. Start one with "npm run signal", or ` +
      'check the address and the network.',
  );
}

function cannotSign(error: unknown): SignalingError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SignalingError('cannot-sign', `The key of this member could not sign: ${reason}`);
}

function noWebSocket(): SignalingError {
  return new SignalingError(
    'no-websocket',
    'There is no WebSocket here (Node has one from version 22 on). Pass the one of the package ' +
      '"ws" as the option "webSocket".',
  );
}
