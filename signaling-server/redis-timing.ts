/** How long processes that share rooms wait for each other and for Redis. */

/** All in milliseconds. */
export interface RedisTiming {
  /** Between two signs of life of a process. */
  readonly beatMs: number;
  /** Without one for so long, a process is gone and its members are lost. */
  readonly processLostMs: number;
  /** Until Redis, when it does not answer, counts as lost. */
  readonly commandMs: number;
  /** The first wait before looking for Redis again, about. */
  readonly retryMsMin: number;
  /** The longest wait before looking for Redis again. */
  readonly retryMsMax: number;
}

/** What the times are when nothing else is said. */
export const REDIS_TIMING: RedisTiming = {
  beatMs: 2_000,
  // A client looks for a lost server again within 10 s at most: who comes back was never lost.
  processLostMs: 15_000,
  commandMs: 5_000,
  retryMsMin: 250,
  retryMsMax: 5_000,
};
