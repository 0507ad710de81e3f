/**
 * The simulator: all nodes of a run in one process, under one queue of events in virtual time.
 *
 * Same plan, same seed: same bytes. Nothing here or above reads a clock; each concern draws from a stream of its own, for each link.
 */

import { firstViolation, type Violation } from '../check/invariants.ts';
import type { MessageChoice } from '../core/choices/choices.ts';
import { meanOf, uniform } from '../core/faults/distribution.ts';
import type { FaultCounts } from '../core/faults/kinds.ts';
import type { FaultPlan } from '../core/faults/plan.ts';
import { resolveFaults } from '../core/faults/resolve.ts';
import type { NodeId } from '../core/id.ts';
import type { GlobalView } from '../core/invariant.ts';
import type { NodeResult } from '../core/result.ts';
import type { Statement } from '../core/signed.ts';
import { endedWell } from '../core/status.ts';
import { Chosen, withChosenOutages } from './chosen.ts';
import type { Envelope } from './envelope.ts';
import { EventQueue } from './event-queue.ts';
import { neverFired, type Firing } from './faults/firings.ts';
import { Outages } from './faults/outages.ts';
import { Weather } from './faults/weather.ts';
import { IdealSignatures } from './ideal-signer.ts';
import { lifecycleOverlay } from './lifecycle.ts';
import { macrotask, onUnhandledRejection } from './platform.ts';
import { Scheduler, withoutTimes } from './scheduler.ts';
import { RunStreams } from './run-streams.ts';
import { StandingStill, type Delivery, type SimulatedEvent } from './simulated-events.ts';
import { SimulatedNode } from './simulated-node.ts';
import type { Latency, Outside, SimulatedWorld, SimulationOptions } from './simulated-world.ts';
import { Turn } from './turn.ts';

export type { Latency, SimulationOptions } from './simulated-world.ts';

/** What a simulation came to. */
export interface SimulationResult {
  /** True when every correct node ended well, no invariant broke, and there are no problems. */
  readonly ok: boolean;
  readonly virtualMs: number;
  /** How much happened: messages that arrived, timers that fired, and the like. */
  readonly events: number;
  readonly violation?: Violation;
  /** How often each planned fault fired. */
  readonly faults_fired: FaultCounts;
  /** What else was wrong: a fault that never fired though that was expected, no progress after the heal. */
  readonly problems: readonly string[];
  readonly nodes: Readonly<Record<NodeId, NodeResult>>;
}

/** What messages take unless somebody says otherwise: enough spread that seeds differ. */
export const DEFAULT_LATENCY_MS: Latency = { min: 1, max: 10 };

/** Events between two looks at the platform's event loop, so that a page stays alive and Ctrl-C is heard. */
const EVENTS_PER_BREATH = 20_000;

/** Until the others hear that a node is gone for good: as long as it takes live to be sure that a tab was closed. */
const DEPARTURE_MS = 1000;

/** A simulated run. Build it, then await {@link run}. */
export class Simulation implements SimulatedWorld {
  readonly options: SimulationOptions;
  readonly faults: FaultPlan;
  readonly weather: Weather;
  readonly streams: RunStreams;
  readonly chosen: Chosen | undefined;
  readonly turn = new Turn();
  readonly verified = new WeakSet<Statement>();
  readonly #queue = new EventQueue<SimulatedEvent>();
  readonly #nodes = new Map<NodeId, SimulatedNode>();
  /** The second copies of nodes that are there twice. */
  readonly #twins = new Map<NodeId, SimulatedNode>();
  readonly #still = new Map<SimulatedNode, StandingStill>();
  readonly #scheduler: Scheduler | undefined;
  #now = 0;
  #events = 0;
  /** Nodes whose end the run waits for. */
  #awaited: number;
  #current: SimulatedNode | undefined;
  #violation: Violation | undefined;

  /** @throws {FaultsError} when the plan's faults cannot happen */
  constructor(options: SimulationOptions) {
    this.options = options;
    const { plan, latencyMs = DEFAULT_LATENCY_MS, choices = [] } = options;
    const ids = plan.nodes.map(({ id }) => id);
    const faults = withChosenOutages(plan.faults ?? {}, choices);
    const { outsiders } = options;
    const tested = outsiders === undefined ? ids : ids.filter((id) => !outsiders.has(id));
    const resolved = resolveFaults(faults, tested, plan.seed);
    this.streams = new RunStreams(plan.seed, options.reseed !== undefined);
    this.#scheduler = schedulerOf(options, this.streams, resolved);
    this.faults = this.#scheduler === undefined ? resolved : withoutTimes(resolved);
    this.chosen = choices.length === 0 ? undefined : new Chosen(choices);
    this.weather = new Weather(this.faults, {
      latency: uniform(latencyMs),
      streams: this.streams,
      ...(outsiders === undefined ? {} : { outsiders }),
      ...(this.chosen === undefined ? {} : { chosen: this.chosen }),
      onFiring: (firing) => this.#traceFault(firing),
      ...(options.decided === undefined
        ? {}
        : { onFate: (choice) => this.#tellFate(choice), onCut: options.decided }),
    });
    const overlay = lifecycleOverlay(this.#barrierLinks());
    const ideal = new IdealSignatures(plan.seed);
    const signerOf = options.signerOf ?? ((id) => ideal.signerOf(id));
    for (const planned of plan.nodes) {
      const { id } = planned;
      const links = [...overlay.get(id)!];
      const signer = signerOf(id);
      const node = new SimulatedNode(this, planned, links, signer);
      this.#nodes.set(id, node);
      if (this.faults.twins.has(id)) {
        this.#twins.set(id, new SimulatedNode(this, planned, links, signer, node));
      }
    }
    this.#awaited = [...this.#nodes.values()].filter(({ isByzantine }) => !isByzantine).length;
  }

  get now(): number {
    return this.#now;
  }

  node(id: NodeId): SimulatedNode {
    return this.#nodes.get(id)!;
  }

  twin(id: NodeId): SimulatedNode | undefined {
    return this.#twins.get(id);
  }

  /** Runs to the end: every correct node has ended, time is over, an invariant broke, or it was aborted. */
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

  at(timeMs: number, node: SimulatedNode, run: () => void): void {
    this.#queue.push(toMicroseconds(timeMs), { run, at: node });
  }

  atOutside(timeMs: number, node: SimulatedNode, run: () => void): void {
    this.#queue.push(toMicroseconds(timeMs), { run, at: node, isOutside: true });
  }

  deliver(arrivalMs: number, to: SimulatedNode, from: NodeId, envelope: Envelope): void {
    const delivery = { envelope, from, at: to, epoch: to.epoch };
    if (this.#scheduler === undefined || this.#isTimed(delivery)) {
      this.#queue.push(arrivalMs, delivery);
    } else this.#scheduler.put(delivery, this.#now);
  }

  nodeEnded({ isByzantine }: SimulatedNode): void {
    if (!isByzantine) this.#awaited--;
  }

  get #copies(): readonly SimulatedNode[] {
    return [...this.#nodes.values(), ...this.#twins.values()];
  }

  /** With whom nodes exchange the barriers' tables: their neighbours, or the first outsider, whom nothing parts from anybody. */
  #barrierLinks(): ReadonlyMap<NodeId, readonly NodeId[]> {
    const { plan, outsiders } = this.options;
    const hub = plan.nodes.find(({ id }) => outsiders?.has(id) === true)?.id;
    return new Map(
      plan.nodes.map(({ id, neighbours }) => [id, hub === undefined ? neighbours : [hub]]),
    );
  }

  #schedule(): void {
    const { startupDelayMs = 0, timeoutMs = 30_000, serviceMs = 10_000, plan } = this.options;
    const { healMs, progressMs } = this.faults;
    const isService = plan.algorithm.definition.service;
    const patienceMs = healMs === Infinity ? timeoutMs : healMs + (progressMs ?? timeoutMs);
    for (const node of this.#copies) {
      if (this.weather.mayPause(node.id)) this.#watchPauses(node);
      this.at(startupDelayMs, node, () => node.start());
      if (isService) this.atOutside(serviceMs, node, () => this.#stop(node, 'stopped'));
      const lastMs = isService ? serviceMs + timeoutMs : patienceMs;
      this.atOutside(lastMs, node, () => this.#stop(node, 'timeout'));
    }
    const { reseed } = this.options;
    if (reseed !== undefined) {
      const [first] = this.#nodes.values();
      this.atOutside(reseed.atMs, first!, () => this.streams.reseed(reseed.seed));
    }
    if (this.faults.crashes.length > 0) this.#scheduleOutage(new Outages(this.faults));
  }

  /** The next crash, and after it the one behind it: there may be no end of them. */
  #scheduleOutage(outages: Outages): void {
    const outage = outages.next();
    if (outage === undefined) return;
    const node = this.node(outage.node);
    this.atOutside(outage.fromMs, node, () => {
      this.#scheduleOutage(outages);
      if (!node.crash(outage)) return;
      if (outage.toMs < Infinity) this.atOutside(outage.toMs, node, () => node.restart());
      else this.#tellDeparture(node);
    });
  }

  #tellDeparture(gone: SimulatedNode): void {
    for (const node of this.#copies) {
      if (node !== gone) this.at(this.#now + DEPARTURE_MS, node, () => node.peerGone(gone.id));
    }
  }

  #watchPauses(node: SimulatedNode): void {
    const still = new StandingStill(node, this.weather, (timeMs) => {
      this.atOutside(timeMs, node, () => {
        const event = still.wake(this.#now);
        if (event === undefined) return;
        if ('envelope' in event) node.deliver(event.from, event.envelope, event.epoch);
        else event.run();
      });
    });
    this.#still.set(node, still);
  }

  async #loop(): Promise<void> {
    const { signal, trace, invariants, outside, eventsMax = Infinity } = this.options;
    const watches = trace !== undefined || invariants !== undefined;
    const still = this.#still.size > 0 ? this.#still : undefined;
    let events = 0;
    while (this.#awaited > 0 && this.#violation === undefined && events < eventsMax) {
      if (outside !== undefined && this.#queue.size > 0 && !(await this.#advance(outside))) {
        if (signal?.aborted === true) this.#stopAll();
        continue;
      }
      const event = this.#scheduler === undefined ? this.#popFirst() : this.#popScheduled();
      if (event === undefined) break;
      const node = event.at;
      if (still !== undefined && still.get(node)?.keeps(event, this.#now) === true) continue;
      this.#current = node;
      events++;
      if ('envelope' in event) node.deliver(event.from, event.envelope, event.epoch);
      else event.run();
      if (this.turn.takeAwaits()) await macrotask();
      else if (events % EVENTS_PER_BREATH === 0) await macrotask();
      if (watches) this.#afterTurn(node);
      if (signal?.aborted === true) this.#stopAll();
    }
    // A promise that was rejected in the last turn is still this node's.
    await macrotask();
    this.#events = events;
    this.#current = undefined;
  }

  #tellFate(choice: MessageChoice): void {
    // Under a scheduler the weather decides what is lost, and not when anything comes.
    if (this.#scheduler !== undefined && choice.arrives.length > 0) return;
    this.options.decided?.(choice);
  }

  #popFirst(): SimulatedEvent | undefined {
    if (this.#queue.size === 0) return undefined;
    this.#now = this.#queue.nextTime;
    return this.#queue.pop();
  }

  /** What has its time comes at its time, and between these whatever message the scheduler picks. */
  #popScheduled(): SimulatedEvent | undefined {
    const scheduler = this.#scheduler!;
    while (this.#queue.size > 0 && this.#queue.nextTime <= scheduler.nextTime) {
      const event = this.#popFirst()!;
      const isHeld = isBarrier(event) && scheduler.holds(event);
      if (!isHeld) return event;
      scheduler.put(event, this.#now);
    }
    if (scheduler.nextTime === Infinity) return undefined;
    this.#now = scheduler.nextTime;
    const delivery = scheduler.take(this.#now);
    const { envelope, from, at } = delivery;
    if (envelope.kind !== 'lifecycle') {
      const message = `${from}#${envelope.number}`;
      this.options.decided?.({ message, to: at.id, arrives: [this.#now] });
    }
    return delivery;
  }

  /** True for a message whose arrival was chosen, and for the barriers': no scheduler has a say in them. */
  #isTimed({ envelope, from, at }: Delivery): boolean {
    if (envelope.kind === 'lifecycle') return true;
    const fate = this.chosen?.fates(from, at.id)?.get(`${from}#${envelope.number}`);
    return fate !== undefined && fate !== 'spared';
  }

  /** Lets what is outside catch up; false when something happened there before the next event. */
  async #advance(outside: Outside): Promise<boolean> {
    const { nextTime } = this.#queue;
    this.#now = toMicroseconds(await outside.advance(this.#now, nextTime));
    outside.takeIn();
    return this.#now >= nextTime && this.#queue.nextTime === nextTime;
  }

  #afterTurn(node: SimulatedNode): void {
    if (!node.endTurn() || this.options.invariants === undefined) return;
    const view: GlobalView = { nodes: Array.from(this.#nodes.values(), (other) => other.view()) };
    this.#violation = firstViolation(this.options.invariants, view);
    if (this.#violation !== undefined) node.traceViolation(this.#violation);
  }

  #stopAll(): void {
    for (const node of this.#copies) this.#stop(node, 'stopped', 'the run was ended');
  }

  /** Ends a node, though it stand still. */
  #stop(node: SimulatedNode, status: 'stopped' | 'timeout', why?: string): void {
    this.#still.get(node)?.end();
    node.stop(status, why);
  }

  #traceFault(firing: Firing): void {
    this.options.onFault?.(firing);
    const { node, ...fired } = firing;
    const { fault, detail, to, message, body } = fired;
    this.node(node).trace({
      kind: 'fault',
      fault,
      detail,
      ...(to === undefined ? {} : { to }),
      ...(message === undefined ? {} : { message }),
      ...(body === undefined ? {} : { body }),
    });
  }

  #result(): SimulationResult {
    const { signal } = this.options;
    const violation = this.#violation;
    const nodes = Object.fromEntries(
      Array.from(this.#nodes.values(), (node) => [node.id, node.result()]),
    );
    // Whoever was stopped in the middle has not had the chance to see everything.
    const isWhole = violation === undefined && signal?.aborted !== true;
    const problems = isWhole ? this.#problems(nodes) : [];
    const wellEnded = Object.values(nodes).every(
      ({ status, fault }) => fault !== undefined || endedWell(status),
    );
    return {
      ok: wellEnded && isWhole && problems.length === 0,
      virtualMs: this.#now,
      events: this.#events,
      ...(violation === undefined ? {} : { violation }),
      faults_fired: this.weather.counts,
      problems,
      nodes,
    };
  }

  #problems(nodes: SimulationResult['nodes']): readonly string[] {
    const { healMs } = this.faults;
    const problems: string[] = [];
    if (this.#events >= (this.options.eventsMax ?? Infinity) && this.#awaited > 0) {
      const atMs = Math.round(this.#now);
      problems.push(`no rest: ${this.#events} events, and it is ${atMs} ms: does time go on?`);
    }
    const late = Object.entries(nodes).filter(([, { status, fault }]) => {
      return fault === undefined && status === 'timeout';
    });
    if (healMs < this.#now && late.length > 0) {
      const names = late.map(([id]) => id).join(', ');
      const afterMs = Math.round(this.#now - healMs);
      problems.push(
        `no progress: ${afterMs} ms after everything was healed, ${names} had not ended`,
      );
    }
    const never = neverFired(this.weather.firings.missing, this.#now);
    return never === undefined ? problems : [...problems, never];
  }
}

function isBarrier(event: SimulatedEvent): event is Delivery {
  return 'envelope' in event && event.envelope.kind === 'lifecycle';
}

function schedulerOf(
  { schedule, latencyMs = DEFAULT_LATENCY_MS }: SimulationOptions,
  streams: RunStreams,
  { latency = uniform(latencyMs) }: FaultPlan,
): Scheduler | undefined {
  if (schedule === undefined || schedule.kind === 'latency') return undefined;
  return new Scheduler(schedule, streams, meanOf(latency));
}

/** Times are whole microseconds: short to read, and equal when they look equal. */
function toMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}
