/** When nodes go down and come back: all crashes of a plan, in the order of time. They follow from plan and seed alone. */

import type { DiskFate } from '../../core/faults/faults.ts';
import type { CrashPlan, FaultPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import { Episodes } from './episodes.ts';
import { victimOf } from './pauses.ts';

/** A crash. */
export interface Outage {
  readonly node: NodeId;
  readonly fromMs: number;
  /** When the node comes back. Infinity: never. */
  readonly toMs: number;
  readonly disk: DiskFate;
}

/** The outages of a run. */
export class Outages {
  readonly #coming: Iterator<Outage>[];
  readonly #next: (Outage | undefined)[];
  /** Until when each node is down. */
  readonly #downUntil = new Map<NodeId, number>();

  constructor(plan: FaultPlan) {
    this.#coming = plan.crashes.map((crash) => outagesOf(crash, plan));
    this.#next = this.#coming.map((outages) => taken(outages));
  }

  /** The next one; undefined when there is none. Nobody goes down who is down. */
  next(): Outage | undefined {
    for (;;) {
      let first = -1;
      for (const [index, outage] of this.#next.entries()) {
        if (outage !== undefined && outage.fromMs < (this.#next[first]?.fromMs ?? Infinity)) {
          first = index;
        }
      }
      const outage = this.#next[first];
      if (outage === undefined) return undefined;
      this.#next[first] = taken(this.#coming[first]!);
      if (outage.fromMs < (this.#downUntil.get(outage.node) ?? 0)) continue;
      this.#downUntil.set(outage.node, outage.toMs);
      return outage;
    }
  }
}

function taken(outages: Iterator<Outage>): Outage | undefined {
  const { done, value } = outages.next() as IteratorResult<Outage, undefined>;
  return done === true ? undefined : value;
}

function* outagesOf(crash: CrashPlan, { seed, healMs }: FaultPlan): Iterator<Outage> {
  const { name, schedule, nodes, disk } = crash;
  if (nodes.length === 0) return;
  const episodes = new Episodes(schedule, seed, name, healMs);
  for (let episode = episodes.next(); episode !== undefined; episode = episodes.next()) {
    const { fromMs, toMs, number } = episode;
    const victims = schedule.kind === 'once' ? nodes : [victimOf(seed, name, number, nodes)];
    for (const node of victims) yield { node, fromMs, toMs, disk };
  }
}
