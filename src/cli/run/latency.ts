/** `--latency 10-50` or `--latency 20`: milliseconds that each message takes. */

import type { Latency } from '../../runtime/simulator.ts';

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const SYNTAX = new RegExp(`^(${NUMBER})(?:-(${NUMBER}))?$`);

/** A minute is longer than any run waits for a single message; above it, a unit was probably mistaken. */
const LATENCY_MS_MAX = 60_000;

/**
 * Reads a latency.
 *
 * @returns a sentence instead when it is none
 */
export function parseLatency(text: string): Latency | string {
  const match = SYNTAX.exec(text.trim().replace(/ms$/, ''));
  if (match === null) {
    return 'A latency is MIN-MAX or one number, in milliseconds: 10-50, or 20.';
  }
  const min = Number(match[1]);
  const max = Number(match[2] ?? match[1]);
  if (max < min) return `The smaller number comes first: ${max}-${min}.`;
  if (max > LATENCY_MS_MAX) return `A latency is at most ${LATENCY_MS_MAX} ms.`;
  return { min, max };
}
