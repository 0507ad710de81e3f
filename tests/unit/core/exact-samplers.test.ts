/**
 * The samplers beside the same games played with exact fractions: no rounding of theirs ever decides which number is taken, and what they
 * give is the exact number, rounded once.
 */

import { describe, expect, test } from 'vitest';
import { sampleExponential, sampleNormal } from '../../../src/core/math.ts';
import { Random } from '../../../src/core/random.ts';

/** Random numbers are multiples of 2^−53; so these are whole numbers of that unit. */
const ONE = 2n ** 53n;

const SAMPLES = 100_000;

/** The draws of a stream as whole numbers of 2^−53. */
function exactDraws(seed: number): () => bigint {
  const random = Random.stream(seed, 'exact');
  return () => BigInt(random.next() * 2 ** 53);
}

/** Von Neumann's game, in exact numbers. */
function exactExponential(draw: () => bigint): bigint {
  for (let whole = 0n; ; whole += ONE) {
    const first = draw();
    let previous = first;
    let length = 1;
    for (let next = draw(); next < previous; next = draw()) {
      previous = next;
      length++;
    }
    if (length % 2 === 1) return whole + first;
  }
}

/** The normal sampler in exact numbers; x ≥ (y − 1)² / 2 as 2·x·ONE ≥ (y − ONE)². */
function exactNormal(draw: () => bigint, isPositive: () => boolean): bigint {
  for (;;) {
    const size = exactExponential(draw);
    const square = (size - ONE) * (size - ONE);
    if (2n * exactExponential(draw) * ONE >= square) return isPositive() ? size : -size;
  }
}

/** The nearest double of a whole number of 2^−53. */
function rounded(units: bigint): number {
  // Number() rounds to nearest, ties to even, and dividing by a power of two is exact.
  return Number(units) / 2 ** 53;
}

describe.each([1, 2, 3])('with seed %i', (seed) => {
  test('exponential numbers are exact, rounded once', () => {
    const random = Random.stream(seed, 'exact');
    const draw = exactDraws(seed);
    for (let i = 0; i < SAMPLES; i++) {
      const [given, exact] = [sampleExponential(random), rounded(exactExponential(draw))];
      if (given !== exact) expect(given).toBe(exact);
    }
  });

  test('normal numbers are exact, rounded once', () => {
    const random = Random.stream(seed, 'exact');
    const twin = Random.stream(seed, 'exact');
    const draw = () => BigInt(twin.next() * 2 ** 53);
    for (let i = 0; i < SAMPLES; i++) {
      const exact = rounded(exactNormal(draw, () => twin.bits() < 0x80000000));
      const given = sampleNormal(random);
      if (given !== exact) expect(given).toBe(exact);
    }
  });
});
