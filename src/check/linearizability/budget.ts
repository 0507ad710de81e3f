/** How long a check may take, and the answer when it took longer. */

/** Bounds of a check. Without any it ends when it ends: the problem is NP-complete (Gibbons and Korach, SIAM J. Comput. 26(4), 1997). */
export interface Budget {
  /** Steps: the same history ends with the same verdict on every machine. */
  readonly stepsMax?: number;
  /** A clock, and when by it to stop. It is read every few thousand steps, sooner when the model is slow to answer. */
  readonly now?: () => number;
  readonly until?: number;
  /** Memory for configurations and states, in bytes; {@link MEMORY_BYTES_MAX} unless given. */
  readonly memoryBytesMax?: number;
}

/** A page that takes more is in danger of being closed by its browser, and Node's own limit is not far. */
export const MEMORY_BYTES_MAX = 1 << 29;

/** What is used up, if anything. */
export function usedUp(budget: Budget, steps: number, bytes: number): string | undefined {
  const { stepsMax, now, until, memoryBytesMax = MEMORY_BYTES_MAX } = budget;
  if (stepsMax !== undefined && steps >= stepsMax) return `${stepsMax} steps`;
  if (now !== undefined && until !== undefined && now() >= until) return 'the time given';
  return bytes > memoryBytesMax ? `${memoryBytesMax} bytes of memory` : undefined;
}
