/** Compares two traces: where they part for the first time, what came directly before, and why it probably happened. */

import { likelyCauses } from './diff-causes.ts';
import { RecentPast, type PastEvent } from './recent-past.ts';
import type { TraceFacts, TraceRecord } from './trace-record.ts';

/** A trace to compare. */
export interface ComparedTrace {
  readonly facts: TraceFacts;
  readonly records: Iterable<TraceRecord>;
}

/** A fact in which the headers differ; undefined where one does not say. */
export interface FactDifference {
  readonly fact: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** One trace at the place where they part. */
export interface DiffSide {
  /** Undefined where the trace has ended. */
  readonly record: TraceRecord | undefined;
  /** What it follows directly. */
  readonly before: readonly PastEvent[];
  /** Events from here to the end. */
  readonly left: number;
}

/** How two traces differ. */
export interface TraceDifference {
  /** Events that are the same, up to the first that is not. */
  readonly same: number;
  readonly facts: readonly FactDifference[];
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Why, in sentences, the likeliest first. */
  readonly causes: readonly string[];
}

/** Events behind the difference that are looked at for its cause. */
const AHEAD_MAX = 2000;

/** Facts that say how a trace came to be written, not how its run went. */
const CIRCUMSTANCES = new Set(['parley_trace', 'parley', 'files']);

/** The first difference; undefined when every event of both is the same, byte by byte. */
export function compareTraces(a: ComparedTrace, b: ComparedTrace): TraceDifference | undefined {
  const [left, right] = [a.records[Symbol.iterator](), b.records[Symbol.iterator]()];
  const past = new RecentPast();
  for (let same = 0; ; same++) {
    const [ofA, ofB] = [next(left), next(right)];
    if (ofA === undefined && ofB === undefined) return undefined;
    if (ofA !== undefined && ofA.line === ofB?.line) {
      past.take(ofA);
      continue;
    }
    const facts = differingFacts(a.facts, b.facts);
    const sideA = readOn(ofA, left, past);
    const sideB = readOn(ofB, right, past);
    const before = { a: sideA.side.before, b: sideB.side.before };
    const causes = likelyCauses({ same, facts, a: sideA.ahead, b: sideB.ahead, before });
    return { same, facts, a: sideA.side, b: sideB.side, causes };
  }
}

/** The facts that the headers state differently. */
export function differingFacts(a: TraceFacts, b: TraceFacts): FactDifference[] {
  const names = [a, b].map((facts) =>
    Object.keys(facts).filter((fact) => !CIRCUMSTANCES.has(fact)),
  );
  // Nothing can be said when one of them has no header at all.
  if (names.some((known) => known.length === 0)) return [];
  return [...new Set(names.flat())]
    .filter((fact) => JSON.stringify(a[fact]) !== JSON.stringify(b[fact]))
    .map((fact) => ({ fact, a: a[fact], b: b[fact] }));
}

function readOn(
  record: TraceRecord | undefined,
  rest: Iterator<TraceRecord>,
  past: RecentPast,
): { readonly side: DiffSide; readonly ahead: readonly TraceRecord[] } {
  const ahead: TraceRecord[] = [];
  let left = 0;
  for (let at = record; at !== undefined; at = next(rest)) {
    left++;
    if (ahead.length < AHEAD_MAX) ahead.push(at);
  }
  const before = record === undefined ? [] : past.before(record.event);
  return { side: { record, before, left }, ahead };
}

function next(records: Iterator<TraceRecord>): TraceRecord | undefined {
  const { value, done } = records.next();
  return done === true ? undefined : value;
}
