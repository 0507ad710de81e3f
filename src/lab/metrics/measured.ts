/** A chapter's measures, taken of what nodes show while a run goes on, or report at its end. */

import type { DashboardChart, Measure } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { RunResult } from '../../core/result.ts';
import type { ValueMap } from '../../core/value.ts';

/**
 * One measure; undefined where there is nothing to say. What nodes say of themselves may come from other tabs, and be anything: a measure that
 * fails at it says nothing.
 */
export function measured(
  { of }: Measure,
  states: ReadonlyMap<NodeId, ValueMap>,
): number | undefined {
  try {
    const value = states.size === 0 ? undefined : of([...states.values()], [...states.keys()]);
    return value === undefined || !Number.isFinite(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The lines of a chart, likewise; undefined where there is nothing to say of one yet. */
export function measuredLines(
  { lines }: DashboardChart,
  states: ReadonlyMap<NodeId, ValueMap>,
): [name: string, value: number | undefined][] {
  try {
    const values = states.size === 0 ? {} : lines([...states.values()], [...states.keys()]);
    return Object.entries(values).map(([name, value]) => [
      name,
      Number.isFinite(value) ? value : undefined,
    ]);
  } catch {
    return [];
  }
}

/** The result with the chapter's measures of what the correct nodes report. */
export function withMeasures(result: RunResult, measures: readonly Measure[] = []): RunResult {
  const correct = Object.entries(result.nodes).filter(([, { fault }]) => fault === undefined);
  const reports = new Map(correct.map(([id, { report }]) => [id, report]));
  const values = measures.flatMap((measure): [string, number][] => {
    const value = measured(measure, reports);
    return value === undefined ? [] : [[measure.name, value]];
  });
  return values.length === 0 ? result : { ...result, measures: Object.fromEntries(values) };
}
