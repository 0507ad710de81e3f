/** How fast averaging converges: the variance that a cycle leaves, beside the theory of Jelasity, Montresor and Babaoglu (2005). */

import { expect, test } from 'vitest';
import {
  average,
  AverageError,
  type AverageRow,
  type AverageSpec,
} from '../../src/lab/overlay/averaging.ts';

function run(options: Partial<AverageSpec>): AverageRow[] {
  return [...average({ rule: 'pushpull', nodes: 20_000, cycles: 10, seed: 1, ...options })];
}

/** What a cycle leaves, the geometric mean over all but the first: values begin independent, and are not so later. */
function ratioOf(rows: readonly AverageRow[]): number {
  return (rows.at(-1)!.variance / rows[0]!.variance) ** (1 / (rows.length - 1));
}

test.each([
  // 1/(2√e), 1/e and 1/4. Twenty seeds stay within 0.004 of them with as many nodes.
  ['pushpull', 0.3033, 0.012],
  ['pairs', 0.3679, 0.012],
  ['matching', 0.25, 0.012],
  // Of the rule in which one side alone changes there is no theory; an independent simulation has .61.
  ['oneway', 0.605, 0.02],
] as const)('%s leaves %d of the variance', (rule, expected, tolerance) => {
  expect(Math.abs(ratioOf(run({ rule })) - expected)).toBeLessThan(tolerance);
});

test('push-sum is slower at first, and comes to a half', () => {
  const rows = run({ rule: 'pushsum', cycles: 20 });
  expect(rows[0]!.ratio).toBeGreaterThan(0.58);
  expect(Math.abs(ratioOf(rows.slice(9)) - 0.51)).toBeLessThan(0.02);
});

test('the mean stays with all rules but the one of one side', () => {
  for (const rule of ['pushpull', 'pairs', 'matching'] as const) {
    expect(run({ rule }).at(-1)!.drift, rule).toBeLessThan(1e-12);
  }
  // Estimates have their own mean, and come to the right one; the sums themselves never change.
  expect(run({ rule: 'pushsum', cycles: 40 }).at(-1)!.drift).toBeLessThan(1e-6);
  // U(0, 1) has an sd of .29: with 20 000 nodes the mean moves by a thousandth or so, and never comes back.
  const drifts = [1, 2, 3, 4].map(
    (seed) => run({ rule: 'oneway', seed, cycles: 30 }).at(-1)!.drift,
  );
  expect(Math.max(...drifts)).toBeGreaterThan(3e-4);
  expect(Math.max(...drifts)).toBeLessThan(1e-2);
});

test('over the views of a sampler it is as fast as over all nodes', () => {
  const rows = run({ nodes: 2000, viewSize: 20, cycles: 8 });
  expect(Math.abs(ratioOf(rows) - 0.3033)).toBeLessThan(0.03);
  expect(rows.at(-1)!.drift).toBeLessThan(1e-12);
});

test.each([
  [{ nodes: 1 }, '--nodes 1'],
  [{ cycles: 0 }, '--cycles 0'],
  [{ rule: 'matching', viewSize: 5 }, 'means nothing to matching'],
] as const)('%j is refused', (options, message) => {
  expect(() => run(options)).toThrow(AverageError);
  expect(() => run(options)).toThrow(message);
});

test('the same seed gives the same run', () => {
  expect(run({ nodes: 100 })).toEqual(run({ nodes: 100 }));
  expect(run({ nodes: 100 })).not.toEqual(run({ nodes: 100, seed: 2 }));
});
