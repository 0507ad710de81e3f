/**
 * Counters: every read must lie between what must have been added by then and what may have been.
 *
 * `final` is Maelstrom's check of g-counter and pn-counter, for counters that converge: only reads called after the last add had ended count,
 * of each process the last; each must be the sum of the acknowledged adds and of some of those without an answer. `every` is Jepsen's counter
 * check, for counters that never answer with the past: every read lies between the sum of what was acknowledged before its call
 * and the sum of what was called before its return.
 */

import type { ValueMap } from '../../core/value.ts';
import { nameOf, type Operation } from '../history.ts';
import { shown } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { answerError, callError, operationsNamed } from './workload.ts';

/** Sums kept at most; beyond that only their bounds are known. */
const SUMS_MAX = 100_000;

/** Judges `add` delta (also `increment`, `decrement`) and `read` → sum. */
export function checkCounter(
  operations: readonly Operation[],
  { reads: which, initial = 0 }: { readonly reads: 'final' | 'every'; readonly initial?: number },
): Verdict {
  const own = operationsNamed(operations, ['add', 'increment', 'decrement', 'read']);
  const adds = own
    .filter(({ f, outcome }) => f !== 'read' && outcome !== 'fail')
    .map((operation) => ({ operation, delta: deltaOf(operation) }));
  const reads = own.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
  for (const read of reads) valueOf(read);
  return which === 'final' ? checkFinal(adds, reads, initial) : checkEvery(adds, reads, initial);
}

interface Add {
  readonly operation: Operation;
  readonly delta: number;
}

function deltaOf(operation: Operation): number {
  const { f, input } = operation;
  const by = f === 'add' ? input : (input ?? 1);
  if (typeof by !== 'number')
    throw callError(operation, `${f} takes a number, not ${shown(input)}`);
  return f === 'decrement' ? -by : by;
}

function valueOf(read: Operation): number {
  if (typeof read.output === 'number') return read.output;
  throw answerError(read, `a read of a counter returns a number, not ${shown(read.output!)}`);
}

function checkFinal(adds: readonly Add[], reads: readonly Operation[], initial: number): Verdict {
  const settled = adds.reduce((latest, { operation: { invoked, returned } }) => {
    return Math.max(latest, returned < Infinity ? returned : invoked);
  }, -1);
  const last = new Map<string | number, Operation>();
  for (const read of reads) if (read.invoked > settled) last.set(read.process, read);
  const isSure = ({ operation }: Add) => operation.outcome === 'ok';
  const sure = adds.filter(isSure).reduce((sum, { delta }) => sum + delta, initial);
  const unsure = adds.filter((add) => !isSure(add)).map(({ delta }) => delta);
  const sums = subsetSums(sure, unsure);
  const [low, high] = boundsOf(sure, unsure);
  const findings = new Findings();
  let isUndecided = false;
  for (const read of last.values()) {
    const value = valueOf(read);
    if (value < low || value > high || sums?.has(value) === false) {
      const may = low === high ? `${low}` : `${low} to ${high}`;
      findings.add(
        'wrong-sum',
        [read.index],
        () => `${nameOf(read)} is ${value}, it may be ${may}`,
      );
    } else if (sums === undefined && value !== low && value !== high) isUndecided = true;
  }
  const unknown =
    last.size === 0
      ? 'no read was called after the last add had ended'
      : isUndecided
        ? 'too many adds without an answer to know every sum'
        : undefined;
  const facts: ValueMap = { adds: adds.length, final_reads: last.size, low, high };
  return findings.verdict('the final reads are sums of the adds', { facts, unknown });
}

/** Every sum of `base` and some of the deltas; undefined when there are too many. */
function subsetSums(base: number, deltas: readonly number[]): ReadonlySet<number> | undefined {
  let sums = new Set([base]);
  for (const delta of deltas) {
    const next = new Set(sums);
    for (const sum of sums) next.add(sum + delta);
    if (next.size > SUMS_MAX) return undefined;
    sums = next;
  }
  return sums;
}

function boundsOf(base: number, deltas: readonly number[]): readonly [number, number] {
  return [
    deltas.reduce((sum, delta) => sum + Math.min(0, delta), base),
    deltas.reduce((sum, delta) => sum + Math.max(0, delta), base),
  ];
}

/** Sweeps over the events: what is certain at a read's call, what is possible until its return. */
function checkEvery(adds: readonly Add[], reads: readonly Operation[], initial: number): Verdict {
  // What an add that was called may have done, and what one that was acknowledged must have done.
  const calls = new Steps(adds.map(({ operation, delta }) => [operation.invoked, delta]));
  const acknowledged = adds.filter(({ operation }) => operation.outcome === 'ok');
  const returns = new Steps(
    acknowledged.map(({ operation, delta }) => [operation.returned, delta]),
  );
  const findings = new Findings();
  for (const read of reads) {
    const before = returns.until(read.invoked);
    const called = calls.until(read.returned);
    const low = initial + before.gained + called.lost;
    const high = initial + before.lost + called.gained;
    const value = valueOf(read);
    if (value >= low && value <= high) continue;
    const detail = () => `${nameOf(read)} is ${value}, it may be ${low} to ${high}`;
    findings.add('out-of-bounds', [read.index], detail);
  }
  const unknown = reads.length === 0 ? 'nothing was read' : undefined;
  const facts: ValueMap = { adds: adds.length, reads: reads.length };
  return findings.verdict(`all ${reads.length} reads lie within their bounds`, { facts, unknown });
}

/** Sums of the positive and of the negative deltas up to an event. */
class Steps {
  readonly #events: readonly number[];
  readonly #gained: number[] = [0];
  readonly #lost: number[] = [0];

  constructor(steps: readonly (readonly [event: number, delta: number])[]) {
    const sorted = steps.toSorted(([a], [b]) => a - b);
    this.#events = sorted.map(([event]) => event);
    for (const [, delta] of sorted) {
      this.#gained.push(this.#gained.at(-1)! + Math.max(0, delta));
      this.#lost.push(this.#lost.at(-1)! + Math.min(0, delta));
    }
  }

  until(event: number): { readonly gained: number; readonly lost: number } {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]! < event) low = middle + 1;
      else high = middle;
    }
    return { gained: this.#gained[low]!, lost: this.#lost[low]! };
  }
}
