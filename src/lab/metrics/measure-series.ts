/** A chapter's measures over time: taken of what all nodes show when a bin is full, not after every event. */

import type { Measure } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { measured } from './measured.ts';
import type { Metric } from './run-metrics.ts';
import { LastSeries, type TimeBins } from './time-bins.ts';

/** Nodes beyond which measures are not taken: some look at every pair, and a page has other things to do. */
const MEASURED_NODES_MAX = 200;

/** The measures of one run. */
export class MeasureSeries {
  readonly #lines: readonly { readonly measure: Measure; readonly series: LastSeries }[];
  readonly #bins: TimeBins;
  readonly #states = new Map<NodeId, ValueMap>();
  #bin = 0;
  #hasNews = false;

  constructor(measures: readonly Measure[], bins: TimeBins) {
    this.#bins = bins;
    this.#lines = measures.map((measure) => ({ measure, series: bins.add(new LastSeries()) }));
  }

  /** Everything from here on belongs to this bin: the one before is full. A wider bin may have taken its place. */
  reach(bin: number): void {
    if (bin === this.#bin) return;
    this.#take(Math.min(this.#bin, bin));
    this.#bin = bin;
  }

  /** A node shows this now. */
  note(node: NodeId, state: Value): void {
    if (this.#lines.length === 0 || typeof state !== 'object' || state === null) return;
    if (Array.isArray(state) || state instanceof Uint8Array) return;
    this.#states.set(node, state as ValueMap);
    this.#hasNews = true;
  }

  /** A node is gone: what it showed last counts no more. */
  forget(node: NodeId): void {
    if (this.#states.delete(node)) this.#hasNews = true;
  }

  /** A chart for each measure, up to bin `count`. */
  metrics(count: number): Metric[] {
    this.#take(Math.min(this.#bin, Math.max(0, this.#bins.count - 1)));
    return this.#lines.map(({ measure: { name, unit }, series }) => ({
      name,
      unit,
      lines: [{ name: 'all nodes', values: series.upTo(count) }],
    }));
  }

  #take(bin: number): void {
    if (!this.#hasNews || this.#states.size > MEASURED_NODES_MAX) return;
    this.#hasNews = false;
    for (const { measure, series } of this.#lines) {
      const value = measured(measure, this.#states);
      if (value !== undefined) series.set(bin, value);
    }
  }
}
