/**
 * A node of a run: the tree of algorithms, their messages, and the node's life from joining to its end.
 *
 * It knows no simulator and no network: its {@link NodeHost} gives it time, a way to send, storage and signatures, and
 * hands it every event in a turn of its own.
 */

import { Aborted, MessageTooLarge, messageOf, RemoteError, type RemoteErrorCode } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { CallOptions } from '../core/message.ts';
import type { Clock, Logger, LogLevel, Signer, Store } from '../core/ports.ts';
import { Random } from '../core/random.ts';
import type { NodeResult } from '../core/result.ts';
import { check, explain } from '../core/schema.ts';
import { isSigned, type AnySigned, type Statement } from '../core/signed.ts';
import { hasEnded, hasReached, type NodeStatus, type Standing } from '../core/status.ts';
import type { DropReason, TraceEvent, TraceSink } from '../core/trace.ts';
import { toValue, type Value, type ValueMap } from '../core/value.ts';
import { formatNamed, type Format } from '../net/format.ts';
import { MESSAGE_BYTES_MAX } from '../net/limits.ts';
import { Endpoint, type EndpointHost, type Entry } from './endpoint.ts';
import type { AlgorithmEnvelope, Envelope } from './envelope.ts';
import { Lifecycle, STANDING_ERROR_LENGTH_MAX } from './lifecycle.ts';
import { PendingCalls } from './pending-calls.ts';
import type { PlannedNode, RunPlan } from './plan.ts';
import { Signatures } from './signatures.ts';
import { StateWatch } from './state-watch.ts';
import type { Turn } from './turn.ts';

/** What surrounds a node: the simulator, or a worker with links to other nodes. */
export interface NodeHost {
  /** Its callbacks run in turns of their own. */
  readonly clock: Clock;
  readonly turn: Turn;
  readonly signer: Signer;
  /** Takes the node's events; undefined when nobody looks. */
  readonly trace: TraceSink | undefined;
  /** Shared by nodes that share their objects, so that a statement is verified once. */
  readonly verified?: WeakSet<Statement>;
  store(path: string): Store;
  log(level: LogLevel, path: string, text: string): void;
  /** Returns a promise when the message was not yet accepted; it is settled in a turn. */
  send(to: NodeId, envelope: Envelope): Promise<void> | undefined;
  /** Runs `event` in a turn of its own, after those that wait. */
  post(event: () => void): void;
  /** Somebody's standing changed, as far as this node knows. */
  standingChanged?(id: NodeId, standing: Standing): void;
}

/** How a node comes into a run. */
export interface NodeEntry {
  /** Grows with every reload of its tab. */
  readonly incarnation: number;
  /** It took part in this run before its tab was reloaded. */
  readonly restarted: boolean;
  /** With whom lifecycle messages are exchanged (see `lifecycleOverlay`). */
  readonly overlay: readonly NodeId[];
}

/** Messages that may arrive before a node has started; more are dropped, and counted. */
export const EARLY_MESSAGES_MAX = 10_000;

const NOTHING_SIGNED: readonly AnySigned[] = [];

/** A running node. */
export class NodeRunner implements EndpointHost {
  readonly id: NodeId;
  readonly nodes: ReadonlySet<NodeId>;
  readonly #plan: RunPlan;
  readonly #node: PlannedNode;
  readonly #host: NodeHost;
  readonly #format: Format;
  readonly #restarted: boolean;
  readonly #lifecycle: Lifecycle;
  readonly #calls: PendingCalls;
  readonly #signatures: Signatures;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  /** Fulfilled at once; looking at it marks the turn. One object for all casts: they are many. */
  readonly #accepted: Promise<void>;
  #root: Endpoint | undefined;
  #watch: StateWatch | undefined;
  #early: (() => void)[] | undefined = [];
  #status: NodeStatus = 'joining';
  #error: string | undefined;
  #isExiting = false;
  #sequence = 0;
  #numbers = 0;
  #messagesSent = 0;
  #endedAtMs: number | undefined;

  /** @throws whatever the algorithm's constructor throws is turned into the node's failure at {@link start} */
  constructor(plan: RunPlan, id: NodeId, entry: NodeEntry, host: NodeHost) {
    this.#plan = plan;
    this.id = id;
    this.#node = plan.nodes.find((node) => node.id === id)!;
    this.#host = host;
    this.#format = formatNamed(plan.format);
    this.#restarted = entry.restarted;
    const all = plan.nodes.map((node) => node.id);
    this.nodes = new Set(all);
    this.#calls = new PendingCalls(host.clock, host.turn);
    this.#signatures = new Signatures(plan.runId, id, host.signer, host.verified);
    this.#accepted = acceptedPromise(host.turn);
    this.#lifecycle = new Lifecycle(id, entry.incarnation, all, entry.overlay, {
      send: (to, message) => void host.send(to, { kind: 'lifecycle', message }),
      after: (delayMs, callback) => host.clock.after(delayMs, callback),
      changed: (other, standing) => this.#standingChanged(other, standing),
    });
  }

  get status(): NodeStatus {
    return this.#status;
  }

  /** True when nobody has to hear from this node any more. */
  get isQuiet(): boolean {
    return hasEnded(this.#status) && this.#lifecycle.isQuiet;
  }

  /** The nodes that this one waits for: at the start those that are not ready, later those that have not finished. */
  get waitingFor(): readonly NodeId[] {
    if (hasEnded(this.#status)) return [];
    return this.#lifecycle.missing(hasReached(this.#own(), 'running') ? 'finished' : 'ready');
  }

  /** Builds the algorithms and joins the start barrier. */
  start(): void {
    const { algorithm } = this.#plan;
    this.#announce('joining');
    try {
      const { name } = algorithm.definition;
      this.#root = new Endpoint(algorithm, this.#node, this.#node.settings, name, '', this);
    } catch (error) {
      this.#fail('its construction', error);
      return;
    }
    for (const endpoint of this.#root.tree()) this.#endpoints.set(endpoint.path, endpoint);
    this.#watch = new StateWatch([...this.#endpoints.values()]);
    this.#announce('ready');
  }

  /** Takes a message. `body` is the receiver's own copy of the envelope's. */
  receive(from: NodeId, envelope: AlgorithmEnvelope, body: Value, signed: readonly AnySigned[]): void {
    if (hasEnded(this.#status)) return;
    const { path, kind } = envelope;
    if (signed.length > 0) {
      const verdict = this.#signatures.verify(signed, path);
      if (verdict !== true) {
        // Only a live host has signatures that take time, and it has verified them before it hands the message over.
        if (verdict === false) this.drop(from, envelope, 'signature', 'a signature in it is wrong');
        return;
      }
    }
    if (this.#early !== undefined) {
      if (this.#early.length >= EARLY_MESSAGES_MAX) {
        this.drop(from, envelope, 'overflow', 'it came before the start, and the buffer is full');
        return;
      }
      this.#early.push(() => this.receive(from, envelope, body, NOTHING_SIGNED));
      return;
    }
    if (kind === 'reply' || kind === 'error') this.#takeAnswer(from, envelope, body);
    else this.#takeMessage(from, envelope, body);
  }

  /** Takes a message of the barriers. */
  receiveLifecycle(from: NodeId, message: Parameters<Lifecycle['receive']>[1]): void {
    this.#lifecycle.receive(from, message);
  }

  /** Whether every signed value of a message was made by its signer. For hosts whose signatures take time. */
  verify(signed: readonly AnySigned[], path: string): boolean | Promise<boolean> {
    return this.#signatures.verify(signed, path);
  }

  /** Counts, logs and traces a message that no handler will see. */
  drop(
    from: NodeId,
    { number, path, type }: Pick<AlgorithmEnvelope, 'number' | 'path' | 'type'>,
    reason: DropReason,
    detail: string,
  ): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
    this.#host.log('warn', path, `dropped '${type}' from ${from}: ${detail}`);
    if (this.#host.trace === undefined) return;
    const message = `${from}#${number}`;
    this.#trace({ kind: 'drop', from, message, path, type, reason, detail });
  }

  /** The runtime saw that another node is gone. */
  peerGone(id: NodeId, why: string): void {
    this.#lifecycle.depart(id, why);
  }

  /** Ends the node from outside: `stopped`, or `timeout` with what it was waiting for. */
  stop(status: 'stopped' | 'timeout', why?: string): void {
    if (hasEnded(this.#status) || this.#isExiting) return;
    const waiting = this.waitingFor.filter((id) => id !== this.id);
    if (status === 'timeout') this.#error = this.#describeTimeout(waiting);
    else if (why !== undefined) this.#error = why;
    this.#exit(status);
  }

  /** Fails the node for a promise of its algorithm that was rejected and that nobody handles. */
  failUnhandled(error: unknown): void {
    this.#fail('a promise that nobody awaits', error);
  }

  /** Ends a turn: what became visible is traced and given to `observe`. */
  endTurn(observe?: (path: string, state: ValueMap) => void): void {
    if (this.#host.trace === undefined && observe === undefined) return;
    try {
      this.#watch?.look((path, state) => {
        observe?.(path, state);
        this.#trace({ kind: 'state', path, state });
      });
    } catch (error) {
      this.#fail('state()', error);
    }
  }

  /** Stops talking; the node's result stays. */
  close(): void {
    this.#lifecycle.close();
  }

  /** What the node came to, so far. */
  result(): NodeResult {
    const endpoints = [...this.#endpoints.values()];
    let report: ValueMap = {};
    try {
      if (this.#root !== undefined) report = toValue(this.#root.instance.report()) as ValueMap;
    } catch (error) {
      this.#error ??= `report(): ${messageOf(error)}`;
      this.#status = 'failed';
    }
    return {
      status: this.#status,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      report,
      messages_received: Object.fromEntries(
        endpoints.map((endpoint) => [endpoint.path, endpoint.messagesReceived]),
      ),
      bytes_received: endpoints.reduce((sum, endpoint) => sum + endpoint.bytesReceived, 0),
      messages_sent: this.#messagesSent,
      dropped: { ...this.#dropped },
      elapsed_ms: this.#endedAtMs ?? this.#host.clock.now(),
    };
  }

  // What algorithms call, through their endpoints.

  services(path: string): ReturnType<EndpointHost['services']> {
    const { clock } = this.#host;
    const log = (level: LogLevel) => (text: string) => this.#log(level, path, text);
    const logger: Logger = {
      trace: log('trace'),
      debug: log('debug'),
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
    };
    return {
      clock: {
        now: () => clock.now(),
        after: (delayMs, callback) =>
          clock.after(delayMs, () => {
            if (hasEnded(this.#status)) return;
            this.#trace({ kind: 'timer', path, name: '' });
            this.#run(`a timer of ${path}`, callback);
          }),
      },
      log: logger,
      random: Random.stream(this.#plan.seed, `node/${this.id}/${path}`),
      store: this.#host.store(path),
      restarted: this.#restarted,
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
    };
  }

  send(endpoint: Endpoint, to: NodeId, type: string, message: unknown, options: CallOptions | undefined): Promise<unknown> {
    const { kind } = endpoint.entries.get(type)!.declared;
    const envelope = this.#envelop(kind, endpoint.path, type, message ?? {}, 0);
    const accepted = this.#post(to, envelope);
    if (kind === 'cast') return accepted ?? this.#accepted;
    return this.#calls.open(envelope.number, to, endpoint.path, type, options);
  }

  broadcast(endpoint: Endpoint, type: string, message: unknown): Promise<unknown> {
    const envelope = this.#envelop('cast', endpoint.path, type, message ?? {}, 0);
    const waiting: Promise<void>[] = [];
    for (const to of endpoint.instance.peers.keys()) {
      const accepted = this.#post(to, envelope);
      if (accepted !== undefined) waiting.push(accepted);
    }
    return waiting.length === 0 ? this.#accepted : Promise.all(waiting).then(() => {});
  }

  output(endpoint: Endpoint, type: string, message: unknown): void {
    this.#trace({ kind: 'output', path: endpoint.path, type, value: toValue(message) });
  }

  guard(what: string, code: () => unknown): unknown {
    try {
      const result = code();
      if (isPromise(result)) {
        this.#host.turn.awaits();
        result.then(undefined, (error: unknown) => this.#failUnlessRefusal(what, error));
      }
      return result;
    } catch (error) {
      this.#failUnlessRefusal(what, error);
      throw error;
    }
  }

  terminate(endpoint: Endpoint): void {
    // The top layer decides when a node has done its part; a layer below has only done its own.
    if (endpoint.isRoot && this.#status === 'running') this.#announce('finished');
  }

  // Messages.

  #envelop(kind: AlgorithmEnvelope['kind'], path: string, type: string, content: unknown, answers: number): AlgorithmEnvelope {
    let signed: AnySigned[] | undefined;
    const body = toValue(content, (value) => (signed ??= []).push(value));
    const signing = signed === undefined ? undefined : this.#signatures.sign(signed);
    const bytes = this.#format.size(body);
    if (bytes > MESSAGE_BYTES_MAX) throw new MessageTooLarge(type, bytes, MESSAGE_BYTES_MAX);
    const number = ++this.#numbers;
    return { kind, number, answers, path, type, body, bytes, signing, signed: signed ?? NOTHING_SIGNED };
  }

  #post(to: NodeId, envelope: AlgorithmEnvelope): Promise<void> | undefined {
    if (hasEnded(this.#status)) return undefined;
    this.#messagesSent++;
    if (this.#host.trace !== undefined) {
      const { path, type, bytes, body, kind } = envelope;
      const message = `${this.id}#${envelope.number}`;
      this.#trace({ kind: 'send', to, message, path, type, role: kind, bytes, body });
    }
    return this.#host.send(to, envelope);
  }

  #takeMessage(from: NodeId, envelope: AlgorithmEnvelope, body: Value): void {
    const { path, type, kind } = envelope;
    const endpoint = this.#endpoints.get(path);
    const entry = endpoint?.entries.get(type);
    if (endpoint === undefined || entry === undefined || entry.declared.kind !== kind) {
      this.drop(from, envelope, 'undeclared', `there is no ${kind} '${type}' at ${path}`);
      if (kind === 'request') this.#answerError(from, envelope, 'unknown', `no request '${type}'`);
      return;
    }
    const result = check(entry.declared.schema, body);
    if (result.issues !== undefined) {
      const problem = explain(result.issues);
      this.drop(from, envelope, 'schema', problem);
      if (kind === 'request') this.#answerError(from, envelope, 'invalid', problem);
      return;
    }
    if (entry.declared.signed && (!isSigned(body) || body.signer !== from)) {
      this.drop(from, envelope, 'signature', `it is signed by another than its sender`);
      return;
    }
    this.#count(endpoint, from, envelope);
    if (kind === 'cast') this.#handle(entry, from, envelope, result.value);
    else this.#serve(entry, from, envelope, result.value);
  }

  /** Runs the handler of a cast. The commonest path of all: no closure is made unless something goes wrong. */
  #handle(entry: Entry, from: NodeId, envelope: AlgorithmEnvelope, message: unknown): void {
    try {
      const result = entry.handler(from, message);
      if (!isPromise(result)) return;
      this.#host.turn.awaits();
      result.then(undefined, (error: unknown) => this.#fail(handling(envelope, from), error));
    } catch (error) {
      this.#fail(handling(envelope, from), error);
    }
  }

  /** Runs the handler of a request and answers with what it returns or throws. */
  #serve(entry: Entry, from: NodeId, envelope: AlgorithmEnvelope, message: unknown): void {
    const { path, type, number } = envelope;
    const answer = (reply: unknown) => {
      try {
        this.#post(from, this.#envelop('reply', path, type, reply === undefined ? null : reply, number));
      } catch (error) {
        refuse(error);
      }
    };
    const refuse = (error: unknown) => {
      const isRefusal = error instanceof Error && error.name === 'Refusal';
      this.#answerError(from, envelope, isRefusal ? 'refused' : 'failed', messageOf(error));
      if (!isRefusal) this.#fail(handling(envelope, from), error);
    };
    try {
      const reply = entry.handler(from, message);
      if (!isPromise(reply)) answer(reply);
      else {
        this.#host.turn.awaits();
        reply.then(answer, refuse);
      }
    } catch (error) {
      refuse(error);
    }
  }

  #answerError(to: NodeId, { path, type, number }: AlgorithmEnvelope, code: RemoteErrorCode, text: string): void {
    this.#post(to, this.#envelop('error', path, type, [code, text.slice(0, 1000)], number));
  }

  #takeAnswer(from: NodeId, envelope: AlgorithmEnvelope, body: Value): void {
    const { path, type, kind, answers } = envelope;
    const call = this.#calls.find(answers, from, path, type);
    const endpoint = this.#endpoints.get(path);
    const declared = endpoint?.entries.get(type)?.declared;
    if (call === undefined || endpoint === undefined || declared?.kind !== 'request') {
      this.drop(from, envelope, 'unexpected', 'nobody waits for this answer');
      return;
    }
    if (kind === 'error') {
      const [code, text] = body as [RemoteErrorCode, string];
      this.#count(endpoint, from, envelope);
      call.reject(new RemoteError(from, code, String(text)));
      return;
    }
    const result = check(declared.reply, body);
    if (result.issues !== undefined) {
      const problem = explain(result.issues);
      this.drop(from, envelope, 'schema', problem);
      call.reject(new RemoteError(from, 'invalid', `its reply to '${type}': ${problem}`));
      return;
    }
    this.#count(endpoint, from, envelope);
    call.resolve(result.value);
  }

  #count(endpoint: Endpoint, from: NodeId, { number, path, type, kind, bytes }: AlgorithmEnvelope): void {
    endpoint.messagesReceived++;
    endpoint.bytesReceived += bytes;
    if (this.#host.trace === undefined) return;
    const message = `${from}#${number}`;
    this.#trace({ kind: 'deliver', from, message, path, type, role: kind, bytes });
  }

  // Life.

  #standingChanged(id: NodeId, standing: Standing): void {
    this.#host.standingChanged?.(id, standing);
    if (id !== this.id) {
      if (standing.status === 'departed') this.#calls.peerGone(id);
      if (standing.status === 'failed') this.stop('stopped', `${id} failed: ${standing.error ?? ''}`);
    }
    if (this.#status === 'ready' && this.#lifecycle.missing('ready').length === 0) this.#begin();
    if (this.#status === 'finished' && this.#lifecycle.missing('finished').length === 0) {
      this.#exit('terminated');
    }
  }

  /** Every node is ready: the algorithms start, lower layers first, then what came early is handed to them. */
  #begin(): void {
    this.#announce('running');
    this.#host.post(() => {
      for (const endpoint of [...this.#root!.tree()].toReversed()) {
        this.#run(`onStart of ${endpoint.path}`, () => endpoint.instance.onStart());
      }
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const message of early) this.#host.post(message);
    });
  }

  #exit(status: 'terminated' | 'stopped' | 'timeout'): void {
    if (this.#isExiting || hasEnded(this.#status)) return;
    this.#isExiting = true;
    this.#host.post(() => {
      const waiting: unknown[] = [];
      const begun = hasReached(this.#own(), 'running');
      for (const endpoint of begun ? this.#root!.tree() : []) {
        this.#run(`onExit of ${endpoint.path}`, () => {
          const result = endpoint.instance.onExit();
          waiting.push(result);
          return result;
        });
      }
      if (!waiting.some(isPromise)) this.#announce(status);
      else void Promise.allSettled(waiting).then(() => this.#announce(status));
    });
  }

  #announce(status: NodeStatus, error?: string): void {
    if (hasEnded(this.#status)) return;
    this.#status = status;
    if (hasEnded(status)) this.#endedAtMs = this.#host.clock.now();
    this.#trace({ kind: 'status', status, ...(error === undefined ? {} : { detail: error }) });
    this.#lifecycle.set(status, error);
  }

  #fail(what: string, error: unknown): void {
    if (hasEnded(this.#status)) return;
    const text = `${what}: ${messageOf(error)}`;
    this.#error = error instanceof Error && error.stack !== undefined ? `${text}\n${error.stack}` : text;
    this.#host.log('error', this.#root?.path ?? '', this.#error);
    this.#announce('failed', text.slice(0, STANDING_ERROR_LENGTH_MAX));
  }

  #failUnlessRefusal(what: string, error: unknown): void {
    if (!(error instanceof Error && error.name === 'Refusal')) this.#fail(what, error);
  }

  #describeTimeout(waiting: readonly NodeId[]): string {
    const names = waiting.map((id) => {
      const standing = this.#lifecycle.standings.get(id);
      return standing === undefined ? `${id} (never came)` : `${id} (${standing.status})`;
    });
    if (this.#status === 'running') return 'time is over and the algorithm did not terminate here';
    return `time is over; it was waiting for ${names.join(', ') || 'nobody'}`;
  }

  #own(): Standing {
    return { incarnation: 0, status: this.#status };
  }

  // Turns.

  /** Runs algorithm code; what it throws, now or later, fails the node. */
  #run(what: string, code: () => unknown): void {
    try {
      const result = code();
      if (!isPromise(result)) return;
      this.#host.turn.awaits();
      result.then(undefined, (error: unknown) => this.#fail(what, error));
    } catch (error) {
      this.#fail(what, error);
    }
  }

  #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const { clock, turn } = this.#host;
      const abort = () => {
        turn.awaits();
        timer.cancel();
        reject(new Aborted('a sleep'));
      };
      const timer = clock.after(delayMs, () => {
        turn.awaits();
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #log(level: LogLevel, path: string, text: string): void {
    this.#host.log(level, path, text);
    this.#trace({ kind: 'log', path, level, text });
  }

  #trace(event: Happening): void {
    if (this.#host.trace === undefined) return;
    const time = this.#host.clock.now();
    this.#host.trace({ time, node: this.id, sequence: ++this.#sequence, ...event } as TraceEvent);
  }
}

/** An event without what every event has. */
type Happening = TraceEvent extends infer E
  ? E extends TraceEvent
    ? Omit<E, 'time' | 'node' | 'sequence'>
    : never
  : never;

function handling({ path, type }: AlgorithmEnvelope, from: NodeId): string {
  return `handler '${type}' of ${path}, message from ${from}`;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<unknown>).then === 'function';
}

/** A fulfilled promise that marks the turn when someone waits for it. */
function acceptedPromise(turn: Turn): Promise<void> {
  class Accepted extends Promise<void> {
    static override get [Symbol.species]() {
      return Promise;
    }
    override then<A = void, B = never>(
      fulfilled?: ((value: void) => A | PromiseLike<A>) | null,
      rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      turn.awaits();
      return super.then(fulfilled, rejected);
    }
  }
  return new Accepted((resolve) => resolve());
}
