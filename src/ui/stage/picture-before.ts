/** The picture of a run that is being made anew: up to the moment that is to be shown, the one before is the same. */

import type { Cursor, Recording } from '../../lab/playback.ts';
import type { RunNode } from '../../lab/run.ts';

/** What was on show. */
export interface Picture {
  readonly recording: Recording;
  readonly cursor: Cursor;
  readonly nodes: readonly RunNode[];
}

/** Keeps what was on show until the next run has come to the moment that is wanted. */
export class PictureBefore {
  #picture: Picture | undefined;
  #wantedMs: number | undefined;

  /** Another run begins: this is what was on show until now. */
  keep(picture: Picture): void {
    this.#picture = picture.recording.length === 0 ? undefined : picture;
    this.#wantedMs = undefined;
  }

  /** The next run is to be shown from this moment on. */
  waitFor(timeMs: number): void {
    this.#wantedMs = timeMs;
  }

  /** Whoever has moved on does not wait. */
  forget(): void {
    this.#picture = undefined;
    this.#wantedMs = undefined;
  }

  /** Where the cursor is to stand as soon as the run has come so far. */
  get wantedMs(): number | undefined {
    return this.#wantedMs;
  }

  /** What is seen instead of the run, as long as that is so. */
  get shown(): Picture | undefined {
    return this.#wantedMs === undefined ? undefined : this.#picture;
  }
}
