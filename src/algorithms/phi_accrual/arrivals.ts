/** The heartbeats of one peer: what they say of the next. */

import type { Estimate } from './phi.ts';

/** What is known of one peer's heartbeats. */
export interface Arrivals {
  /** The last intervals, in milliseconds, oldest first. */
  readonly intervals: number[];
  /** Of the peer's life and of the heartbeat heard last. */
  life: number;
  beat: number;
  /** How many of this life were counted. */
  counted: number;
  /** When the last one came. */
  lastMs: number;
}

/** Mean and standard deviation of the intervals; undefined before there are two. */
export function estimateOf(intervals: readonly number[]): Estimate | undefined {
  const { length } = intervals;
  if (length < 2) return undefined;
  let sum = 0;
  for (const interval of intervals) sum += interval;
  const meanMs = sum / length;
  let squares = 0;
  for (const interval of intervals) squares += (interval - meanMs) * (interval - meanMs);
  return { meanMs, deviationMs: Math.sqrt(squares / length) };
}
