/** The decisions of the detector. */

import type { Verdict } from '../failure-detector.ts';
import type { Estimate } from './phi.ts';

/** Where a heartbeat stands among those of its sender. */
export interface Beat {
  readonly life: number;
  readonly beat: number;
}

/** Whether a heartbeat says that its sender is there now: one that comes twice, or after a later one, says nothing new. */
function isFresh(heard: Beat, last: Beat): boolean {
  return heard.life > last.life || (heard.life === last.life && heard.beat > last.beat);
}

/** Whether the time since the last heartbeat is one that this peer takes: not when it was gone, or has begun anew. */
function isInterval(heard: Beat, last: Beat, verdict: Verdict): boolean {
  return heard.life === last.life && last.beat > 0 && verdict !== 'dead';
}

/** No peer is so regular that it may not be a little late. */
function softened(estimate: Estimate, minDeviationMs: number, pauseMs: number): Estimate {
  return {
    meanMs: estimate.meanMs + pauseMs,
    deviationMs: Math.max(minDeviationMs, estimate.deviationMs),
  };
}

/** Rules of {@link PhiAccrual}. */
export const rules = { isFresh, isInterval, softened };
