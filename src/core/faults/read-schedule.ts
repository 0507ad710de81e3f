/** Reads when something happens: `at`, `every` and `for`. */

import type { Place } from './place.ts';
import type { Schedule } from './plan.ts';
import { longest, readDuration, readSpread } from './quantities.ts';

/** The keys of a schedule, for the lists of those that there are. */
export const WHEN_KEYS = ['at', 'every', 'for'] as const;

/** Below this a run would do nothing else. */
const EVERY_MS_MIN = 1;

/** What a schedule may leave out. */
export interface ScheduleRules {
  /** Without `at` and `every` it holds always. */
  readonly mayBeTimeless: boolean;
  /** Without `for` it does not end by itself. */
  readonly mayBeEndless: boolean;
  /** When everything is healed; nothing begins later. */
  readonly healMs: number;
}

/** Undefined when it is wrong. */
export function readSchedule(
  place: Place,
  { mayBeTimeless, mayBeEndless, healMs }: ScheduleRules,
): Schedule | undefined {
  const [at, every, lasts] = WHEN_KEYS.map((key) => place.field(key)) as [Place, Place, Place];
  const forMs = readSpread(lasts);
  if (!lasts.isMissing && forMs === undefined) return undefined;
  if (forMs !== undefined && longest(forMs) === 0) return lasts.problem('this lasts no time');
  if (!at.isMissing && !every.isMissing) {
    return every.key.problem(`either 'at', once, or 'every', again and again`);
  }
  if (!every.isMissing) {
    const everyMs = readDuration(every);
    if (everyMs === undefined) return undefined;
    if (everyMs < EVERY_MS_MIN) return every.problem(`the time between two is at least 1 ms`);
    if (forMs === undefined) return place.problem(`say for how long each time: for: 1s`);
    return { kind: 'often', everyMs, forMs };
  }
  if (!at.isMissing) {
    const atMs = readDuration(at);
    if (atMs === undefined) return undefined;
    if (atMs >= healMs) {
      return at.problem(`it would begin at ${atMs} ms, and all is healed at ${healMs} ms`);
    }
    if (forMs === undefined && !mayBeEndless) {
      return place.problem(`say for how long: for: 500ms`);
    }
    return { kind: 'once', atMs, forMs };
  }
  if (!mayBeTimeless) return place.problem(`say when: at: 2s, or every: 5s`);
  return forMs === undefined
    ? { kind: 'always' }
    : lasts.key.problem(`'for' stands beside 'at' or 'every'`);
}
