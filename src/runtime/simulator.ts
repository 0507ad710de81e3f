/**
 * The simulator: all nodes of a run in one process, under one queue of events in virtual time.
 *
 * Same plan, same seed: same bytes. Nothing here or above reads a clock; each concern draws from a stream of its own.
 */

import { firstViolation, type Violation } from '../check/invariants.ts';
import type { NodeId } from '../core/id.ts';
import type { GlobalView, Invariant, NodeView } from '../core/invariant.ts';
import type { LogLevel, Signer, Timer } from '../core/ports.ts';
import { Random } from '../core/random.ts';
import type { NodeResult } from '../core/result.ts';
import type { Statement } from '../core/signed.ts';
import { endedWell, hasEnded } from '../core/status.ts';
import type { TraceSink } from '../core/trace.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import { MemoryStore } from '../storage/memory.ts';
import type { AlgorithmEnvelope, Envelope } from './envelope.ts';
import { EventQueue } from './event-queue.ts';
import { IdealSignatures } from './ideal-signer.ts';
import { lifecycleOverlay } from './lifecycle.ts';
import { NodeRunner, type NodeHost } from './node.ts';
import type { PlannedNode, RunPlan } from './plan.ts';
import { macrotask, onUnhandledRejection } from './platform.ts';
import { Turn } from './turn.ts';

/** Milliseconds that a message takes: at least `min`, at most `max`, uniformly. */
export interface Latency {
  readonly min: number;
  readonly max: number;
}

/** How a plan is simulated. */
export interface SimulationOptions {
  readonly plan: RunPlan;
  readonly latencyMs?: Latency;
  /** Virtual milliseconds until nodes that have not ended time out; 30 000 unless given. */
  readonly timeoutMs?: number;
  /** A service is stopped after this many virtual milliseconds; 10 000 unless given. */
  readonly serviceMs?: number;
  /** Virtual milliseconds before the nodes come up. */
  readonly startupDelayMs?: number;
  /** Real signatures instead of ideal ones: one signer a node, synchronous. */
  readonly signerOf?: (id: NodeId) => Signer;
  readonly trace?: TraceSink;
  readonly log?: (id: NodeId, level: LogLevel, path: string, text: string) => void;
  /** Checked after every turn; the run stops at the first that does not hold. */
  readonly invariants?: readonly Invariant[];
  /** Ends the run between two events. */
  readonly signal?: AbortSignal;
}

/** What a simulation came to. */
export interface SimulationResult {
  readonly ok: boolean;
  readonly virtualMs: number;
  readonly violation?: Violation;
  readonly nodes: Readonly<Record<NodeId, NodeResult>>;
}

/** What messages take unless somebody says otherwise: enough spread that seeds differ. */
export const DEFAULT_LATENCY_MS: Latency = { min: 1, max: 10 };

/** Events between two looks at the platform's event loop, so that a page stays alive and Ctrl-C is heard. */
const EVENTS_PER_BREATH = 20_000;

/** An event: a timer's or a message's. */
type SimulatedEvent = Delivery | { run(): void; readonly at: SimulatedNode };

/** A message on its way; the commonest event, so it is data and no closure. */
interface Delivery {
  readonly envelope: Envelope;
  readonly from: NodeId;
  readonly at: SimulatedNode;
}

/** A directed link: messages on it stay in order, as on a data channel. */
interface SimulatedLink {
  readonly to: SimulatedNode;
  lastArrival: number;
}

/** A simulated run. Build it, then await {@link run}. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #queue = new EventQueue<SimulatedEvent>();
  readonly #turn = new Turn();
  readonly #nodes = new Map<NodeId, SimulatedNode>();
  readonly #latency: Random;
  readonly #latencyMs: Latency;
  readonly #verified = new WeakSet<Statement>();
  #now = 0;
  #ended = 0;
  #current: SimulatedNode | undefined;
  #violation: Violation | undefined;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { plan } = options;
    this.#latency = Random.stream(plan.seed, 'latency');
    this.#latencyMs = options.latencyMs ?? DEFAULT_LATENCY_MS;
    const overlay = lifecycleOverlay(
      new Map(plan.nodes.map((node) => [node.id, node.neighbours] as const)),
    );
    const ideal = new IdealSignatures(plan.seed);
    const signerOf = options.signerOf ?? ((id) => ideal.signerOf(id));
    for (const node of plan.nodes) {
      this.#nodes.set(
        node.id,
        new SimulatedNode(this, node, [...overlay.get(node.id)!], signerOf(node.id)),
      );
    }
  }

  get now(): number {
    return this.#now;
  }

  get turn(): Turn {
    return this.#turn;
  }

  get options(): SimulationOptions {
    return this.#options;
  }

  get verified(): WeakSet<Statement> {
    return this.#verified;
  }

  /** Runs to the end: every node has ended, time is over, an invariant broke, or it was aborted. */
  async run(): Promise<SimulationResult> {
    const stopListening = onUnhandledRejection((error) => {
      this.#current?.runner.failUnhandled(error);
      return this.#current !== undefined;
    });
    try {
      this.#schedule();
      await this.#loop();
    } finally {
      stopListening();
    }
    return this.#result();
  }

  /** Puts an event of a node into the queue. */
  at(time: number, at: SimulatedNode, run: () => void): void {
    this.#queue.push(toMicroseconds(time), { run, at });
  }

  /** Sends: the message arrives after the link's latency, behind those sent on the link before. */
  send(from: SimulatedNode, to: NodeId, envelope: Envelope): void {
    const link = from.linkTo(to, this.#nodes);
    const { min, max } = this.#latencyMs;
    const delayMs = min === max ? min : min + (max - min) * this.#latency.next();
    const arrival = Math.max(toMicroseconds(this.#now + delayMs), link.lastArrival);
    link.lastArrival = arrival;
    this.#queue.push(arrival, { envelope, from: from.id, at: link.to });
  }

  /** A node has ended. */
  nodeEnded(): void {
    this.#ended++;
  }

  #schedule(): void {
    const { startupDelayMs = 0, timeoutMs = 30_000, serviceMs = 10_000, plan } = this.#options;
    const isService = plan.algorithm.definition.service;
    for (const node of this.#nodes.values()) {
      this.at(startupDelayMs, node, () => node.runner.start());
      if (isService) this.at(serviceMs, node, () => node.runner.stop('stopped'));
      const lastMs = isService ? serviceMs + timeoutMs : timeoutMs;
      this.at(lastMs, node, () => node.runner.stop('timeout'));
    }
  }

  async #loop(): Promise<void> {
    const { signal } = this.#options;
    const watches = this.#options.trace !== undefined || this.#options.invariants !== undefined;
    let breath = 0;
    while (this.#ended < this.#nodes.size && this.#violation === undefined) {
      if (this.#queue.size === 0) break;
      this.#now = this.#queue.nextTime;
      const event = this.#queue.pop()!;
      const node = event.at;
      this.#current = node;
      if ('envelope' in event) node.deliver(event.from, event.envelope);
      else event.run();
      if (this.#turn.takeAwaits()) await macrotask();
      else if (++breath % EVENTS_PER_BREATH === 0) await macrotask();
      if (watches) this.#afterTurn(node);
      if (signal?.aborted === true) this.#stopAll();
    }
    // A promise that was rejected in the last turn is still this node's.
    await macrotask();
    this.#current = undefined;
  }

  #afterTurn(node: SimulatedNode): void {
    let changed = node.noteStatus();
    node.runner.endTurn((path, state) => {
      changed = true;
      if (path === node.rootPath) node.state = state;
    });
    if (!changed || this.#options.invariants === undefined) return;
    const view: GlobalView = { nodes: Array.from(this.#nodes.values(), (other) => other.view()) };
    this.#violation = firstViolation(this.#options.invariants, view);
    if (this.#violation !== undefined) node.traceViolation(this.#violation);
  }

  #stopAll(): void {
    for (const node of this.#nodes.values()) node.runner.stop('stopped', 'the run was ended');
  }

  #result(): SimulationResult {
    const nodes = Object.fromEntries(
      Array.from(this.#nodes.values(), ({ id, runner }) => [id, runner.result()]),
    );
    const wellEnded = Object.values(nodes).every(({ status }) => endedWell(status));
    return {
      ok: wellEnded && this.#violation === undefined && this.#options.signal?.aborted !== true,
      virtualMs: this.#now,
      ...(this.#violation === undefined ? {} : { violation: this.#violation }),
      nodes,
    };
  }
}

/** Times are whole microseconds: short to read, and equal when they look equal. */
function toMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}

/** One node of a simulation: a runner and the world that the simulation pretends to it. */
class SimulatedNode implements NodeHost {
  readonly id: NodeId;
  readonly runner: NodeRunner;
  readonly clock: NodeHost['clock'];
  readonly turn: Turn;
  readonly signer: Signer;
  readonly trace: TraceSink | undefined;
  readonly verified: WeakSet<Statement>;
  readonly rootPath: string;
  readonly #simulation: Simulation;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #stores = new Map<string, MemoryStore>();
  readonly #links = new Map<NodeId, SimulatedLink>();
  #statusSeen = 'joining';
  state: ValueMap = {};

  constructor(
    simulation: Simulation,
    node: PlannedNode,
    overlay: readonly NodeId[],
    signer: Signer,
  ) {
    const { plan, trace } = simulation.options;
    this.#simulation = simulation;
    this.id = node.id;
    this.turn = simulation.turn;
    this.verified = simulation.verified;
    this.signer = signer;
    this.trace = trace;
    this.rootPath = plan.algorithm.definition.name;
    this.#settings = node.settings.own;
    this.clock = {
      now: () => simulation.now,
      after: (delayMs, callback) => this.#after(delayMs, callback),
    };
    this.runner = new NodeRunner(
      plan,
      node.id,
      { incarnation: 0, restarted: false, overlay },
      this,
    );
  }

  send(to: NodeId, envelope: Envelope): undefined {
    this.#simulation.send(this, to, envelope);
  }

  deliver(from: NodeId, envelope: Envelope): void {
    if (envelope.kind === 'lifecycle') this.runner.receiveLifecycle(from, envelope.message);
    else this.#deliverMessage(from, envelope);
  }

  #deliverMessage(from: NodeId, envelope: AlgorithmEnvelope): void {
    // The receiver's own copy: what it does to a message is not seen by the sender or by other receivers.
    this.runner.receive(from, envelope, toValue(envelope.body), envelope.signed);
  }

  post(event: () => void): void {
    this.#simulation.at(this.#simulation.now, this, event);
  }

  store(path: string): MemoryStore {
    const store = this.#stores.get(path) ?? new MemoryStore();
    this.#stores.set(path, store);
    return store;
  }

  log(level: LogLevel, path: string, text: string): void {
    this.#simulation.options.log?.(this.id, level, path, text);
  }

  standingChanged(id: NodeId): void {
    if (id === this.id && hasEnded(this.runner.status)) this.#simulation.nodeEnded();
  }

  linkTo(id: NodeId, nodes: ReadonlyMap<NodeId, SimulatedNode>): SimulatedLink {
    let link = this.#links.get(id);
    if (link === undefined) {
      link = { to: nodes.get(id)!, lastArrival: 0 };
      this.#links.set(id, link);
    }
    return link;
  }

  /** True when the status is not what it was at the last look. */
  noteStatus(): boolean {
    const changed = this.runner.status !== this.#statusSeen;
    this.#statusSeen = this.runner.status;
    return changed;
  }

  view(): NodeView {
    return { id: this.id, status: this.runner.status, state: this.state, settings: this.#settings };
  }

  traceViolation(violation: Violation): void {
    const time = this.#simulation.now;
    this.trace?.({ time, node: this.id, sequence: 0, kind: 'violation', ...violation });
  }

  #after(delayMs: number, callback: () => unknown): Timer {
    let isCancelled = false;
    const delay = Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0;
    this.#simulation.at(this.#simulation.now + delay, this, () => {
      if (!isCancelled) callback();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }
}
