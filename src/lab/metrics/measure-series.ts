/** A chapter's measures over time. */

import type { Measure } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { ValueMap } from '../../core/value.ts';
import { measured } from './measured.ts';
import type { Metric } from './run-metrics.ts';
import type { StateTaker } from './shown-states.ts';
import { LastSeries, type TimeBins } from './time-bins.ts';

/** The measures of one run. */
export class MeasureSeries implements StateTaker {
  readonly #lines: readonly { readonly measure: Measure; readonly series: LastSeries }[];

  constructor(measures: readonly Measure[], bins: TimeBins) {
    this.#lines = measures.map((measure) => ({ measure, series: bins.add(new LastSeries()) }));
  }

  get isWanted(): boolean {
    return this.#lines.length > 0;
  }

  take(bin: number, states: ReadonlyMap<NodeId, ValueMap>): void {
    for (const { measure, series } of this.#lines) {
      const value = measured(measure, states);
      if (value !== undefined) series.set(bin, value);
    }
  }

  /** A chart for each measure, up to bin `count`. */
  metrics(count: number): Metric[] {
    return this.#lines.map(({ measure: { name, unit }, series }) => ({
      name,
      unit,
      lines: [{ name: 'all nodes', values: series.upTo(count) }],
    }));
  }
}
