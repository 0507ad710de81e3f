/** A chapter's dashboards over time. */

import type { Dashboard, DashboardChart } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { ValueMap } from '../../core/value.ts';
import { measuredLines } from './measured.ts';
import type { Metric, MetricGroup, MetricLine } from './run-metrics.ts';
import type { StateTaker } from './shown-states.ts';
import { LastSeries, type TimeBins } from './time-bins.ts';

/** Lines of one chart: more say nothing in one picture, and names may come from other tabs. */
const LINES_MAX = 24;

/** One chart, and its lines by their names. */
interface Drawn {
  readonly chart: DashboardChart;
  readonly lines: Map<string, LastSeries>;
}

/** `n2` before `n10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** The dashboards of one run. */
export class DashboardSeries implements StateTaker {
  readonly #dashboards: readonly { readonly name: string; readonly drawn: readonly Drawn[] }[];
  readonly #bins: TimeBins;
  readonly #nodes = new Set<NodeId>();

  constructor(dashboards: readonly Dashboard[], bins: TimeBins) {
    this.#bins = bins;
    this.#dashboards = dashboards.map(({ name, charts }) => ({
      name,
      drawn: charts.map((chart) => ({ chart, lines: new Map() })),
    }));
  }

  get isWanted(): boolean {
    return this.#dashboards.length > 0;
  }

  take(bin: number, states: ReadonlyMap<NodeId, ValueMap>): void {
    for (const id of states.keys()) this.#nodes.add(id);
    for (const { drawn } of this.#dashboards) {
      for (const { chart, lines } of drawn) {
        for (const [name, value] of measuredLines(chart, states)) {
          // A line that has nothing to say yet has its place, and its colour.
          const series = this.#seriesOf(lines, name);
          if (value !== undefined) series?.set(bin, value);
        }
      }
    }
  }

  /** The charts that have something to show, up to bin `count`; each bin is so many milliseconds wide. */
  groups(count: number, widthMs: number): MetricGroup[] {
    const groups = this.#dashboards.map(({ name, drawn }) => ({
      name,
      metrics: drawn
        .filter(({ lines }) => lines.size > 0)
        .map(({ chart, lines }): Metric => {
          const { name: title, unit, isRate = false, aim } = chart;
          const shown = this.#inOrder(lines).map(([line, series]): MetricLine => {
            const values = series.upTo(count);
            const shape = { name: line, values: isRate ? growth(values, widthMs) : values };
            return line === aim ? { ...shape, isAim: true } : shape;
          });
          return { name: title, unit, lines: shown };
        }),
    }));
    return groups.filter(({ metrics }) => metrics.length > 0);
  }

  /** What is said of all nodes as the chapter says it; then a node after the other, in whatever order they came. */
  #inOrder(lines: ReadonlyMap<string, LastSeries>): [string, LastSeries][] {
    const all = [...lines];
    const isNode = ([line]: [string, unknown]): boolean => this.#nodes.has(line);
    const nodes = all.filter(isNode).toSorted(([a], [b]) => byNumber.compare(a, b));
    return [...all.filter((entry) => !isNode(entry)), ...nodes];
  }

  #seriesOf(lines: Map<string, LastSeries>, name: string): LastSeries | undefined {
    const known = lines.get(name);
    if (known !== undefined || lines.size >= LINES_MAX) return known;
    const series = this.#bins.add(new LastSeries());
    lines.set(name, series);
    return series;
  }
}

/** How much counts grow in a second. A node that has gone, or begins anew, takes its count with it: that is no growth. */
function growth(values: readonly (number | null)[], widthMs: number): (number | null)[] {
  return values.map((value, bin) => {
    if (value === null) return null;
    const before = bin === 0 ? 0 : (values[bin - 1] ?? value);
    return (Math.max(0, value - before) * 1000) / widthMs;
  });
}
