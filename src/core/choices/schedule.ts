/** Schedules: who decides which message comes next, where that is not left to latencies. */

import { Place, printPath, type PlaceProblem } from '../faults/place.ts';

/**
 * - `latency`: each message takes a time that the seed draws. The default.
 * - `walk`: of all messages that are under way any may be the next, each as likely (a random walk).
 * - `pct`: links have random priorities, the message of the highest comes first, and at `depth − 1` random steps the link that is
 *   about to be served falls behind all others (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010): a bug that needs `depth`
 *   ordering constraints is found with probability of at least 1/(n·k^(depth−1)), for n links and k steps.
 */
export type Schedule =
  | { readonly kind: 'latency' }
  | { readonly kind: 'walk' }
  | {
      readonly kind: 'pct';
      /** Ordering constraints that a bug may need, from 1. */
      readonly depth: number;
      /** Deliveries that a run has, about: the changes of priority fall among them. */
      readonly steps: number;
    };

/** Names of the schedules. */
export const SCHEDULE_KINDS = [
  'latency',
  'walk',
  'pct',
] as const satisfies readonly Schedule['kind'][];

/** Ordering constraints that anybody looks for: published bugs need one to three. */
export const PCT_DEPTH_MAX = 16;

/** More deliveries than a run has that somebody waits for. */
const STEPS_MAX = 100_000_000;

/** Reads a schedule. @throws {TypeError} that says what is wrong */
export function readSchedule(data: unknown): Schedule {
  const problems: PlaceProblem[] = [];
  const schedule = checked(new Place(data, ['schedule'], problems));
  const [problem] = problems;
  if (problem !== undefined) throw new TypeError(`${printPath(problem.path)}: ${problem.message}`);
  return schedule!;
}

function checked(place: Place): Schedule | undefined {
  const kind = SCHEDULE_KINDS.find((each) => each === place.field('kind').value);
  if (kind === undefined) return place.problem(`its kind is one of ${SCHEDULE_KINDS.join(', ')}`);
  place.fields(kind === 'pct' ? ['kind', 'depth', 'steps'] : ['kind']);
  if (kind !== 'pct') return { kind };
  const depth = whole(place.field('depth'), PCT_DEPTH_MAX);
  const steps = whole(place.field('steps'), STEPS_MAX);
  return depth === undefined || steps === undefined ? undefined : { kind, depth, steps };
}

function whole(place: Place, max: number): number | undefined {
  const { value } = place;
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max) {
    return value as number;
  }
  return place.problem(`a whole number from 1 to ${max}`);
}
