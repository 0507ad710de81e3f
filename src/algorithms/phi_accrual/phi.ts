/**
 * φ: how surprising it is that nothing has come yet. φ = −log₁₀ P(a heartbeat takes longer than this), so φ = 3 is wrong once in a
 * thousand times, if the distribution is the right one.
 *
 * Three distributions, for they disagree where it matters, in the tail:
 *
 * - `normal`: the paper's, exactly (Hayashibara et al. 2004);
 * - `logistic`: the approximation of the normal that Akka uses: 8 at 5.22 deviations instead of 5.61;
 * - `exponential`: Cassandra's: the deviation plays no part, 8 at 18.4 times the mean.
 */

import { decimalLogarithm, naturalLogarithm, naturalPower } from '../../core/math.ts';

/** See above. */
export const DISTRIBUTIONS = ['normal', 'logistic', 'exponential'] as const;

/** See {@link DISTRIBUTIONS}. */
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** What is known of the time between two heartbeats, in milliseconds. */
export interface Estimate {
  readonly meanMs: number;
  readonly deviationMs: number;
}

/** φ after so long without a heartbeat. */
export function phi(
  distribution: Distribution,
  elapsedMs: number,
  { meanMs, deviationMs }: Estimate,
): number {
  const deviations = (elapsedMs - meanMs) / deviationMs;
  switch (distribution) {
    case 'normal':
      return normalSurprise(deviations);
    case 'logistic':
      return logisticSurprise(deviations);
    case 'exponential':
      return Math.max(0, elapsedMs) / (meanMs * Math.LN10);
  }
}

/**
 * How many deviations beyond the mean φ is reached (of the `exponential`: how many means). It depends on the threshold alone, so the
 * moment at which somebody will be suspected is known when its last heartbeat comes.
 */
export function stretchAt(distribution: Distribution, threshold: number): number {
  if (distribution === 'exponential') return threshold * Math.LN10;
  const surprise = distribution === 'normal' ? normalSurprise : logisticSurprise;
  let [low, high] = [-8, 64];
  // Halved until the two are neighbours: 60 times suffice for doubles.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (surprise(middle) < threshold) low = middle;
    else high = middle;
  }
  return high;
}

/** How long after the last heartbeat φ reaches the threshold that `stretch` belongs to. */
export function elapsedAt(
  distribution: Distribution,
  stretch: number,
  { meanMs, deviationMs }: Estimate,
): number {
  return distribution === 'exponential' ? meanMs * stretch : meanMs + deviationMs * stretch;
}

/** Where the series of the distribution's middle gives way to the fraction of its tail. */
const TAIL = 2.5;
/** Enough for all digits from {@link TAIL} on. */
const FRACTIONS = 200;
/** log₁₀ √(2π) */
const LOG_ROOT_TWO_PI = decimalLogarithm(2 * Math.PI) / 2;

/** −log₁₀ of the probability that a standard normal number is greater than z. */
function normalSurprise(z: number): number {
  if (z < -8) return 0;
  if (z < TAIL) return -decimalLogarithm(0.5 - normalMiddle(z));
  // Laplace: the tail is the density over z + 1/(z + 2/(z + 3/(z + …))). Its logarithm needs no power, and never underflows.
  let fraction = z;
  for (let i = FRACTIONS; i >= 1; i--) fraction = z + i / fraction;
  return (z * z) / 2 / Math.LN10 + LOG_ROOT_TWO_PI + decimalLogarithm(fraction);
}

/** The probability of a number between 0 and z, by the power series of the density. */
function normalMiddle(z: number): number {
  let [sum, power] = [0, z];
  for (let k = 0; k < 400 && (k < 2 || Math.abs(power) > 1e-18); k++) {
    sum += power / (2 * k + 1);
    power *= (-z * z) / (2 * (k + 1));
  }
  return sum / Math.sqrt(2 * Math.PI);
}

/** log₁₀(1 + eʷ) with w = y (1.5976 + 0.070566 y²). */
function logisticSurprise(y: number): number {
  const w = y * (1.5976 + 0.070566 * y * y);
  const rest = naturalLogarithm(1 + naturalPower(-Math.abs(w)));
  return (Math.max(0, w) + rest) / Math.LN10;
}
