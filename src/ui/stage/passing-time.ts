/** How the time of a recording passes while it plays. */

import type { Cursor, Recording } from '../../lab/playback.ts';

/** With reduced motion the picture stands still between two steps for so long, in real milliseconds. */
export const STILL_MS = 600;
/** The longest stretch of real time that one frame plays: a tab that was hidden does not jump. */
export const FRAME_MS_MAX = 100;
/** While nothing is on its way and nothing happens for so many real milliseconds, time passes so many times as fast: silence is no lesson. */
const SILENCE_MS = 250;
const SILENCE_FACTOR = 12;
/** Playing begins so long before the first message, in seconds of the viewer: time to see who is there. */
const LEAD_SECONDS = 0.2;

/** Milliseconds of the run that pass in so many real ones. @param speed milliseconds of the run per second of the viewer */
export function passingMs(
  recording: Recording,
  { time, step }: Cursor,
  speed: number,
  realMs: number,
): number {
  const passing = (realMs * speed) / 1000;
  const next = recording.events[step];
  if (next === undefined || next.time - time < (SILENCE_MS * speed) / 1000) return passing;
  for (const { arrivedAt } of recording.flightsBetween(time, time, Infinity)) {
    if (arrivedAt !== undefined && arrivedAt > time) return passing;
  }
  return Math.min(passing * SILENCE_FACTOR, next.time - time);
}

/** When a recording begins to be worth seeing: until its first message the nodes only wait. Undefined as long as none has arrived and says how fast to play. */
export function beginning(recording: Recording, speed: number): number | undefined {
  if (recording.typicalJourney() === 0) return undefined;
  const first = recording.events.find(({ kind }) => kind === 'send')!;
  return first.time - speed * LEAD_SECONDS;
}
