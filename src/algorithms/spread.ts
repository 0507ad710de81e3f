/** How far values of many nodes lie apart, and how far their mean has moved: what applications that average are measured by. */

/** The mean of some vectors, number by number. */
export function meanVector(vectors: readonly (readonly number[])[]): number[] {
  const length = Math.min(...vectors.map((vector) => vector.length));
  return Array.from(
    { length: Number.isFinite(length) ? length : 0 },
    (_, at) => vectors.reduce((sum, vector) => sum + vector[at]!, 0) / vectors.length,
  );
}

/** The standard deviation of the vectors around their mean: the root of the mean square of each number's distance. */
export function spreadOf(vectors: readonly (readonly number[])[]): number | undefined {
  const mean = meanVector(vectors);
  if (mean.length === 0) return undefined;
  let sum = 0;
  for (const vector of vectors) {
    for (let at = 0; at < mean.length; at++) {
      const distance = vector[at]! - mean[at]!;
      sum += distance * distance;
    }
  }
  return Math.sqrt(sum / (vectors.length * mean.length));
}

/** How far the mean has moved since the beginning: the largest of its numbers' distances. */
export function driftOf(
  before: readonly (readonly number[])[],
  now: readonly (readonly number[])[],
): number | undefined {
  const [from, to] = [meanVector(before), meanVector(now)];
  const distances = to.map((value, at) => Math.abs(value - (from[at] ?? NaN)));
  return distances.length === 0 ? undefined : Math.max(...distances);
}
