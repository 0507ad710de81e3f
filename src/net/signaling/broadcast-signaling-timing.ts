/** How long tabs wait for each other. */

/** All in milliseconds, but the misses. */
export interface BroadcastTiming {
  /** Between two questions whether the other end of a socket is there. */
  readonly pingMs: number;
  /** Questions without an answer after which it is not. */
  readonly missesMax: number;
  /** For a host to answer, and for better candidates to object. */
  readonly objectionMs: number;
  /** For a better candidate to become the host. */
  readonly patienceMs: number;
  /** For the last words of a host, after another has said that it hosts. */
  readonly farewellMs: number;
}

/**
 * What the times are when nothing else is said. Answers come in the task of the question, which hidden tabs run at once; only their own
 * timers are slow. A tab whose code runs for long answers late, so a few seconds are borne.
 */
export const BROADCAST_TIMING: BroadcastTiming = {
  pingMs: 2_000,
  missesMax: 4,
  objectionMs: 200,
  patienceMs: 2_000,
  farewellMs: 200,
};
