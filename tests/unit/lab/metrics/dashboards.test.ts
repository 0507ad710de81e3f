import { expect, test } from 'vitest';
import { chapter as average } from '../../../../src/algorithms/gossip_average/index.ts';
import { chapter as pubsub } from '../../../../src/algorithms/pubsub/index.ts';
import { DashboardSeries } from '../../../../src/lab/metrics/dashboard-series.ts';
import { metricsCsv } from '../../../../src/lab/metrics/metrics-csv.ts';
import { RunMetrics, type MetricTable } from '../../../../src/lab/metrics/run-metrics.ts';
import { ShownStates } from '../../../../src/lab/metrics/shown-states.ts';
import { TimeBins } from '../../../../src/lab/metrics/time-bins.ts';
import { Recording } from '../../../../src/lab/playback.ts';
import { planOf } from '../../../../src/lab/run-spec.ts';
import { simulatePlan } from '../../../support/simulate.ts';

const COUNT = {
  name: 'Board',
  charts: [
    {
      ...{ name: 'Rate', unit: 'per second', isRate: true },
      lines: (states: readonly { x: number }[], ids: readonly string[]) =>
        Object.fromEntries(ids.map((id, at) => [id, states[at]!.x])),
    },
  ],
};

test('a rate is how much a count grows in a second, and a count that begins anew is no growth', () => {
  const bins = new TimeBins();
  const series = new DashboardSeries([COUNT], bins);
  const shown = new ShownStates([series]);
  for (const [bin, x] of [2, 6, 6, 0, 1].entries()) {
    shown.reach(bins.at(bin * bins.widthMs));
    shown.note('n1', { x });
  }
  shown.take(4);
  const [group] = series.groups(5, bins.widthMs);
  // A bin is a quarter of a millisecond.
  expect(group!.metrics[0]!.lines).toEqual([{ name: 'n1', values: [8000, 16_000, 0, 0, 4000] }]);
});

test('what other tabs show is bounded and may be anything', () => {
  const bins = new TimeBins();
  const series = new DashboardSeries([COUNT], bins);
  const states = Array.from({ length: 60 }, (_, at) => [`n${at}`, { x: at }] as const);
  series.take(0, new Map(states));
  series.take(0, new Map([['n1', { x: 'many' }]]));
  series.take(0, new Map([['n1', null as never]]));
  const [group] = series.groups(1, bins.widthMs);
  expect(group!.metrics[0]!.lines).toHaveLength(24);
  expect(new DashboardSeries([COUNT], bins).groups(1, 1)).toEqual([]);
});

test('nodes that average come to the mean, each with a line of its own, after the line that says where to', async () => {
  const { config } = average.scenarios[0]!;
  const spec = { runId: 'r', algorithm: 'gossip_average', config, configFile: 'c', strict: true };
  const { plan } = planOf({ ...spec, format: 'json', seed: 1 }, average);
  const { trace } = await simulatePlan(plan);
  const recording = new Recording();
  recording.extend(trace);
  const metrics = new RunMetrics(average.measures, average.dashboards);
  metrics.extend(recording);
  const { lines } = metrics.table().dashboards[0]!.metrics[0]!;
  expect(lines.map(({ name }) => name)).toEqual([
    'mean at the start',
    ...plan.nodes.map(({ id }) => id),
  ]);
  const [aim, ...nodes] = lines.map(({ values }) => values.at(-1)!);
  expect(lines[0]!.isAim).toBe(true);
  for (const node of nodes) expect(node).toBeCloseTo(aim!, 1);
});

/** The last value of a line. */
function lastOf({ dashboards }: MetricTable, board: string, chart: string, line: string) {
  const metric = dashboards
    .find(({ name }) => name === board)!
    .metrics.find(({ name }) => name === chart)!;
  return metric.lines.find(({ name }) => name === line)?.values.at(-1);
}

test('DAPSS’s four dashboards of a run with a pulled cable say what its nodes report', async () => {
  const { config, faults } = pubsub.scenarios.find(({ name }) => name === 'A pulled cable')!;
  const spec = { runId: 'r', algorithm: 'pubsub', config, configFile: 'c', strict: true };
  const { plan } = planOf({ ...spec, format: 'json', seed: 1, faults: faults! }, pubsub);
  const run = await simulatePlan(plan);
  const recording = new Recording();
  recording.extend(run.trace);
  const metrics = new RunMetrics([], pubsub.dashboards);
  metrics.extend(recording);
  const table = metrics.table();
  expect(table.dashboards.map(({ name }) => name)).toEqual([
    'Adaptive gossip',
    'Overview',
    'Consensus timeline',
    'Partition timeline',
  ]);
  // Four nodes hear fifteen messages of others each, and whoever was apart hears of it.
  expect(lastOf(table, 'Overview', 'Gossip', 'received')).toBe(60);
  expect(lastOf(table, 'Overview', 'Connection success', 'all nodes')).toBe(100);
  expect(lastOf(table, 'Adaptive gossip', 'Fanout', 'n1')).toBe(3);
  const detected = lastOf(table, 'Partition timeline', 'Partitions', 'detected')!;
  expect(detected).toBeGreaterThanOrEqual(8);
  expect(lastOf(table, 'Partition timeline', 'Partitions', 'healed')).toBe(detected);
  const apart = table.dashboards[3]!.metrics[0]!.lines.map(({ values }) =>
    Math.max(...values.map((value) => value ?? 0)),
  );
  expect(apart).toEqual([2, 2, 2, 2]);
  const sent = table.dashboards[1]!.metrics.find(({ name }) => name === 'Throughput')!;
  const total = sent.lines[1]!.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  expect((total * table.times[0]!) / 1000).toBeCloseTo(60, 6);
  const [head] = metricsCsv(table).split('\r\n');
  expect(head).toContain('Consensus timeline: Term n2');
  expect(head).toContain('Overview: Latency distribution (ms, latest 20 of each node) p99');
});
