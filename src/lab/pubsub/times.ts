/** Percentiles of something that takes time, as the measurements of topics give them. */

/** Percentiles of something that takes time. */
export interface Times {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles: the smallest time that so many per cent do not exceed. */
export function timesOf(given: readonly number[]): Times {
  const sorted = [...given].toSorted((a, b) => a - b);
  const at = (share: number): number =>
    hundredths(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
  const mean = hundredths(sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length);
  return { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** In hundredths, which is as exact as a tab's clock. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
