/** A clock that is wrong: ahead or behind, fast or slow. */

import type { ClockPlan } from '../../core/faults/plan.ts';
import type { Clock, Timer } from '../../core/ports.ts';

/**
 * The clock that a node with this plan sees instead of the right one. From the heal on it runs at the right rate again; what it was
 * ahead it stays ahead, for a clock that jumps would be one more fault.
 *
 * @param onRead hears when somebody looks at it while it is wrong
 */
export function skewedClock(
  right: Clock,
  { offsetMs, drift, atMs }: ClockPlan,
  healMs: number,
  onRead: () => void,
): Clock {
  const rate = 1 + drift;
  const shown = (nowMs: number) => {
    const jump = nowMs >= atMs ? offsetMs : 0;
    // Whole microseconds, as all times.
    return Math.round((nowMs + drift * Math.min(nowMs, healMs) + jump) * 1000) / 1000;
  };
  return {
    now: () => {
      const nowMs = right.now();
      const time = shown(nowMs);
      if (time !== nowMs) onRead();
      return time;
    },
    after: (delayMs: number, callback: () => unknown): Timer => {
      const nowMs = right.now();
      // A timer of this clock: as long as it takes the clock to advance by so much.
      const untilHeal = (healMs - nowMs) * rate;
      const isOver = untilHeal <= 0 || drift === 0;
      const beyond = delayMs > untilHeal ? healMs - nowMs + (delayMs - untilHeal) : delayMs / rate;
      const waits = isOver ? delayMs : beyond;
      if (waits !== delayMs) onRead();
      return right.after(waits, callback);
    },
  };
}
