/** The clock of a member: lives are numbered by it, so it goes on over restarts. */

import type { Clock } from '../../core/ports.ts';

/** Time that goes on over restarts; timers of another clock where one is given. */
export function wallClock(timers?: Clock): Clock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    after:
      timers === undefined
        ? (delayMs, callback) => {
            const timer = setTimeout(callback, delayMs);
            return { cancel: () => clearTimeout(timer) };
          }
        : (delayMs, callback) => timers.after(delayMs, callback),
  };
}
