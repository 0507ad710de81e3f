/** Every view that a node had, as a file: one JSON object a line. */

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Chapter } from '../../core/chapter.ts';
import { messageOf } from '../../core/errors.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { ViewSamples } from '../../lab/overlay/view-samples.ts';
import { UsageError } from '../failures.ts';

/** Writes the samples of a run while it goes on. */
export class ViewsFile {
  readonly #file: number;
  readonly #samples: ViewSamples;

  /** @throws {UsageError} when the file cannot be written */
  constructor(file: string, chapter: Chapter) {
    this.#samples = new ViewSamples(chapter);
    try {
      this.#file = openSync(file, 'w');
    } catch (error) {
      throw new UsageError(`--views ${file}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Takes an event of the run. */
  add(event: TraceEvent): void {
    const sample = this.#samples.take(event);
    if (sample !== undefined) writeSync(this.#file, `${JSON.stringify(sample)}\n`);
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }
}
