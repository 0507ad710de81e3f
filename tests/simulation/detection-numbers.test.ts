/** How long detection takes, beside the formulas; the larger tables are in docs/detection.md (`npm run bench -- detection`). */

import { describe, expect, test } from 'vitest';
import { PhiAccrual } from '../../src/algorithms/phi_accrual/index.ts';
import { elapsedAt, stretchAt } from '../../src/algorithms/phi_accrual/phi.ts';
import { Swim } from '../../src/algorithms/swim/index.ts';
import { fieldsSchema, parse } from '../../src/core/schema.ts';
import { firstProbe, meanDetection } from '../support/detection.ts';
import { nodeIds, resultOf, simulate } from '../support/simulate.ts';

const PATIENCE_MS = 60_000;

describe('SWIM: periods until a crashed node is probed', () => {
  // 1 / (1 − (1 − 1/(n−1))ⁿ⁻¹), on the way to e/(e − 1) = 1.582.
  const theory = (count: number) => 1 / (1 - Math.pow(1 - 1 / (count - 1), count - 1));

  test.each([
    [8, 20_000],
    [56, 10_000],
    [1000, 1500],
  ])('drawn at random among %i', (count, trials) => {
    // The number of periods is geometric, with a deviation just below 1; five standard errors.
    const error = 5 / Math.sqrt(trials);
    expect(Math.abs(firstProbe('drawn', count, trials).mean - theory(count))).toBeLessThan(error);
  });

  test.each([
    [8, 20_000, 1.44],
    [56, 10_000, 1.558],
  ])('in shuffled order among %i', (count, trials, reference) => {
    const { mean, most } = firstProbe('order', count, trials);
    expect(Math.abs(mean - reference)).toBeLessThan(5 / Math.sqrt(trials));
    expect(mean).toBeLessThan(theory(count));
    expect(most).toBeLessThanOrEqual(2 * count - 1);
  });
});

test(
  'SWIM: three nodes with memberlist’s defaults declare a crash after 5 to 6 s',
  async () => {
    const { suspectMs, deadMs, allDeadMs } = await meanDetection(Swim, {}, { count: 3, seeds: 10 });
    // The next probe, the rest of its period, and the least suspicion: 4 s, for there is nobody to share it.
    expect(suspectMs).toBeGreaterThan(1000);
    expect(suspectMs).toBeLessThan(2500);
    expect(deadMs - suspectMs).toBeCloseTo(4000, 0);
    expect(allDeadMs).toBeLessThan(deadMs + 300);
  },
  PATIENCE_MS,
);

test(
  'SWIM: among ten, Lifeguard’s suspicion is cut short when others share it',
  async () => {
    const { suspectMs, deadMs } = await meanDetection(
      Swim,
      {},
      {
        ...{ count: 10, seeds: 2, patienceMs: 30_000 },
      },
    );
    // Between the least, 4 s, and the most, 24 s.
    expect(deadMs - suspectMs).toBeGreaterThanOrEqual(4000);
    expect(deadMs - suspectMs).toBeLessThan(12_000);
  },
  PATIENCE_MS,
);

test.each([
  [0.1, 0.02, 212],
  [0.5, 0.1, 1061],
])(
  'φ: heartbeats every %f s, deviation %f s, φ 8: dead after %i ms of silence',
  async (interval, deviation, expected) => {
    const settings = {
      ...{ heartbeat_interval: interval, min_deviation: deviation },
      ...{ acceptable_pause: 0, dead_phi: 8 },
    };
    const { silenceMs, deadMs } = await meanDetection(PhiAccrual, settings, {
      ...{ count: 3, seeds: 3, patienceMs: 8000 },
    });
    const estimate = { meanMs: interval * 1000, deviationMs: deviation * 1000 };
    expect(Math.round(elapsedAt('normal', stretchAt('normal', 8), estimate))).toBe(expected);
    expect(Math.abs(silenceMs - expected)).toBeLessThan(1);
    // The crash came somewhere between two heartbeats.
    expect(deadMs).toBeLessThan(expected + 2);
    expect(deadMs).toBeGreaterThan(expected - interval * 1000);
  },
  PATIENCE_MS,
);

test(
  'φ: however irregular heartbeats are, with max_deviation a silence is judged in bounded time',
  async () => {
    const settings = { heartbeat_interval: 0.1, min_deviation: 0.03, acceptable_pause: 0.3 };
    // Heartbeats come early and late by a quarter of a second, as on a machine with much else to do.
    const group = { count: 3, seeds: 3, latencyMs: { uniform: [0, 500] as const } };
    const free = await meanDetection(PhiAccrual, settings, group);
    const bounded = await meanDetection(PhiAccrual, { ...settings, max_deviation: 0.06 }, group);
    // The mean interval, the pause, and 5.6 deviations.
    const latest = 100 + 300 + 60 * stretchAt('normal', 8);
    expect(bounded.silenceMs).toBeLessThan(latest + 60);
    expect(free.silenceMs).toBeGreaterThan(latest + 60);
  },
  PATIENCE_MS,
);

test('φ: a deviation that is to be less at most than at least is refused', async () => {
  const given = { min_deviation: 0.2, max_deviation: 0.1 };
  const settings = parse(fieldsSchema(PhiAccrual.definition.settings), given, 'settings');
  const run = await simulate(PhiAccrual, { nodes: nodeIds(2), settings: () => settings });
  expect(resultOf(run, 'n1').error).toContain('max_deviation: 0.1 lies below min_deviation, 0.2');
});
