/** What the judges of workloads have in common: they read operations, and say which they cannot. */

import type { ValueMap } from '../../core/value.ts';
import { HistoryError, type Operation } from '../history.ts';

/** The operations of these names. @throws {HistoryError} when there are others that are not in `ignored` */
export function operationsNamed(
  operations: readonly Operation[],
  names: readonly string[],
  ignored: readonly string[] = [],
): Operation[] {
  return operations.filter(({ f, invoked }) => {
    if (names.includes(f)) return true;
    if (ignored.includes(f)) return false;
    throw new HistoryError(
      invoked,
      `this workload has no operation ${f} (it has ${names.join(', ')})`,
    );
  });
}

/** The event that a malformed answer is in. */
export function answerError({ returned }: Operation, problem: string): HistoryError {
  return new HistoryError(returned, problem);
}

/** The event that a malformed call is in. */
export function callError({ invoked }: Operation, problem: string): HistoryError {
  return new HistoryError(invoked, problem);
}

/** Points of a distribution as Jepsen reports them: what this share of the values does not exceed. */
export function quantiles(values: readonly number[]): ValueMap {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return {};
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return Object.fromEntries([0, 0.5, 0.95, 0.99, 1].map((share) => [String(share), at(share)]));
}
