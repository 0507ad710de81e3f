/** Runs under faults, as short as a test can say it. */

import type { AlgorithmClass } from '../../src/core/algorithm.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import type { FaultKind } from '../../src/core/faults/kinds.ts';
import type { TraceEvent } from '../../src/core/trace.ts';
import { events, planOf, simulatePlan, type Run, type RunOptions } from '../support/simulate.ts';

/** Runs an algorithm under faults. */
export function stormy(
  algorithm: AlgorithmClass,
  faults: Faults,
  options: RunOptions = {},
): Promise<Run> {
  return simulatePlan({ ...planOf(algorithm, options), faults }, options);
}

type FaultEvent = Extract<TraceEvent, { readonly kind: 'fault' }>;

/** The events of one fault. */
export function firings(run: Run, fault: FaultKind): readonly FaultEvent[] {
  return events(run, 'fault').filter((event) => event.fault === fault);
}
