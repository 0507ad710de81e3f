import { describe, expect, test } from 'vitest';
import { chapter as average } from '../../../../src/algorithms/gossip_average/index.ts';
import { chapter as gbps } from '../../../../src/algorithms/gbps/index.ts';
import {
  ageMeasure,
  clusteringMeasure,
  deadLinksMeasure,
  inDegreeMeasure,
} from '../../../../src/algorithms/overlay-measures.ts';
import { measured, withMeasures } from '../../../../src/lab/metrics/measured.ts';
import { MeasureSeries } from '../../../../src/lab/metrics/measure-series.ts';
import { ShownStates } from '../../../../src/lab/metrics/shown-states.ts';
import { TimeBins } from '../../../../src/lab/metrics/time-bins.ts';
import { Random } from '../../../../src/core/random.ts';
import { measureOverlay } from '../../../../src/lab/overlay/metrics.ts';
import { overlaySpec } from '../../../../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../../../../src/lab/overlay/run-overlay.ts';
import { ViewSamples } from '../../../../src/lab/overlay/view-samples.ts';
import { summarize } from '../../../../src/lab/run-result.ts';
import { planOf } from '../../../../src/lab/run-spec.ts';
import { RunMetrics } from '../../../../src/lab/metrics/run-metrics.ts';
import { Recording } from '../../../../src/lab/playback.ts';
import { simulatePlan } from '../../../support/simulate.ts';

const MAX = {
  name: 'Largest',
  unit: '',
  of: (states: readonly { x: number }[]) => Math.max(...states.map(({ x }) => x)),
};

describe('measures of an overlay', () => {
  const ids = ['a', 'b', 'c'];
  const states = (...views: readonly (readonly string[])[]) => views.map((view) => ({ view }));

  test('in-degrees: 0 where all are known equally well', () => {
    expect(inDegreeMeasure.of(states(['b'], ['c'], ['a']), ids)).toBe(0);
    expect(inDegreeMeasure.of(states(['b'], [], ['b']), ids)).toBeCloseTo(Math.sqrt(8 / 9), 12);
    // Whoever is gone is known by some, and is no node of the overlay.
    expect(inDegreeMeasure.of(states(['b', 'gone'], ['c', 'gone'], ['a']), ids)).toBe(0);
  });

  test('clustering: 1 in a triangle, 0 in a line', () => {
    expect(clusteringMeasure.of(states(['b'], ['c'], ['a']), ids)).toBe(1);
    expect(clusteringMeasure.of(states(['b'], ['c'], []), ids)).toBe(0);
    expect(clusteringMeasure.of(states([], [], []), ids)).toBeUndefined();
  });

  test('dead links: each once for every node that has it', () => {
    expect(deadLinksMeasure.of(states(['b'], ['c'], ['a']), ids)).toBe(0);
    expect(deadLinksMeasure.of(states(['b', 'gone', 'gone'], ['gone', 'lost'], []), ids)).toBe(3);
  });

  test('ages: of descriptors alone', () => {
    const view = [
      { peer: 'b', age: 2 },
      { peer: 'c', age: 4 },
    ];
    expect(ageMeasure.of([{ view }, { view: [] }], ['a', 'b'])).toBe(3);
    expect(ageMeasure.of(states(['b']), ['a'])).toBeUndefined();
  });
});

test('what the lab plots of an overlay is what `parley overlay --json` says of it, before and after a crash', () => {
  const engine = createOverlay(overlaySpec({ nodes: 60, viewSize: 8, heal: 2, swap: 2, seed: 5 }));
  const all = Array.from({ length: 60 }, (_, node) => node);
  const compare = () => {
    const living = all.filter((node) => engine.alive[node] === 1);
    const ids = living.map((node) => `n${node}`);
    const states = living.map((node) => ({
      view: Array.from({ length: engine.degree(node) }, (_, at) => {
        return `n${engine.peerAt(node * engine.capacity + at)}`;
      }),
    }));
    const { in_degree, clustering, dead_links } = measureOverlay(engine, Random.stream(1, 'plots'));
    expect(inDegreeMeasure.of(states, ids)).toBeCloseTo(in_degree.sd, 9);
    expect(clusteringMeasure.of(states, ids)).toBeCloseTo(clustering!, 9);
    expect(deadLinksMeasure.of(states, ids)).toBe(dead_links);
    return dead_links;
  };
  for (let cycle = 0; cycle < 12; cycle++) engine.cycle();
  expect(compare()).toBe(0);
  for (let node = 0; node < 60; node += 2) engine.kill(node);
  const crashed = compare();
  expect(crashed).toBeGreaterThan(60);
  for (let cycle = 0; cycle < 3; cycle++) engine.cycle();
  expect(compare()).toBeLessThan(crashed);
});

test('whoever is gone counts no more', () => {
  const bins = new TimeBins();
  const series = new MeasureSeries([MAX], bins);
  const shown = new ShownStates([series]);
  shown.note('n1', { x: 9 });
  shown.note('n2', { x: 4 });
  shown.reach(bins.at(bins.widthMs));
  shown.forget('n1');
  shown.take(1);
  expect(series.metrics(2)[0]!.lines[0]!.values).toEqual([9, 4]);
});

test('what fails, or is no number, is nothing', () => {
  const measure = (of: () => number) => ({ name: 'm', unit: '', of });
  const state = new Map([['n1', {}]]);
  expect(
    measured(
      measure(() => 3),
      state,
    ),
  ).toBe(3);
  expect(
    measured(
      measure(() => NaN),
      state,
    ),
  ).toBeUndefined();
  expect(
    measured(
      measure(() => {
        throw new Error('hostile');
      }),
      state,
    ),
  ).toBeUndefined();
  expect(
    measured(
      measure(() => 3),
      new Map(),
    ),
  ).toBeUndefined();
});

test('a series has the value at the end of each bin, and the one before where nothing changed', () => {
  const bins = new TimeBins();
  const series = new MeasureSeries([MAX], bins);
  const shown = new ShownStates([series]);
  const at = (time: number, node: string, x: number) => {
    shown.reach(bins.at(time));
    shown.note(node, { x });
  };
  at(0, 'a', 1);
  at(0.1, 'b', 5);
  at(0.6, 'b', 2);
  shown.reach(bins.at(1.3));
  const [metric] = series.metrics(bins.count);
  expect(metric).toMatchObject({ name: 'Largest', lines: [{ values: [5, 5, 2, 2, 2, 2] }] });
});

test('a run converges in the lab’s metrics, and its result says the same', async () => {
  const { config } = average.scenarios[0]!;
  const spec = { runId: 'r', algorithm: 'gossip_average', config, configFile: 'c', strict: true };
  const { plan } = planOf({ ...spec, format: 'json', seed: 1 }, average);
  const run = await simulatePlan(plan);
  const recording = new Recording();
  recording.extend(run.trace);
  const metrics = new RunMetrics(average.measures);
  metrics.extend(recording);
  const [spread] = metrics.table().measures.filter(({ name }) => name === 'Spread of the values');
  const values = spread!.lines[0]!.values.filter((value) => value !== null);
  expect(values[0]).toBeGreaterThan(1.5);
  expect(values.at(-1)!).toBeLessThan(0.01);
  const facts = {
    algorithm: 'gossip_average',
    mode: 'offline',
    format: 'json',
    seed: 1,
    elapsed_ms: 0,
  } as const;
  const summary = summarize({ ...facts, virtual_ms: 0, trace_sha256: '' }, run.nodes);
  const result = withMeasures(summary, average.measures);
  expect(result.measures!['Spread of the values']).toBeCloseTo(values.at(-1)!, 9);
  expect(result.measures!['Drift of the mean']).toBeLessThan(1e-9);
});

test('views are sampled where they change', async () => {
  const { config } = gbps.scenarios[0]!;
  const spec = { runId: 'r', algorithm: 'gbps', config, configFile: 'c', strict: true };
  const { plan } = planOf({ ...spec, format: 'json', seed: 1 }, gbps);
  const run = await simulatePlan(plan, { serviceMs: 3000 });
  const samples = new ViewSamples(gbps);
  const taken = run.trace.flatMap((event) => samples.take(event) ?? []);
  expect(taken.length).toBeGreaterThan(16);
  const last = new Map(taken.map(({ node, view }) => [node, view]));
  for (const [id, { report }] of Object.entries(run.nodes))
    expect(last.get(id)).toEqual(report['view']);
  for (const [at, { node, view }] of taken.entries()) {
    const before = taken.slice(0, at).findLast((other) => other.node === node);
    expect(before?.view).not.toEqual(view);
  }
});
