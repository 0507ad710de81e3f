/** Counts of faults that fired, summed up. */

import type { FaultCounts, FaultKind } from '../../core/faults/kinds.ts';

/** Adds counts to counts. */
export function addCounts(sum: Partial<Record<FaultKind, number>>, counts: FaultCounts): void {
  for (const [kind, count] of Object.entries(counts) as [FaultKind, number][]) {
    sum[kind] = (sum[kind] ?? 0) + count;
  }
}
