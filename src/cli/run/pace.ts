/** A simulation that goes no faster than so many virtual seconds in a real one: nodemanager's real-time factor. */

import type { Outside } from '../../runtime/simulated-world.ts';

/**
 * Lets virtual time pass at this pace.
 *
 * @param factor virtual seconds in a real one
 * @param signal ends the waiting
 */
export function paced(factor: number, signal: AbortSignal): Outside {
  const beganMs = performance.now();
  const waitMs = (virtualMs: number) => beganMs + virtualMs / factor - performance.now();
  return {
    advance: (nowMs, nextMs) => {
      if (signal.aborted) return nowMs;
      // Waiting for less than a timer can tell would only make the run late.
      if (waitMs(nextMs) < 1) return nextMs;
      return new Promise((resolve) => {
        const ended = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', ended);
          resolve(signal.aborted ? nowMs : nextMs);
        };
        const timer = setTimeout(ended, waitMs(nextMs));
        signal.addEventListener('abort', ended);
      });
    },
    takeIn: () => {},
  };
}
