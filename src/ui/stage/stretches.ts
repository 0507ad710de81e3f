/** Parts of a run that are no longer in memory: read when somebody looks at them. */

import { messageOf } from '../../core/errors.ts';
import { Recording } from '../../lab/playback.ts';
import { density } from '../../lab/picture.ts';
import type { Run } from '../../lab/run.ts';

/** What a run has in memory, as a {@link Recording} is made of it. */
export function windowOf({ carried = 0, before = 0 }: Run): { carried: number; before: number } {
  return { carried, before };
}

/** Reads one stretch at a time; the last that is asked for wins. */
export class StretchReader {
  readonly #changed: () => void;
  #asked = 0;
  #isReading = false;
  #problem: string | undefined;

  /** @param changed is called when it has failed */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  /** What was asked for is no longer wanted: whoever has moved on meanwhile is not taken back. */
  cancel(): void {
    this.#asked++;
    this.#isReading = false;
    this.#problem = undefined;
  }

  /** Reads a stretch. @param show gets it; undefined for the newest events, which are in memory */
  read(
    run: Run,
    number: number | undefined,
    show: (recording: Recording | undefined) => void,
  ): void {
    this.cancel();
    if (number === undefined) return show(undefined);
    const asked = this.#asked;
    this.#isReading = true;
    run.archive!.read(number).then(
      ({ events, carried, before }) => {
        if (asked !== this.#asked) return;
        this.#isReading = false;
        const recording = new Recording({ carried, before });
        recording.extend(events);
        show(recording);
        return undefined;
      },
      (error: unknown) => {
        if (asked !== this.#asked) return;
        this.#isReading = false;
        this.#problem = messageOf(error);
        this.#changed();
      },
    );
  }
}

/** How much happened in each of `count` equal parts of the time up to `endTime`, whether it is in memory or not. */
export function runDensity(
  run: Run | undefined,
  shown: Recording,
  count: number,
  endTime: number,
): number[] {
  const stretches = run?.archive?.stretches ?? [];
  if (run === undefined || stretches.length === 0) return density(shown, count, endTime);
  const result = Array.from({ length: count }, () => 0);
  const put = (time: number, events: number) => {
    result[Math.min(count - 1, Math.floor((time / endTime) * count))]! += events;
  };
  for (const { fromMs, toMs, density: parts } of stretches) {
    const width = (toMs - fromMs) / parts.length;
    for (const [part, events] of parts.entries()) put(fromMs + (part + 0.5) * width, events);
  }
  const { events, carried = 0 } = run;
  for (let index = carried; index < events.length; index++) put(events[index]!.time, 1);
  return result;
}
