/** Shows this tab's events to the other tabs of a room, within a bound: the signaling server carries them. */

import type { TraceEvent } from '../core/trace.ts';
import { traceLine } from '../runtime/trace-file.ts';

/** Characters of one message; the server takes frames of 128 KiB. */
const BATCH_LENGTH_MAX = 48 * 1024;

/** Characters that one tab shows of one run: a picture of the beginning, without taking the server from the others. */
const SHARED_LENGTH_MAX = 1024 * 1024;

/** Milliseconds for which events are gathered. */
const GATHER_MS = 200;

/** Gathers lines and hands them on. */
export class TraceShare {
  readonly #send: (lines: string) => void;
  #lines = '';
  #left = SHARED_LENGTH_MAX;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (lines: string) => void) {
    this.#send = send;
  }

  add(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const line = traceLine(event);
      if (line.length > BATCH_LENGTH_MAX || line.length > this.#left) continue;
      this.#left -= line.length;
      if (this.#lines.length + line.length > BATCH_LENGTH_MAX) this.flush();
      this.#lines += line;
    }
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines === '') return;
    this.#send(this.#lines);
    this.#lines = '';
  }
}
