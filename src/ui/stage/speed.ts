/** How fast a recording plays: milliseconds of the run per second of the viewer. */

/** The notches of the speed control. */
export const SPEEDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000,
] as const;

/** A message should be on its way for about so long on the screen, in seconds. */
const JOURNEY_SECONDS = 0.8;
/** A recording should not take longer than this, in seconds. */
const LENGTH_SECONDS_MAX = 60;

/** A speed at which one can follow single messages, unless the whole would take too long. */
export function chooseSpeed(typicalJourneyMs: number, endTimeMs: number): number {
  const wanted = Math.max(typicalJourneyMs / JOURNEY_SECONDS, endTimeMs / LENGTH_SECONDS_MAX);
  if (wanted === 0) return 10;
  return SPEEDS.findLast((speed) => speed <= wanted * 1.2) ?? SPEEDS[0];
}

/** The next notch. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const next =
    direction === 1
      ? SPEEDS.find((candidate) => candidate > speed)
      : SPEEDS.findLast((candidate) => candidate < speed);
  return next ?? speed;
}

/** The speed in words, against real time: `5 ms/s`, `1×`. */
export function printSpeed(speed: number): string {
  return speed < 1000 ? `${speed} ms/s` : `${speed / 1000}×`;
}
