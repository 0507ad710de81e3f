/**
 * A node of a run: the tree of algorithms, their messages, and the node's life from joining to its end.
 *
 * It knows no simulator and no network: its {@link NodeHost} gives it time, a way to send, storage and signatures, and
 * hands it every event in a turn of its own.
 */

import { Aborted, messageOf, steadyMessageOf } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { Clock, Logger, LogLevel, Signer, Store } from '../core/ports.ts';
import { Random } from '../core/random.ts';
import type { NodeResult } from '../core/result.ts';
import type { AnySigned, Statement } from '../core/signed.ts';
import { hasEnded, hasReached, type NodeStatus, type Standing } from '../core/status.ts';
import type { TraceSink } from '../core/trace.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import { formatNamed } from '../net/format.ts';
import { Endpoint, type EndpointHost } from './endpoint.ts';
import type { Envelope } from './envelope.ts';
import type { Happening } from './happening.ts';
import { Lifecycle, STANDING_ERROR_LENGTH_MAX } from './lifecycle.ts';
import { Mailroom, type MailroomOwner } from './mailroom.ts';
import { markedStore } from './marked-store.ts';
import type { PlannedNode, RunPlan } from './plan.ts';
import { linksOf, type PlannedLinks } from './planned-links.ts';
import { isPromise } from './platform.ts';
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
  /** Where nobody looks: takes the few events of a node's life that are worth keeping, no message and no state. */
  readonly diary?: TraceSink;
  /** Shared by nodes that share their objects, so that a statement is verified once. */
  readonly verified?: WeakSet<Statement>;
  store(path: string): Store;
  log(level: LogLevel, path: string, text: string): void;
  /** Returns a promise when the message was not yet accepted; it is settled in a turn. */
  send(to: NodeId, envelope: Envelope): Promise<void> | undefined;
  /** Random streams where they are not the seed's alone. */
  stream?(name: string): Random;
  /** How long the start waits though every node is ready. */
  readonly startDelay?: (() => number) | undefined;
  /** How long a timer of the algorithms really takes, where that is not left to them; called once for each, in their order. */
  readonly timerDelay?: ((delayMs: number) => number) | undefined;
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
  /** Goes on counting where an earlier incarnation ended, so that numbers stay unique; from 0 unless given. */
  readonly counters?: Counters;
}

/** Running numbers of a node. */
export interface Counters {
  /** Events in its trace. */
  events: number;
  /** Messages that it sent. */
  messages: number;
}

/** A running node. */
export class NodeRunner implements EndpointHost, MailroomOwner {
  readonly id: NodeId;
  readonly nodes: ReadonlySet<NodeId>;
  readonly #plan: RunPlan;
  readonly #node: PlannedNode;
  readonly #links: PlannedLinks;
  readonly #host: NodeHost;
  readonly #restarted: boolean;
  /** Whoever comes back does not draw the same numbers again. */
  readonly #again: string;
  readonly counters: Counters;
  readonly #lifecycle: Lifecycle;
  readonly #mailroom: Mailroom;
  readonly #signatures: Signatures;
  readonly endpoints = new Map<string, Endpoint>();
  #root: Endpoint | undefined;
  #watch: StateWatch | undefined;
  #status: NodeStatus = 'joining';
  #error: string | undefined;
  #isExiting = false;
  #isHeld = false;
  /** What this turn was: where it served barriers and nothing else, no algorithm can have changed. */
  #didBarriers = false;
  #ranAlgorithms = false;
  #endedAtMs: number | undefined;

  /** @throws whatever the algorithm's constructor throws is turned into the node's failure at {@link start} */
  constructor(plan: RunPlan, id: NodeId, entry: NodeEntry, host: NodeHost) {
    this.#plan = plan;
    this.id = id;
    this.#node = plan.nodes.find((node) => node.id === id)!;
    this.#links = linksOf(plan);
    this.#host = host;
    this.#restarted = entry.restarted;
    this.#again = entry.restarted ? `/${entry.incarnation}` : '';
    this.counters = entry.counters ?? { events: 0, messages: 0 };
    const all = plan.nodes.map((node) => node.id);
    this.nodes = new Set(all);
    this.#signatures = new Signatures(plan.runId, id, host.signer, host.verified);
    this.#mailroom = new Mailroom(this, host, formatNamed(plan.format), this.#signatures);
    this.#lifecycle = new Lifecycle(id, entry.incarnation, all, entry.overlay, {
      send: (to, message) => void host.send(to, { kind: 'lifecycle', message }),
      after: (delayMs, callback) =>
        host.clock.after(delayMs, () => {
          this.#didBarriers = true;
          callback();
        }),
      changed: (other, standing) => this.#standingChanged(other, standing),
    });
  }

  get status(): NodeStatus {
    return this.#status;
  }

  get hasEnded(): boolean {
    return hasEnded(this.#status);
  }

  isLinkedFrom(id: NodeId): boolean {
    return this.#links.connect(id, this.id);
  }

  isGone(id: NodeId): boolean {
    return this.#lifecycle.standings.get(id)?.status === 'departed';
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
      this.fail('its construction', error);
      return;
    }
    for (const endpoint of this.#root.tree()) this.endpoints.set(endpoint.path, endpoint);
    this.#watch = new StateWatch([...this.endpoints.values()]);
    this.#announce('ready');
  }

  /** Takes a message: see {@link Mailroom.receive}. */
  receive(...message: Parameters<Mailroom['receive']>): void {
    this.#ranAlgorithms = true;
    this.#mailroom.receive(...message);
  }

  /** Counts a message that no handler will see: see {@link Mailroom.drop}. */
  drop(...message: Parameters<Mailroom['drop']>): void {
    this.#mailroom.drop(...message);
  }

  /** Takes a message of the barriers. */
  receiveLifecycle(from: NodeId, message: Parameters<Lifecycle['receive']>[1]): void {
    this.#didBarriers = true;
    this.#lifecycle.receive(from, message);
  }

  /** Whether every signed value of a message was made by its signer. For hosts whose signatures take time. */
  verify(signed: readonly AnySigned[], path: string): boolean | Promise<boolean> {
    return this.#signatures.verify(signed, path);
  }

  /** There is a link to another node: it may know how far the others have come. */
  peerLinked(id: NodeId): void {
    this.#didBarriers = true;
    this.#lifecycle.meet(id);
  }

  /** The runtime saw that another node is gone. */
  peerGone(id: NodeId, why: string): void {
    this.#lifecycle.depart(id, why);
  }

  /** Ends the node from outside: `stopped`, or `timeout` with what it was waiting for. */
  stop(status: 'stopped' | 'timeout', why?: string): void {
    if (hasEnded(this.#status)) return;
    if (this.#isExiting) {
      if (status === 'stopped') return;
      this.#error = 'time is over; onExit has not ended';
      this.#announce('timeout');
      return;
    }
    const waiting = this.waitingFor.filter((id) => id !== this.id);
    if (status === 'timeout') this.#error = this.#describeTimeout(waiting);
    else if (why !== undefined) this.#error = why;
    this.#exit(status);
  }

  /** Fails the node for a promise of its algorithm that was rejected and that nobody handles. */
  failUnhandled(error: unknown): void {
    this.fail('a promise that nobody awaits', error);
  }

  /** Ends a turn: what became visible is traced and given to `observe`. */
  endTurn(observe?: (path: string, state: ValueMap) => void): void {
    if (this.#host.trace === undefined && observe === undefined) return;
    // Two turns in three only serve the barriers.
    const changesNothing = this.#didBarriers && !this.#ranAlgorithms && !this.#host.turn.wasAwaited;
    this.#didBarriers = false;
    this.#ranAlgorithms = false;
    if (changesNothing) return;
    try {
      this.#watch?.look((path, state) => {
        observe?.(path, state);
        this.trace({ kind: 'state', path, state });
      });
    } catch (error) {
      this.fail('state()', error);
    }
  }

  /** Stops talking; the node's result stays. */
  close(): void {
    this.#lifecycle.close();
  }

  /** To whom its algorithms want links. */
  links(): readonly NodeId[] {
    const wanted = new Set<NodeId>();
    for (const { instance } of this.endpoints.values()) {
      for (const node of instance.links?.() ?? []) wanted.add(node);
    }
    return [...wanted];
  }

  /** What the node came to, so far. */
  result(): NodeResult {
    const endpoints = [...this.endpoints.values()];
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
      messages_sent: this.#mailroom.messagesSent,
      dropped: { ...this.#mailroom.dropped },
      // Whole microseconds: real clocks read finer than they are.
      elapsed_ms: Math.round((this.#endedAtMs ?? this.#host.clock.now()) * 1000) / 1000,
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
          clock.after(this.#timerDelay(delayMs), () => {
            if (hasEnded(this.#status)) return;
            if (this.#host.trace !== undefined) this.trace({ kind: 'timer', path, name: '' });
            this.#run(`a timer of ${path}`, callback);
          }),
      },
      log: logger,
      random: this.#stream(`node/${this.id}/${path}${this.#again}`),
      store: markedStore(this.#host.store(path), this.#host.turn),
      restarted: this.#restarted,
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
    };
  }

  send(...call: Parameters<EndpointHost['send']>): Promise<unknown> {
    return this.#mailroom.send(...call);
  }

  broadcast(...call: Parameters<EndpointHost['broadcast']>): Promise<unknown> {
    return this.#mailroom.broadcast(...call);
  }

  get accepted(): Promise<void> {
    return this.#mailroom.accepted;
  }

  output(endpoint: Endpoint, type: string, message: unknown): void {
    this.trace({ kind: 'output', path: endpoint.path, type, value: toValue(message) });
  }

  guard(what: string, code: () => unknown): unknown {
    this.#ranAlgorithms = true;
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

  // Life.

  #standingChanged(id: NodeId, standing: Standing): void {
    this.#host.standingChanged?.(id, standing);
    if (id !== this.id) {
      if (standing.status === 'departed') this.#mailroom.peerGone(id);
      if (standing.status === 'failed')
        this.stop('stopped', `${id} failed: ${standing.error ?? ''}`);
    }
    if (this.#status === 'ready' && this.#lifecycle.missing('ready').length === 0) this.#begin();
    if (this.#status === 'finished' && this.#lifecycle.missing('finished').length === 0) {
      this.#exit('terminated');
    }
  }

  /** Every node is ready: the algorithms start, lower layers first, then what came early is handed to them. */
  #begin(): void {
    if (this.#isHeld) return;
    const delayMs = this.#host.startDelay?.() ?? 0;
    if (delayMs > 0) {
      this.#isHeld = true;
      this.#host.clock.after(delayMs, () => {
        this.#isHeld = false;
        if (this.#status === 'ready') this.#begin();
      });
      return;
    }
    this.#announce('running');
    this.#host.post(() => {
      for (const endpoint of [...this.#root!.tree()].toReversed()) {
        this.#run(`onStart of ${endpoint.path}`, () => endpoint.instance.onStart());
      }
      this.#mailroom.open();
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

  #announce(status: NodeStatus, error?: string, detail?: string): void {
    if (hasEnded(this.#status)) return;
    this.#status = status;
    if (hasEnded(status)) {
      this.#endedAtMs = this.#host.clock.now();
      this.#mailroom.close();
    }
    this.trace({ kind: 'status', status, ...(detail === undefined ? {} : { detail }) });
    this.#lifecycle.set(status, error);
  }

  fail(what: string, error: unknown): void {
    // Other promises of the same code may be rejected with it.
    this.#host.turn.awaits();
    if (hasEnded(this.#status)) return;
    const text = `${what}: ${messageOf(error)}`;
    this.#error =
      error instanceof Error && error.stack !== undefined ? `${text}\n${error.stack}` : text;
    this.#host.log('error', this.#root?.path ?? '', this.#error);
    const detail = `${what}: ${steadyMessageOf(error)}`.slice(0, STANDING_ERROR_LENGTH_MAX);
    this.#announce('failed', text.slice(0, STANDING_ERROR_LENGTH_MAX), detail);
  }

  #failUnlessRefusal(what: string, error: unknown): void {
    if (!(error instanceof Error && error.name === 'Refusal')) this.fail(what, error);
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
    this.#ranAlgorithms = true;
    try {
      const result = code();
      if (!isPromise(result)) return;
      this.#host.turn.awaits();
      result.then(undefined, (error: unknown) => this.fail(what, error));
    } catch (error) {
      this.fail(what, error);
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
      const timer = clock.after(this.#timerDelay(delayMs), () => {
        if (hasEnded(this.#status)) return;
        turn.awaits();
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #stream(name: string): Random {
    return this.#host.stream?.(name) ?? Random.stream(this.#plan.seed, name);
  }

  #timerDelay(delayMs: number): number {
    return this.#host.timerDelay?.(delayMs) ?? delayMs;
  }

  #log(level: LogLevel, path: string, text: string): void {
    this.#host.log(level, path, text);
    this.trace({ kind: 'log', path, level, text });
  }

  trace(event: Happening): void {
    const sink = this.#host.trace ?? this.#host.diary;
    if (sink === undefined) return;
    const time = this.#host.clock.now();
    sink({ time, node: this.id, sequence: ++this.counters.events, ...event });
  }
}
