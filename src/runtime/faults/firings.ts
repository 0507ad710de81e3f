/** Counts what really happened: a fault that is planned and never fires has tested nothing. */

import type { FaultCounts, FaultKind } from '../../core/faults/kinds.ts';
import type { FaultPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Value } from '../../core/value.ts';

/** A fault that fired. */
export interface Firing {
  readonly fault: FaultKind;
  /** Where it happened, or who sent the message that it happened to. */
  readonly node: NodeId;
  readonly detail: string;
  readonly to?: NodeId;
  readonly message?: MessageId;
  readonly body?: Value;
}

/** The counts of one run. */
export class Firings {
  readonly #plan: FaultPlan;
  readonly #counts: Partial<Record<FaultKind, number>> = {};
  readonly #listen: ((firing: Firing) => void) | undefined;

  /** @param listen hears of each, for the trace */
  constructor(plan: FaultPlan, listen?: (firing: Firing) => void) {
    this.#plan = plan;
    this.#listen = listen;
    for (const kind of plan.kinds) this.#counts[kind] = 0;
  }

  /** Something fired. */
  add(firing: Firing): void {
    this.#counts[firing.fault] = (this.#counts[firing.fault] ?? 0) + 1;
    this.#listen?.(firing);
  }

  /** How often each has fired; those planned that never did are 0. */
  get counts(): FaultCounts {
    return { ...this.#counts };
  }

  /** Those that were expected and never fired. */
  get missing(): readonly FaultKind[] {
    return this.#plan.expected.filter((kind) => (this.#counts[kind] ?? 0) === 0);
  }
}

/**
 * What is wrong with a run whose faults never fired; undefined when nothing is.
 *
 * @param missing see {@link Firings.missing}; of a live run: what no node has seen
 */
export function neverFired(missing: readonly FaultKind[], endedMs: number): string | undefined {
  if (missing.length === 0) return undefined;
  const reason = missing.map((kind) => `${kind}: ${WHY_NOT[kind]}`).join('; ');
  return `the plan expects these faults, and they never fired in ${Math.round(endedMs)} ms: ${reason}`;
}

/** Where to look when a fault never fires. */
const WHY_NOT: Readonly<Record<FaultKind, string>> = {
  loss: 'too few messages for its share, or none on its links',
  duplication: 'too few messages for its share, or none on its links',
  reordering: 'no message was overtaken; messages of a link come too seldom for that',
  bandwidth: 'no message went over the slow links',
  partition: 'no message was sent between the parts while it lasted',
  crash: 'the run, or that node, had ended before',
  restart: 'the run had ended before the node came back',
  amnesia: 'nothing was on the disk',
  unsynced: 'no write was under way at the crash',
  torn: 'no write of several entries was under way at the crash',
  damaged: 'nothing was on the disk',
  full: 'nothing was written while the disk was full',
  refused: 'nothing was written while the disk refused it',
  pause: 'nothing came for the node while it stood still',
  clock: 'nobody looked at the wrong clock',
  equivocate: 'the liar said nothing that can be told differently',
  forge: 'the liar said nothing',
  replay: 'the liar said too little to repeat',
  withhold: 'the liar had nothing to say to those concerned',
  delay: 'the liar had nothing to say to those concerned',
  corrupt: 'the liar said nothing',
  twins: 'the second copy said nothing',
};
