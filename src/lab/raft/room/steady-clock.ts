/**
 * A clock for nodes that live in a page. The timers of a hidden page go off once a second, all at the same moment; those of a worker do not, and
 * messages wake a hidden page at once. So a worker keeps the time.
 */

import type { Clock } from '../../../core/ports.ts';
import type { ClockOrder } from './clock-worker.ts';
import { Timers } from './timers.ts';

/** A clock that has to be closed. */
export interface SteadyClock extends Clock {
  close(): void;
}

/** The worker's one timer. */
const ALARM = 0;

/** Monotonic time, and timers on time even where the page is hidden. */
export function steadyClock(): SteadyClock {
  const originMs = performance.now();
  const now = (): number => performance.now() - originMs;
  let worker: Worker | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  const timers = new Timers(now, (delayMs) => {
    if (worker !== undefined) {
      worker.postMessage({ number: ALARM, delayMs } satisfies ClockOrder);
      return;
    }
    clearTimeout(alarm);
    alarm = setTimeout(() => timers.fire(), delayMs);
  });
  const begin = ([start, ...others]: readonly (() => Worker | undefined)[]): void => {
    worker = start?.();
    if (worker === undefined) {
      if (others.length > 0) begin(others);
      return;
    }
    worker.onmessage = () => timers.fire();
    worker.onerror = (event) => {
      event.preventDefault();
      worker?.terminate();
      begin(others);
      timers.rearm();
    };
  };
  begin([fromFile, fromText]);
  return {
    now,
    after: (delayMs, callback) => timers.after(delayMs, callback),
    close: () => {
      timers.clear();
      clearTimeout(alarm);
      worker?.terminate();
    },
  };
}

/** As the lab's page allows it, whose policy knows no scripts but its own files; undefined where there are no files. */
function fromFile(): Worker | undefined {
  try {
    return new Worker(new URL('./clock-worker.ts', import.meta.url), {
      type: 'module',
      name: 'clock',
    });
  } catch {
    return undefined;
  }
}

/** The same for a script that is one piece. */
const TEXT = `const timers = new Map();
onmessage = ({ data: { number, delayMs } }) => {
  clearTimeout(timers.get(number));
  timers.delete(number);
  if (delayMs === undefined) return;
  timers.set(number, setTimeout(() => { timers.delete(number); postMessage(number); }, delayMs));
};`;

/** Undefined where a page may have no worker of its own. */
function fromText(): Worker | undefined {
  const address = URL.createObjectURL(new Blob([TEXT], { type: 'text/javascript' }));
  try {
    return new Worker(address, { name: 'clock' });
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(address);
  }
}
