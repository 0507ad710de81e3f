import { describe, expect, test } from 'vitest';
import {
  decimalLogarithm,
  naturalLogarithm,
  naturalPower,
  sampleExponential,
  sampleNormal,
} from '../../../src/core/math.ts';
import { Random } from '../../../src/core/random.ts';
import { fc } from '../../support/property.ts';

/** Enough that the standard errors below are small, and few enough for a second. */
const SAMPLES = 100_000;

/** A fair sampler is farther off than so many standard errors once in 1.7 million tries. */
const ERRORS_MAX = 5;

/** √n times the greatest distance between two distribution functions; more than this has a probability of 10⁻⁵ (Kolmogorov). */
const KOLMOGOROV_MAX = 2.47;

interface Theory {
  readonly sample: (random: Random) => number;
  /** The raw moments from the first to the eighth: the variance of a moment's estimate needs twice as many. */
  readonly moments: readonly number[];
  readonly below: (x: number) => number;
}

const theories: Readonly<Record<string, Theory>> = {
  exponential: {
    sample: sampleExponential,
    moments: [1, 2, 6, 24, 120, 720, 5040, 40_320],
    below: (x) => 1 - Math.exp(-x),
  },
  normal: {
    sample: sampleNormal,
    moments: [0, 1, 0, 3, 0, 15, 0, 105],
    below: normalBelow,
  },
};

/** The normal distribution function by its series (Marsaglia 2004), with more digits than a test of samples needs. */
function normalBelow(x: number): number {
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-17; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe.each(Object.entries(theories))('the %s sampler', (name, { sample, moments, below }) => {
  const draw = (seed: number, count: number) => {
    const random = Random.stream(seed, name);
    return Array.from({ length: count }, () => sample(random));
  };

  test('has the first four moments that it should have', () => {
    const drawn = draw(1, SAMPLES);
    for (const order of [1, 2, 3, 4]) {
      const estimate = drawn.reduce((sum, x) => sum + x ** order, 0) / SAMPLES;
      const moment = moments[order - 1]!;
      const error = Math.sqrt((moments[2 * order - 1]! - moment ** 2) / SAMPLES);
      expect(Math.abs(estimate - moment) / error, `moment ${order}`).toBeLessThan(ERRORS_MAX);
    }
  });

  test('follows the distribution function with every seed', () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 31 });
    fc.assert(
      fc.property(seeds, (seed) => {
        const sorted = draw(seed, 5000).toSorted((a, b) => a - b);
        const distance = sorted.reduce((most, x, i) => {
          const p = below(x);
          return Math.max(most, p - i / sorted.length, (i + 1) / sorted.length - p);
        }, 0);
        expect(distance * Math.sqrt(sorted.length)).toBeLessThan(KOLMOGOROV_MAX);
      }),
      { numRuns: 50 },
    );
  });

  test('reaches its tails', () => {
    const drawn = draw(2, SAMPLES);
    const share = drawn.filter((x) => x > 3).length / SAMPLES;
    const p = 1 - below(3);
    expect(Math.abs(share - p)).toBeLessThan(ERRORS_MAX * Math.sqrt((p * (1 - p)) / SAMPLES));
  });
});

test('both samplers draw the same numbers everywhere and for ever', () => {
  const exponentials = Random.stream(42, 'exponential');
  expect(Array.from({ length: 6 }, () => sampleExponential(exponentials))).toEqual([
    0.23039547680720562, 0.03243739234345111, 0.3248358813032147, 1.5098477674064408,
    0.07650943957685763, 0.4107558512552415,
  ]);
  const normals = Random.stream(42, 'normal');
  expect(Array.from({ length: 6 }, () => sampleNormal(normals))).toEqual([
    1.162935802752473, 1.1579492975282055, -0.36809722990216354, -0.3291242099833259,
    -0.27617582680586017, 0.5911854697011326,
  ]);
});

describe('logarithm and power', () => {
  /** Units of the last place that ours may differ from the engine's, which is itself off by one. */
  const close = (ours: number, theirs: number) =>
    Math.abs(ours - theirs) <= 8 * Number.EPSILON * Math.max(Math.abs(theirs), 1);

  test('agree with the engine’s to a few units of the last place', () => {
    const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });
    const near = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(positive, near), (x) => {
        expect(close(naturalLogarithm(x), Math.log(x))).toBe(true);
        expect(close(decimalLogarithm(x), Math.log10(x))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(naturalPower(x) / Math.exp(x) - 1)).toBeLessThan(2e-13);
      }),
    );
  });

  test('have the ends that they should', () => {
    expect(naturalLogarithm(1)).toBe(0);
    expect(naturalLogarithm(0)).toBe(-Infinity);
    expect(naturalLogarithm(-1)).toBeNaN();
    expect(naturalLogarithm(Infinity)).toBe(Infinity);
    expect(naturalPower(0)).toBe(1);
    expect([naturalPower(-Infinity), naturalPower(-800)]).toEqual([0, 0]);
    expect([naturalPower(Infinity), naturalPower(800)]).toEqual([Infinity, Infinity]);
    expect(naturalPower(NaN)).toBeNaN();
  });
});
