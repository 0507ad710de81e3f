/**
 * What a run's events say in numbers over time: messages, bytes, latency, messages under way, and the numbers in the nodes' states.
 *
 * Each event is looked at once, while the run goes on; however long it becomes, the result has at most {@link BINS_MAX} points.
 */

import { Histogram } from '../../check/trace/histogram.ts';
import type { Dashboard, Measure } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { Value } from '../../core/value.ts';
import type { Recording } from '../playback.ts';
import { DashboardSeries } from './dashboard-series.ts';
import { MeasureSeries } from './measure-series.ts';
import { ShownStates } from './shown-states.ts';
import { LastSeries, SumSeries, TimeBins, type Binned } from './time-bins.ts';

/** Kinds of messages with a line of their own; the others share one. */
const KINDS_MAX = 12;

/** Numbers of the state that are followed: more would be noise, and a hostile state may have any number. */
const FIELDS_MAX = 16;

/** Nodes whose numbers are followed: more lines than that say nothing in one picture. */
const NODES_MAX = 24;

/** The kinds beyond {@link KINDS_MAX}. */
const OTHERS = 'others';

/** A line of a chart. */
export interface MetricLine {
  readonly name: string;
  /** One value a point; null where there is none. */
  readonly values: readonly (number | null)[];
  /** It says where the others should come to. */
  readonly isAim?: boolean;
}

/** One chart. */
export interface Metric {
  readonly name: string;
  /** What the values are counted in, e.g. `ms`. */
  readonly unit: string;
  readonly lines: readonly MetricLine[];
}

/** Charts under one heading. */
export interface MetricGroup {
  readonly name: string;
  readonly metrics: readonly Metric[];
}

/** All charts of a run over the same points. */
export interface MetricTable {
  /** Milliseconds of the run at the end of each point's stretch. */
  readonly times: readonly number[];
  /** What every run has: its messages. */
  readonly metrics: readonly Metric[];
  /** What the chapter measures of all nodes. */
  readonly measures: readonly Metric[];
  /** The chapter's own, by their headings. */
  readonly dashboards: readonly MetricGroup[];
  /** Numbers in the state of the outermost algorithm, a line a node. */
  readonly fields: readonly Metric[];
}

/** Takes a run's events as they come. */
export class RunMetrics {
  readonly #bins = new TimeBins();
  readonly #sent = new Map<string, SumSeries>();
  readonly #sentBytes = this.#bins.add(new SumSeries());
  readonly #arrivedBytes = this.#bins.add(new SumSeries());
  readonly #dropped = this.#bins.add(new SumSeries());
  readonly #underWay = this.#bins.add(new SumSeries());
  readonly #latency = this.#bins.add(new HistogramSeries());
  readonly #fields = new Map<string, Map<NodeId, LastSeries>>();
  readonly #shown: ShownStates;
  readonly #measures: MeasureSeries;
  readonly #dashboards: DashboardSeries;
  #recording: Recording | undefined;
  #length = 0;

  /** @param measures of the chapter that runs, as its dashboards */
  constructor(measures: readonly Measure[] = [], dashboards: readonly Dashboard[] = []) {
    this.#measures = new MeasureSeries(measures, this.#bins);
    this.#dashboards = new DashboardSeries(dashboards, this.#bins);
    this.#shown = new ShownStates([this.#measures, this.#dashboards]);
  }

  /** Takes in what the recording has got since the last call; another recording begins anew in another object. */
  extend(recording: Recording): void {
    this.#recording = recording;
    for (; this.#length < recording.length; this.#length++) {
      this.#take(recording.events[this.#length]!, this.#length);
    }
  }

  /** Everything so far. */
  table(): MetricTable {
    const { count, widthMs } = this.#bins;
    const points = Array.from({ length: count }, (_, bin) => bin);
    const perSecond = (series: SumSeries) => points.map((bin) => (series.at(bin) * 1000) / widthMs);
    let underWay = 0;
    const latency = points.map((bin) => this.#latency.at(bin)?.quantiles());
    const metrics: Metric[] = [
      {
        name: 'Messages sent',
        unit: 'per second',
        lines: Array.from(this.#sent, ([name, series]) => ({ name, values: perSecond(series) })),
      },
      {
        name: 'Bytes',
        unit: 'per second',
        lines: [
          { name: 'sent', values: perSecond(this.#sentBytes) },
          { name: 'arrived', values: perSecond(this.#arrivedBytes) },
        ],
      },
      {
        name: 'Latency',
        unit: 'ms',
        lines: (['p50', 'p90', 'p99'] as const).map((name) => ({
          name,
          values: latency.map((quantiles) => quantiles?.[name] ?? null),
        })),
      },
      {
        name: 'Messages under way',
        unit: 'messages',
        lines: [
          { name: 'under way', values: points.map((bin) => (underWay += this.#underWay.at(bin))) },
        ],
      },
    ];
    if (points.some((bin) => this.#dropped.at(bin) > 0)) {
      const values = points.map((bin) => this.#dropped.at(bin));
      metrics.push({ name: 'Dropped', unit: 'messages', lines: [{ name: 'dropped', values }] });
    }
    this.#shown.take(Math.max(0, count - 1));
    return {
      times: points.map((bin) => (bin + 1) * widthMs),
      metrics,
      measures: this.#measures.metrics(count),
      dashboards: this.#dashboards.groups(count, widthMs),
      fields: Array.from(this.#fields, ([name, nodes]) => ({
        name,
        unit: '',
        lines: Array.from(nodes, ([id, series]) => ({ name: id, values: series.upTo(count) })),
      })),
    };
  }

  #take(event: TraceEvent, index: number): void {
    const bin = this.#bins.at(event.time);
    this.#shown.reach(bin);
    switch (event.kind) {
      case 'send':
        this.#sentOf(event.type).add(bin, 1);
        this.#sentBytes.add(bin, event.bytes);
        this.#underWay.add(bin, 1);
        // Live, it may have arrived by its receiver's clock before it was sent by its sender's.
        this.#arrive(event, index, bin);
        return;
      case 'deliver':
        this.#arrivedBytes.add(bin, event.bytes);
        this.#arrive(event, index, bin);
        return;
      case 'drop':
        this.#dropped.add(bin, 1);
        this.#arrive(event, index, bin);
        return;
      case 'fault':
        // What the weather took never arrives.
        if (event.message !== undefined && LOSSES.has(event.fault)) this.#underWay.add(bin, -1);
        return;
      case 'status':
        if (event.status === 'departed' || event.status === 'failed') {
          this.#shown.forget(event.node);
        }
        return;
      case 'state':
        if (event.path.includes('.')) break;
        this.#shown.note(event.node, event.state);
        this.#note(event.node, event.state, bin);
        break;
      default:
    }
  }

  /** Counts an arrival with the later of its two events. A copy of a message that had arrived before was never under way for itself. */
  #arrive(event: TraceEvent, index: number, bin: number): void {
    const flight = this.#recording!.flightOf(event);
    if (flight?.arriveIndex === undefined) return;
    if (Math.max(flight.arriveIndex, flight.sendIndex) !== index) return;
    this.#underWay.add(bin, -1);
    this.#latency.add(bin, flight.arrivedAt! - flight.sentAt);
  }

  #sentOf(type: string): SumSeries {
    const name = this.#sent.has(type) || this.#sent.size < KINDS_MAX ? type : OTHERS;
    let series = this.#sent.get(name);
    if (series === undefined) {
      series = this.#bins.add(new SumSeries());
      this.#sent.set(name, series);
    }
    return series;
  }

  #note(node: NodeId, state: Value, bin: number): void {
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return;
    for (const [field, value] of Object.entries(state)) {
      if (typeof value !== 'number') continue;
      let nodes = this.#fields.get(field);
      if (nodes === undefined) {
        if (this.#fields.size >= FIELDS_MAX) continue;
        nodes = new Map();
        this.#fields.set(field, nodes);
      }
      let series = nodes.get(node);
      if (series === undefined) {
        if (nodes.size >= NODES_MAX) continue;
        series = this.#bins.add(new LastSeries());
        nodes.set(node, series);
      }
      series.set(bin, value);
    }
  }
}

/** Faults that take a message off the wire. */
const LOSSES: ReadonlySet<string> = new Set(['loss', 'partition']);

/** Values of each bin, for percentiles. */
class HistogramSeries implements Binned {
  readonly #histograms: (Histogram | undefined)[] = [];

  add(bin: number, value: number): void {
    (this.#histograms[bin] ??= new Histogram()).add(value);
  }

  at(bin: number): Histogram | undefined {
    return this.#histograms[bin];
  }

  halve(): void {
    const half = Math.ceil(this.#histograms.length / 2);
    for (let bin = 0; bin < half; bin++) {
      const [left, right] = [this.#histograms[2 * bin], this.#histograms[2 * bin + 1]];
      if (left !== undefined && right !== undefined) left.merge(right);
      this.#histograms[bin] = left ?? right;
    }
    this.#histograms.length = half;
  }
}
