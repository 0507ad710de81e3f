/** Signaling through a server, in a page or in Node. The manual is in `signaling.ts`. */
import { Backoff } from './backoff.ts';
import { Connection, type JoinedMessage, type SignalingSocketConstructor } from './connection.ts';
import { Listeners } from './listeners.ts';
import { Outbox } from './outbox.ts';
import { encodeChecked, joinMessage } from './outgoing.ts';
import {
  encodeMessage,
  type ClientMessage,
  type IceServer,
  type MemberDescription,
  type ServerMessageOf,
} from './protocol.ts';
import { RelayWindow } from './relay-window.ts';
import { Roster, type RosterChange } from './roster.ts';
import {
  SignalingError,
  type JoinRequest,
  type SendOutcome,
  type Signaling,
  type SignalingEvents,
  type SignalingState,
  type Welcome,
} from './signaling.ts';
import { SIGNALING_TIMING, type SignalingTiming } from './timing.ts';

/** Bytes that may wait in the socket: more means that the server or the line cannot keep up. */
const SOCKET_BUFFER_BYTES_MAX = 1024 * 1024;

/** Refusals that another attempt would meet again: what was asked for must change first. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'bad-message',
  'unsupported-protocol',
  'node-taken',
  'member-taken',
  'superseded',
  'key-required',
  'bad-proof',
  'cannot-sign',
  'no-websocket',
]);

/** The browser's hints that a network or a sleeping page is back: no need to wait any longer. */
const WAKE_EVENTS = ['online', 'pageshow'] as const;

/** How a client finds and uses its server. */
export interface SignalingClientOptions {
  /** `ws://` or `wss://`; `signalingUrl` in `protocol.ts` makes it of a page's address. */
  readonly url: string;
  /** The constructor of WebSockets; by default the environment's own. */
  readonly webSocket?: SignalingSocketConstructor;
  readonly timing?: Partial<SignalingTiming>;
  /** Uniform in [0, 1); spreads the reconnections. */
  readonly random?: () => number;
  /** Where `online` and `pageshow` are dispatched; by default the page's window, if any. */
  readonly wakeEvents?: EventTarget;
}

interface PendingJoin {
  readonly resolve: (welcome: Welcome) => void;
  readonly reject: (error: SignalingError) => void;
}

/** A member of a room on a signaling server. */
export class SignalingClient implements Signaling {
  readonly #url: string;
  readonly #webSocket: SignalingSocketConstructor | undefined;
  readonly #timing: SignalingTiming;
  readonly #wakeEvents: EventTarget | undefined;
  readonly #backoff: Backoff;
  readonly #listeners = new Listeners<SignalingEvents>();
  readonly #roster = new Roster();
  readonly #outbox = new Outbox();
  readonly #relayWindow = new RelayWindow();
  readonly #wake = (): void => this.#reconnectNow();
  #state: SignalingState = 'idle';
  #you: MemberDescription | undefined;
  #iceServers: readonly IceServer[] = [];
  #request: JoinRequest | undefined;
  #pendingJoin: PendingJoin | undefined;
  #connection: Connection | undefined;
  /** The one before, while there is none that is welcome: the server may still keep this member's place for it. */
  #former: Connection | undefined;
  #joinedAtMs = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignalingClientOptions) {
    this.#url = options.url;
    this.#webSocket = options.webSocket ?? globalThis.WebSocket;
    this.#timing = { ...SIGNALING_TIMING, ...options.timing };
    this.#wakeEvents = options.wakeEvents ?? environmentEvents();
    this.#backoff = new Backoff({
      delayMsMin: this.#timing.reconnectDelayMsMin,
      delayMsMax: this.#timing.reconnectDelayMsMax,
      random: options.random ?? Math.random,
    });
  }

  get state(): SignalingState {
    return this.#state;
  }

  get you(): MemberDescription | undefined {
    return this.#you;
  }

  get members(): ReadonlyMap<string, MemberDescription> {
    return this.#roster.members;
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers;
  }

  join(request: JoinRequest): Promise<Welcome> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'idle') return reject(wrongState(this.#state));
      // Throws, and so rejects, for what no server would accept.
      encodeChecked(joinMessage(request));
      if (request.publicKey !== undefined && request.sign === undefined) {
        return reject(new SignalingError('bad-message', 'sign: is needed to prove the publicKey'));
      }
      this.#request = request;
      this.#pendingJoin = { resolve, reject };
      this.#setState('connecting');
      this.#connect();
    });
  }

  signal(to: string, payload: unknown): SendOutcome {
    return this.#send({ type: 'signal', to, payload }, to);
  }

  broadcast(payload: unknown): SendOutcome {
    return this.#send({ type: 'broadcast', payload }, undefined);
  }

  relay(to: string, data: string): SendOutcome {
    const frame = encodeChecked({ type: 'relay', to, data });
    if (this.#state !== 'joined' && this.#state !== 'reconnecting') return 'closed';
    const mustWait = this.#state === 'reconnecting' || this.#mustWait(to);
    if (mustWait || !this.#relayWindow.take(data.length)) {
      this.#relayWindow.await();
      return 'full';
    }
    this.#connection!.send(frame);
    return 'sent';
  }

  on<Name extends keyof SignalingEvents>(
    name: Name,
    listener: (event: SignalingEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#connection?.send(encodeMessage({ type: 'leave' }));
    this.#finish(undefined);
  }

  #connect(): void {
    const connection = new Connection({
      url: this.#url,
      webSocket: this.#webSocket,
      join: joinMessage(
        this.#you === undefined ? this.#request! : again(this.#request!, this.#you),
      ),
      sign: this.#request!.sign,
      timeoutMs: this.#timing.connectTimeoutMs,
      pulse: { pingMs: this.#timing.questionMs, missesMax: this.#timing.questionsMax },
      onMessage: (message) => this.#receive(message),
      onBadFrame: (problem) => this.#emitProblem('bad-message', `From the server: ${problem}`),
      onEnd: (error) => this.#disconnected(error),
    });
    this.#connection = connection;
  }

  #receive(message: JoinedMessage): void {
    if (message.type === 'welcome') return this.#welcomed(message);
    if (message.type === 'error') return this.#refused(message);
    if (this.#state !== 'joined') return;
    switch (message.type) {
      case 'joined':
        this.#report(this.#roster.joined(message.member));
        return this.#flush();
      case 'left':
        return this.#report(this.#roster.left(withoutType(message)));
      case 'signal':
        return this.#listeners.emit('signal', withoutType(message));
      case 'broadcast':
        return this.#listeners.emit('broadcast', withoutType(message));
      case 'relay':
        return this.#listeners.emit('relay', withoutType(message));
      case 'relayed':
        this.#relayWindow.give(message.bytes);
        return this.#announceRelayDrained();
    }
  }

  #welcomed(message: ServerMessageOf<'welcome'>): void {
    if (this.#state !== 'connecting' && this.#state !== 'reconnecting') return;
    const welcome = withoutType(message);
    const pending = this.#pendingJoin;
    this.#pendingJoin = undefined;
    this.#you = welcome.you;
    this.#iceServers = welcome.iceServers ?? [];
    this.#joinedAtMs = Date.now();
    this.#letGoFormer();
    this.#relayWindow.reset();
    if (pending !== undefined) {
      this.#roster.begin(welcome);
      for (const name of WAKE_EVENTS) this.#wakeEvents?.addEventListener(name, this.#wake);
      this.#setState('joined');
      return pending.resolve(welcome);
    }
    const changes = this.#roster.resume(welcome);
    if (this.#roster.someMissing) {
      this.#graceTimer = setTimeout(() => this.#giveUpMissing(), this.#timing.missingGraceMs);
    }
    this.#setState('joined');
    this.#report(changes);
    this.#flush();
  }

  #refused({ code, message, member }: ServerMessageOf<'error'>): void {
    const error = new SignalingError(code, message, member);
    // Before the welcome it is the answer to the join; `superseded` ends what was joined.
    if (this.#state === 'joined' && code !== 'superseded') {
      return this.#listeners.emit('problem', error);
    }
    this.#connection?.close();
    this.#disconnected(error);
  }

  #disconnected(error: SignalingError): void {
    this.#former ??= this.#connection;
    this.#connection = undefined;
    clearTimeout(this.#graceTimer);
    if (this.#pendingJoin !== undefined) {
      const { reject } = this.#pendingJoin;
      this.#pendingJoin = undefined;
      this.#setState('idle', error);
      return reject(error);
    }
    if (FINAL_CODES.has(error.code)) return this.#finish(error);
    const wasStable = Date.now() - this.#joinedAtMs >= this.#timing.stableAfterMs;
    if (this.#state === 'joined' && wasStable) this.#backoff.reset();
    const delayMs = this.#backoff.nextDelayMs();
    this.#retryTimer = setTimeout(() => this.#reconnectNow(), delayMs);
    if (this.#state !== 'reconnecting') this.#setState('reconnecting', error);
  }

  #reconnectNow(): void {
    if (this.#state !== 'reconnecting' || this.#connection !== undefined) return;
    clearTimeout(this.#retryTimer);
    this.#connect();
  }

  #giveUpMissing(): void {
    // First the frames that wait for the lost: nobody will take them.
    this.#outbox.take(({ to }) => to !== undefined && this.#roster.isMissing(to));
    this.#report(this.#roster.giveUpMissing());
    this.#announceRelayDrained();
  }

  #send(message: ClientMessage, to: string | undefined): SendOutcome {
    const frame = encodeChecked(message);
    if (this.#state !== 'joined' && this.#state !== 'reconnecting') return 'closed';
    const mustWait = this.#state === 'reconnecting' || this.#mustWait(to);
    if (mustWait) return this.#outbox.push({ to, frame }) ? 'queued' : 'full';
    const connection = this.#connection!;
    if (connection.bufferedAmount + frame.length > SOCKET_BUFFER_BYTES_MAX) return 'full';
    connection.send(frame);
    return 'sent';
  }

  /** A restarted server does not know this receiver yet, and would answer `unknown-member`. */
  #mustWait(to: string | undefined): boolean {
    return to !== undefined && this.#roster.isMissing(to);
  }

  #flush(): void {
    // A listener may have closed this client in the meantime.
    if (this.#state !== 'joined') return;
    for (const { frame } of this.#outbox.take(({ to }) => !this.#mustWait(to))) {
      this.#connection?.send(frame);
    }
    this.#announceRelayDrained();
  }

  #announceRelayDrained(): void {
    if (this.#state !== 'joined' || !this.#relayWindow.hasDrained()) return;
    this.#listeners.emit('relayDrained', {});
  }

  #report(changes: readonly RosterChange[]): void {
    for (const change of changes) this.#listeners.emit(change.name, change.event);
  }

  #emitProblem(code: SignalingError['code'], message: string): void {
    this.#listeners.emit('problem', new SignalingError(code, message));
  }

  #finish(error: SignalingError | undefined): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#graceTimer);
    for (const name of WAKE_EVENTS) this.#wakeEvents?.removeEventListener(name, this.#wake);
    this.#connection?.close();
    this.#connection = undefined;
    this.#letGoFormer();
    this.#roster.clear();
    this.#outbox.clear();
    const pending = this.#pendingJoin;
    this.#pendingJoin = undefined;
    this.#setState('closed', error);
    pending?.reject(new SignalingError('closed', 'Signaling was closed before it had joined.'));
  }

  #letGoFormer(): void {
    this.#former?.close();
    this.#former = undefined;
  }

  #setState(state: SignalingState, error?: SignalingError): void {
    this.#state = state;
    this.#listeners.emit('state', error === undefined ? { state } : { state, error });
  }
}

/**
 * What one who was in the room asks for. A server that was restarted has forgotten the order (see
 * `formerOrder` in the protocol), and the room, which must not be missed because of that.
 */
function again({ create: _create, ...request }: JoinRequest, you: MemberDescription): JoinRequest {
  return { ...request, formerOrder: you.order };
}

function withoutType<Message extends { readonly type: string }>({
  type: _type,
  ...rest
}: Message): Omit<Message, 'type'> {
  return rest;
}

function wrongState(state: SignalingState): SignalingError {
  const what = state === 'closed' ? 'is closed; make a new one' : 'has joined or is joining';
  return new SignalingError('wrong-state', `This signaling ${what}. (Its state is "${state}".)`);
}

function environmentEvents(): EventTarget | undefined {
  return typeof globalThis.addEventListener === 'function' ? globalThis : undefined;
}
