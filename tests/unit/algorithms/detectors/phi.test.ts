/** φ by the tables that are known of it. */

import { describe, expect, test } from 'vitest';
import { estimateOf } from '../../../../src/algorithms/phi_accrual/arrivals.ts';
import {
  DISTRIBUTIONS,
  elapsedAt,
  phi,
  stretchAt,
} from '../../../../src/algorithms/phi_accrual/phi.ts';
import { fc } from '../../../support/property.ts';

describe('the normal distribution, exactly', () => {
  test.each([
    [1000, 100, [1128, 1309, 1426, 1561, 1703]],
    [100, 20, [126, 162, 185, 212, 241]],
  ])('mean %i, deviation %i: φ 1, 3, 5, 8, 12', (meanMs, deviationMs, expected) => {
    const times = [1, 3, 5, 8, 12].map((threshold) =>
      Math.round(elapsedAt('normal', stretchAt('normal', threshold), { meanMs, deviationMs })),
    );
    expect(times).toEqual(expected);
  });

  test('mean 500, deviation 100: φ 8 after 1061 ms', () => {
    expect(phi('normal', 1061, { meanMs: 500, deviationMs: 100 })).toBeCloseTo(8, 1);
  });

  test('the quantiles of a printed table', () => {
    // P(Z > z) = 0.5, 0.1, 0.01, 0.001, 10⁻⁶, 10⁻⁹.
    const quantiles = [0.30103, 1, 2, 3, 6, 9].map((at) => stretchAt('normal', at));
    const known = [0, 1.2815515655, 2.326347874, 3.0902323062, 4.7534243088, 5.997807015];
    for (const [at, z] of known.entries()) expect(quantiles[at]).toBeCloseTo(z, at === 0 ? 5 : 8);
  });

  test('the series and the fraction meet', () => {
    const [before, after] = [2.5 - 1e-9, 2.5 + 1e-9].map((z) =>
      phi('normal', z, { meanMs: 0, deviationMs: 1 }),
    );
    expect(after! - before!).toBeGreaterThan(0);
    expect(after! - before!).toBeLessThan(1e-8);
  });
});

test('Akka’s logistic: the values of its formula', () => {
  const known = { 1000: 0.301, 1200: 1.643, 1500: 7.3, 1580: 10.004 };
  for (const [elapsed, value] of Object.entries(known)) {
    const found = phi('logistic', Number(elapsed), { meanMs: 1000, deviationMs: 100 });
    expect(found).toBeCloseTo(value, 3);
  }
  const estimate = { meanMs: 1000, deviationMs: 100 };
  expect(elapsedAt('logistic', stretchAt('logistic', 8), estimate)).toBeCloseTo(1522.6, 1);
});

test('Cassandra’s exponential: φ 8 after 8 ln 10 means', () => {
  const estimate = { meanMs: 1000, deviationMs: 1 };
  expect(elapsedAt('exponential', stretchAt('exponential', 8), estimate)).toBeCloseTo(18_421, 0);
});

test.each(DISTRIBUTIONS)('%s: the time at which φ is reached is the time at which it is', (way) => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 60, noNaN: true }),
      fc.double({ min: 10, max: 5000, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
      (threshold, meanMs, deviationMs) => {
        const estimate = { meanMs, deviationMs };
        const at = elapsedAt(way, stretchAt(way, threshold), estimate);
        expect(phi(way, at, estimate)).toBeCloseTo(threshold, 6);
        expect(phi(way, at * 1.01, estimate)).toBeGreaterThan(threshold);
      },
    ),
  );
});

test('mean and deviation of the intervals', () => {
  expect(estimateOf([])).toBeUndefined();
  expect(estimateOf([5])).toBeUndefined();
  expect(estimateOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ meanMs: 5, deviationMs: 2 });
});
