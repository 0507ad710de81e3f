/** Finds events by words. A hundred thousand of them are searched in slices, so that typing stays fluid. */

import type { TraceEvent } from '../../core/trace.ts';
import type { Recording } from '../../lab/playback.ts';
import { eventRow } from './describe.ts';

/** Events searched in one go. */
const SLICE_LENGTH = 4000;

/** The indexes of the events that fit a query; grows as the search goes on and as events come. */
export class EventFilter {
  readonly #words: readonly string[];
  readonly #recording: Recording;
  readonly #isKept: ((event: TraceEvent) => boolean) | undefined;
  readonly #found: number[] = [];
  #searched = 0;

  /** `isKept` says which events there are at all; all unless given. */
  constructor(recording: Recording, query: string, isKept?: (event: TraceEvent) => boolean) {
    this.#recording = recording;
    this.#isKept = isKept;
    this.#words = query.toLowerCase().split(/\s+/).filter(Boolean);
  }

  /** True when nothing is filtered out. */
  get everything(): boolean {
    return this.#words.length === 0 && this.#isKept === undefined;
  }

  /** True when there is nothing left to search. */
  get done(): boolean {
    return this.everything || this.#searched >= this.#recording.length;
  }

  /** How many events fit, as far as is known. */
  get count(): number {
    return this.everything ? this.#recording.length : this.#found.length;
  }

  /** Index of the event in a row. */
  at(row: number): number | undefined {
    if (this.everything) return row < this.#recording.length ? row : undefined;
    return this.#found[row];
  }

  /** The row of the last fitting event before `step`; −1 when there is none. */
  rowBefore(step: number): number {
    if (this.everything) return step - 1;
    let low = 0;
    let high = this.#found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#found[middle]! < step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Searches one slice more. */
  advance(): void {
    if (this.everything) return;
    const end = Math.min(this.#recording.length, this.#searched + SLICE_LENGTH);
    for (; this.#searched < end; this.#searched++) {
      if (this.#fits(this.#searched)) this.#found.push(this.#searched);
    }
  }

  #fits(index: number): boolean {
    const event = this.#recording.events[index]!;
    if (this.#isKept?.(event) === false) return false;
    const rest = this.#words.filter((word) => !hasWord(event, word));
    if (rest.length === 0) return true;
    // Only words that are no name are looked for in the text, which costs more.
    const { verb, subject, peer, detail } = eventRow(this.#recording, index);
    const text = `${verb} ${subject} ${peer} ${detail}`.toLowerCase();
    return rest.every((word) => text.includes(word));
  }
}

function hasWord(event: TraceEvent, word: string): boolean {
  if (event.node.toLowerCase() === word || event.kind === word) return true;
  return 'type' in event && event.type.toLowerCase() === word;
}
