/** How often each operation was called, and what came of it. */

import type { Operation } from '../check/history.ts';

/** The operations of one name. */
export interface OperationCounts {
  readonly called: number;
  readonly ok: number;
  readonly fail: number;
  /** Nobody knows. */
  readonly info: number;
}

/** The counts by name. */
export function operationCounts(
  operations: readonly Operation[],
): Readonly<Record<string, OperationCounts>> {
  const counts: Record<string, { called: number; ok: number; fail: number; info: number }> = {};
  for (const { f, outcome } of operations) {
    const own = (counts[f] ??= { called: 0, ok: 0, fail: 0, info: 0 });
    own.called++;
    own[outcome]++;
  }
  return counts;
}
