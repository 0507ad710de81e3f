/**
 * Schedulers other than time: messages under way wait here, and one of them is picked. Each directed link has lanes that keep their
 * order, as its classes do; what is picked is the first message of a lane.
 *
 * Time goes on as if each message waited for an exponential time with the mean of the run's latency: the first of m such times is
 * exponential with an m-th of the mean, and any of the m may be it. So the walk is exactly a run with memoryless latencies, and a
 * schedule of priorities takes as long. Timers and crashes keep their times.
 */

import type { Schedule } from '../core/choices/schedule.ts';
import type { FaultKind } from '../core/faults/kinds.ts';
import type { FaultPlan } from '../core/faults/plan.ts';
import type { NodeId } from '../core/id.ts';
import { sampleExponential } from '../core/math.ts';
import type { Random } from '../core/random.ts';
import type { RunStreams } from './run-streams.ts';
import type { Delivery } from './simulated-events.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** A message that waits so many mean latencies goes first, whatever its priority: links are slow, and not dead. */
const PATIENCE = 200;

interface Waiting {
  readonly delivery: Delivery;
  readonly sinceMs: number;
}

interface Lane {
  readonly name: string;
  readonly waiting: Waiting[];
  priority: number;
}

/** At a step the link that is about to be served gets another priority, below all that links begin with. */
interface Change {
  readonly step: number;
  readonly priority: number;
}

/** What waits, and who is next. */
export class Scheduler {
  readonly #random: Random;
  readonly #meanMs: number;
  /** When links fall behind, ascending; empty for the walk. */
  readonly #changes: readonly Change[];
  readonly #isWalk: boolean;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes in which something waits. */
  #busy: Lane[] = [];
  #step = 0;
  #changed = 0;
  #gossips = 0;
  #nextMs = Infinity;

  constructor(
    schedule: Exclude<Schedule, { kind: 'latency' }>,
    streams: RunStreams,
    meanMs: number,
  ) {
    this.#random = streams.stream('schedule');
    // Without any latency time would stand still.
    this.#meanMs = Math.max(meanMs, 0.01);
    this.#isWalk = schedule.kind === 'walk';
    this.#changes = schedule.kind === 'walk' ? [] : drawChanges(schedule, this.#random);
  }

  /** When the next message is delivered, unless something else comes first; Infinity when none waits. */
  get nextTime(): number {
    return this.#nextMs;
  }

  /**
   * Whether a message of the barriers, whose time has come, has to wait here: it comes behind the data of its link. Otherwise it keeps
   * its time, so that no node starts earlier than it would without a scheduler.
   */
  holds({ from, at }: Delivery): boolean {
    return (this.#lanes.get(laneName('data', from, at))?.waiting.length ?? 0) > 0;
  }

  /** A message is under way. */
  put(delivery: Delivery, nowMs: number): void {
    const lane = this.#laneOf(delivery);
    if (lane.waiting.length === 0) this.#busy.push(lane);
    lane.waiting.push({ delivery, sinceMs: nowMs });
    // Exponential times have no memory: with one more in the race the first is drawn anew.
    this.#drawNext(nowMs);
  }

  /** Takes the one that is next. */
  take(nowMs: number): Delivery {
    const lane = this.#pick(nowMs);
    const { delivery } = lane.waiting.shift()!;
    if (lane.waiting.length === 0) this.#busy = this.#busy.filter((other) => other !== lane);
    if (lane.waiting.length === 0 && lane.name.startsWith('gossip')) this.#lanes.delete(lane.name);
    if (this.#busy.length === 0) this.#nextMs = Infinity;
    else this.#drawNext(nowMs);
    return delivery;
  }

  #drawNext(nowMs: number): void {
    const waitsMs = (this.#meanMs * sampleExponential(this.#random)) / this.#busy.length;
    // Whole microseconds, and never two at one time: whoever writes the times down has written the order down.
    this.#nextMs = (Math.round(nowMs * 1000) + Math.max(1, Math.round(waitsMs * 1000))) / 1000;
  }

  #laneOf({ envelope, from, at }: Delivery): Lane {
    // The barriers come behind the data that was sent before them.
    const via = envelope.kind === 'lifecycle' ? 'data' : envelope.via;
    const own = via === 'gossip' ? ++this.#gossips : '';
    const name = laneName(`${via}${own}`, from, at);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      // Above all that has fallen behind.
      lane = { name, waiting: [], priority: 1 + this.#random.next() };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #pick(nowMs: number): Lane {
    this.#step++;
    if (this.#isWalk) return this.#random.pick(this.#busy);
    const late = this.#busy.find(
      ({ waiting }) => nowMs - waiting[0]!.sinceMs > PATIENCE * this.#meanMs,
    );
    if (late !== undefined) return late;
    let lane = this.#highest();
    while (this.#changes[this.#changed]?.step === this.#step) {
      lane.priority = this.#changes[this.#changed++]!.priority;
      lane = this.#highest();
    }
    return lane;
  }

  #highest(): Lane {
    return this.#busy.reduce((best, lane) => (lane.priority > best.priority ? lane : best));
  }
}

function laneName(via: string, from: NodeId, { id, copy }: SimulatedNode): string {
  return `${via} ${from}->${id}${copy}`;
}

function drawChanges(
  { depth, steps }: Extract<Schedule, { kind: 'pct' }>,
  random: Random,
): Change[] {
  const changes = Array.from({ length: depth - 1 }, (_, index) => ({
    step: random.integer(1, steps),
    priority: index / depth,
  }));
  return changes.toSorted((a, b) => a.step - b.step);
}

/** A plan under a scheduler: what only shifts times has no meaning there, and must not be counted as if it had. */
export function withoutTimes(plan: FaultPlan): FaultPlan {
  const hasMeaning = (kind: FaultKind) => kind !== 'reordering' && kind !== 'bandwidth';
  return {
    ...plan,
    rules: plan.rules.map(({ reordering: _late, bytesPerSecond: _line, ...rule }) => rule),
    kinds: plan.kinds.filter(hasMeaning),
    expected: plan.expected.filter(hasMeaning),
  };
}
