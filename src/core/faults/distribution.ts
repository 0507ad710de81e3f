/** Distributions of milliseconds: how long a message takes, how long a node is away. */

import { sampleExponential, sampleNormal } from '../math.ts';
import type { Random } from '../random.ts';

/** A distribution of non-negative numbers, as the engine uses it. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | ({ readonly kind: 'exponential'; readonly mean: number } & Bounds)
  | ({ readonly kind: 'normal'; readonly mean: number; readonly deviation: number } & Bounds);

/** What falls outside is moved to the bound. */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The uniform distribution, or the constant when both ends are the same: that one draws nothing. */
export function uniform({ min, max }: Bounds): Distribution {
  return min === max ? { kind: 'constant', value: min } : { kind: 'uniform', min, max };
}

/** Draws one number. Every engine draws the same. */
export function sample(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return random.between(distribution.min, distribution.max);
    case 'exponential':
      return bounded(distribution.mean * sampleExponential(random), distribution);
    case 'normal':
      return bounded(
        distribution.mean + distribution.deviation * sampleNormal(random),
        distribution,
      );
  }
}

/** The mean, where nothing is moved to a bound. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    default:
      return distribution.mean;
  }
}

function bounded(value: number, { min, max }: Bounds): number {
  return Math.min(Math.max(value, min), max);
}
