/** How long a signaling client waits for what. */

/** The times of a client, all in milliseconds. */
export interface SignalingTiming {
  /** Until a server that does not answer a join counts as unreachable. */
  readonly connectTimeoutMs: number;
  /** The first wait before looking for a lost server, about. */
  readonly reconnectDelayMsMin: number;
  /** The longest wait before looking for a lost server. */
  readonly reconnectDelayMsMax: number;
  /** A connection that lasted as long as this makes the waits short again. */
  readonly stableAfterMs: number;
  /** Between two questions whether the server is still there. */
  readonly questionMs: number;
  /** So many of them unanswered, without any word from the server, and the connection counts as lost. */
  readonly questionsMax: number;
  /** How long members may be missing from a server that was found again until they count as lost. */
  readonly missingGraceMs: number;
}

/** What the times are when nothing else is said. */
export const SIGNALING_TIMING: SignalingTiming = {
  connectTimeoutMs: 10_000,
  reconnectDelayMsMin: 500,
  // Half a class would give up and reload the page if a restarted server took longer to be found.
  reconnectDelayMsMax: 10_000,
  stableAfterMs: 10_000,
  questionMs: 5_000,
  questionsMax: 2,
  missingGraceMs: 5_000,
};
