/**
 * One node of a simulation: what stays of it while its incarnations come and go, and what became of it.
 */

import type { Violation } from '../check/invariants.ts';
import type { NodeFault } from '../core/faults/kinds.ts';
import type { NodeId } from '../core/id.ts';
import type { NodeView } from '../core/invariant.ts';
import type { Signer, Store } from '../core/ports.ts';
import type { NodeResult } from '../core/result.ts';
import type { NodeStatus } from '../core/status.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import type { AlgorithmEnvelope, Envelope } from './envelope.ts';
import { envelopeContent, Liar, type Forgery } from './faults/liar.ts';
import type { Outage } from './faults/outages.ts';
import { Incarnation } from './incarnation.ts';
import type { Happening } from './happening.ts';
import type { Counters, NodeRunner } from './node.ts';
import type { PlannedNode } from './plan.ts';
import { SECOND_COPY, SimulatedLinks } from './simulated-links.ts';
import { SimulatedStorage } from './simulated-storage.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** A node, or one of two copies of it. */
export class SimulatedNode {
  readonly id: NodeId;
  /** '' but for the second copy. */
  readonly copy: string;
  readonly world: SimulatedWorld;
  /** It may do anything: the run does not wait for it. */
  readonly isByzantine: boolean;
  readonly links: SimulatedLinks;
  /** Changes with every crash and every restart. */
  epoch = 0;
  readonly #planned: PlannedNode;
  readonly #overlay: readonly NodeId[];
  readonly #signer: Signer;
  readonly #counters: Counters;
  readonly #storage: SimulatedStorage;
  /** The runners of all incarnations, the last one last. */
  readonly #lives: NodeRunner[] = [];
  #incarnation: Incarnation | undefined;
  /** The runner of the incarnation that is there; undefined while the node is down. */
  #alive: NodeRunner | undefined;
  #statusSeen = 'joining';
  #state: ValueMap = {};
  #missed = 0;
  #endedMs: number | undefined;
  /** Set when it ended while it was down. */
  #endedDown: { readonly status: NodeStatus; readonly error: string } | undefined;
  #hasReadWrongClock = false;
  /** When timers fire for which that was chosen, by number. */
  readonly #chosenTimers: ReadonlyMap<number, number> | undefined;
  #timersSet = 0;

  constructor(
    world: SimulatedWorld,
    planned: PlannedNode,
    overlay: readonly NodeId[],
    signer: Signer,
    original?: SimulatedNode,
  ) {
    const { id } = planned;
    const { byzantine, twins } = world.faults;
    this.id = id;
    this.copy = original === undefined ? '' : SECOND_COPY;
    this.world = world;
    this.isByzantine = byzantine.has(id) || twins.has(id);
    this.#planned = planned;
    this.#chosenTimers = world.chosen?.timers(id);
    this.#overlay = overlay;
    this.#signer = signer;
    // Two copies are one node in the trace.
    this.#counters = original === undefined ? { events: 0, messages: 0 } : original.#counters;
    this.#storage = new SimulatedStorage(this);
    this.links = new SimulatedLinks(this, this.#makeLiar());
    this.#live();
  }

  #makeLiar(): Liar | undefined {
    const { options, faults, weather, chosen, streams } = this.world;
    const lies = faults.byzantine.get(this.id);
    if (lies === undefined) return undefined;
    const { plan } = options;
    const { id } = this;
    const host = { id, plan, signer: this.#signer, counters: this.#counters, chosen, streams };
    return new Liar(lies, { ...host, firings: weather.firings });
  }

  /** The runner of the incarnation that is there, or was. */
  get runner(): NodeRunner {
    return this.#lives.at(-1)!;
  }

  get isDown(): boolean {
    return this.#alive === undefined;
  }

  get hasEnded(): boolean {
    return this.#endedMs !== undefined;
  }

  // Its life.

  #live(): void {
    const incarnation = this.#lives.length;
    const entry = {
      incarnation,
      restarted: incarnation > 0,
      overlay: [...this.#overlay],
      counters: this.#counters,
    };
    this.#incarnation = new Incarnation(this, this.#signer, entry);
    this.#alive = this.#incarnation.runner;
    this.#lives.push(this.#alive);
  }

  start(): void {
    this.#alive?.start();
  }

  /** Goes down; with a disk that fails, when it does. False when there was nothing to bring down. */
  crash(outage: Outage): boolean {
    const { disk } = outage;
    if (this.isDown || this.hasEnded) return false;
    if (disk !== 'full' && disk !== 'refused') return this.#goDown(outage);
    const { world } = this;
    this.#storage.failNext(disk, () => {
      // Not in the midst of what it does: its turn ends, and it hears nothing more.
      world.atOutside(world.now, this, () =>
        this.#goDown({ ...outage, fromMs: world.now, disk: 'unsynced' }),
      );
    });
    return true;
  }

  #goDown(outage: Outage): boolean {
    const { toMs, disk } = outage;
    if (this.isDown || this.hasEnded) return false;
    this.#incarnation?.kill();
    this.#alive = undefined;
    this.epoch++;
    const { weather, now } = this.world;
    const isForGood = toMs === Infinity;
    const detail = isForGood ? 'for good' : `until ${Math.round(toMs)} ms`;
    weather.firings.add({ fault: 'crash', node: this.id, detail });
    this.#tellCrash(outage);
    this.#storage.crash(disk);
    if (isForGood) this.#endDown('departed', `it crashed at ${now} ms, for good`);
    return true;
  }

  #tellCrash({ fromMs, toMs, disk }: Outage): void {
    const { decided } = this.world.options;
    const life = this.#lives.length - 1;
    if (this.runner.status === 'joining' || this.runner.status === 'ready') {
      // It went down before it started: then it must not start by itself where barriers are quicker.
      const at = Math.round((fromMs + 0.001) * 1000) / 1000;
      decided?.({ start: this.id, ...(life === 0 ? {} : { life }), at });
    }
    decided?.({
      crash: this.id,
      at: fromMs,
      ...(toMs === Infinity ? {} : { for: Math.round((toMs - fromMs) * 1000) / 1000 }),
      ...(disk === 'kept' ? {} : { disk }),
    });
  }

  /** Comes back as a new incarnation of the same node. */
  restart(): void {
    this.#storage.relent();
    if (!this.isDown || this.hasEnded) return;
    this.epoch++;
    this.#live();
    const detail = `as incarnation ${this.#lives.length - 1}`;
    this.world.weather.firings.add({ fault: 'restart', node: this.id, detail });
    this.start();
  }

  /** Another node is gone for good. */
  peerGone(id: NodeId): void {
    this.#alive?.peerGone(id, 'it crashed');
  }

  /** Ends the node from outside. */
  stop(status: 'stopped' | 'timeout', why?: string): void {
    if (this.#alive !== undefined) this.#alive.stop(status, why);
    else if (!this.hasEnded) this.#endDown(status, why ?? 'it was down');
  }

  #endDown(status: NodeStatus, error: string): void {
    this.#endedDown = { status, error };
    this.trace({ kind: 'status', status, detail: error });
    this.noteEnd();
  }

  /** It will do nothing more in this run. */
  noteEnd(): void {
    this.#endedMs = this.world.now;
    this.world.nodeEnded(this);
  }

  // Messages, storage, time.

  /** A message arrives that was sent to the incarnation of `epoch`: those of an earlier one are not for the next. */
  deliver(from: NodeId, envelope: Envelope, epoch: number): void {
    const runner = this.#alive;
    if (runner === undefined || epoch !== this.epoch) {
      if (envelope.kind !== 'lifecycle') this.#miss(from, envelope);
    } else if (envelope.kind === 'lifecycle') {
      runner.receiveLifecycle(from, envelope.message);
    } else {
      // The receiver's own copy: what it does to a message is not seen by the sender or by other receivers.
      runner.receive(from, envelope, toValue(envelope.body), envelope.signed);
    }
  }

  /** A message arrives that says it is another's. Links are the simulation's own, so only these bear a signature. */
  deliverForged(
    from: NodeId,
    envelope: AlgorithmEnvelope,
    { from: claimed, proof }: Forgery,
    epoch: number,
  ): void {
    const content = envelopeContent(this.world.options.plan.runId, claimed, envelope);
    if (this.#signer.verify(claimed, content, proof) === true) {
      this.deliver(claimed, envelope, epoch);
    } else if (this.isDown || epoch !== this.epoch) this.#miss(from, envelope);
    else {
      const detail = `it says it is from ${claimed}, and ${claimed} did not sign it`;
      this.runner.drop(from, envelope, 'signature', detail);
    }
  }

  #miss(from: NodeId, { number, path, type }: AlgorithmEnvelope): void {
    this.#missed++;
    const message = `${from}#${number}`;
    const detail = this.isDown ? 'the node is down' : 'it was meant for an earlier incarnation';
    this.trace({ kind: 'drop', from, message, path, type, reason: 'down', detail });
  }

  store(path: string): Store {
    return this.#storage.store(path);
  }

  /** Runs code later, unless the node goes down before. */
  afterOwn(delayMs: number, run: () => void): void {
    const epoch = this.epoch;
    this.world.at(this.world.now + delayMs, this, () => {
      if (this.epoch === epoch) run();
    });
  }

  get choosesTimers(): boolean {
    return this.#chosenTimers !== undefined;
  }

  /** How long the next timer takes: what was chosen for it, or what its algorithm wants. */
  timerDelay(delayMs: number, nowMs: number): number {
    const at = this.#chosenTimers?.get(++this.#timersSet);
    return at === undefined ? delayMs : Math.max(0, at - nowMs);
  }

  /** Somebody here looked at a clock that is wrong. */
  noteWrongClock(): void {
    if (this.#hasReadWrongClock) return;
    this.#hasReadWrongClock = true;
    const detail = 'its clock is wrong';
    this.world.weather.firings.add({ fault: 'clock', node: this.id, detail });
  }

  // What is seen of it.

  /** A message that the algorithm did not send leaves. */
  traceSend(to: NodeId, { path, type, kind, bytes, body, number }: AlgorithmEnvelope): void {
    const message = `${this.id}#${number}`;
    this.trace({ kind: 'send', to, message, path, type, role: kind, bytes, body });
  }

  /** Writes an event of the node that no runner of its has seen. */
  trace(event: Happening): void {
    const { options, now } = this.world;
    if (options.trace === undefined) return;
    options.trace({ time: now, node: this.id, sequence: ++this.#counters.events, ...event });
  }

  traceViolation(violation: Violation): void {
    const { options, now } = this.world;
    options.trace?.({ time: now, node: this.id, sequence: 0, kind: 'violation', ...violation });
  }

  /** A turn of this node is over: true when what others see of it has changed. */
  endTurn(): boolean {
    const status = this.isDown ? 'down' : this.runner.status;
    let changed = status !== this.#statusSeen;
    this.#statusSeen = status;
    if (this.isDown) return changed;
    const { name } = this.world.options.plan.algorithm.definition;
    this.runner.endTurn((path, state) => {
      changed = true;
      if (path === name) this.#state = state;
    });
    return changed;
  }

  view(): NodeView {
    const { fault } = this;
    return {
      id: this.id,
      status: this.#endedDown?.status ?? this.runner.status,
      state: this.#state,
      settings: this.#planned.settings.own,
      ...(fault === undefined ? {} : { fault }),
    };
  }

  /** Why it is no correct node now. */
  get fault(): NodeFault | undefined {
    if (this.isByzantine) return 'byzantine';
    return this.isDown ? 'crashed' : undefined;
  }

  /** What it came to, all incarnations together. */
  result(): NodeResult {
    const results = this.#lives.map((runner) => runner.result());
    const last = results.at(-1)!;
    if (results.length === 1 && this.fault === undefined && this.#missed === 0) {
      return this.#withRightTime(last);
    }
    const { fault } = this;
    const isCounted = fault === undefined || this.#endedDown?.status === 'timeout';
    return {
      ...this.#withRightTime(last),
      ...this.#ending(last),
      messages_received: added(results.map((result) => result.messages_received)),
      bytes_received: sum(results, (result) => result.bytes_received),
      messages_sent: sum(results, (result) => result.messages_sent),
      dropped: added([
        ...results.map((result) => result.dropped),
        this.#missed === 0 ? {} : { down: this.#missed },
      ]),
      ...(isCounted ? {} : { fault }),
    };
  }

  #withRightTime(result: NodeResult): NodeResult {
    if (!this.world.faults.clocks.has(this.id)) return result;
    return { ...result, elapsed_ms: this.#endedMs ?? this.world.now };
  }

  #ending({ status }: NodeResult): Partial<NodeResult> {
    if (this.#endedDown !== undefined) return this.#endedDown;
    if (this.isDown) return { status: 'stopped', error: 'it was down when the run ended' };
    if (this.isByzantine && !this.runner.hasEnded) {
      return { status: 'stopped', error: `the run ended while it was ${status}` };
    }
    return {};
  }
}

function sum(results: readonly NodeResult[], count: (result: NodeResult) => number): number {
  return results.reduce((total, result) => total + count(result), 0);
}

/** Counts by name, added up. */
function added(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) result[name] = (result[name] ?? 0) + count;
  }
  return result;
}
