/** How long the page waits for what while it keeps links up. */

import { CONNECT_TIMEOUT_MS } from '../../net/limits.ts';

/** The times, all in milliseconds. */
export interface LinkTiming {
  /** Until a connection whose link does not open is given up. */
  readonly connectTimeoutMs: number;
  /** A way may be in doubt for as long as this before something is done: most interruptions are over by then. */
  readonly doubtMs: number;
  /** Until a search for a new way on the same connection has failed. */
  readonly restartMs: number;
  /** The first wait before another connection is made, at most. */
  readonly redialMsMin: number;
  /** The longest wait, and what a node that was refused waits. */
  readonly redialMsMax: number;
  /** A link that lasted as long as this makes the waits short again. */
  readonly stableAfterMs: number;
  /** Between searches for a direct way while a link is relayed. */
  readonly directRetryMs: number;
}

/** What the times are when nothing else is said. */
export const LINK_TIMING: LinkTiming = {
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  doubtMs: 2_000,
  restartMs: 5_000,
  redialMsMin: 500,
  redialMsMax: 30_000,
  stableAfterMs: 10_000,
  directRetryMs: 60_000,
};
