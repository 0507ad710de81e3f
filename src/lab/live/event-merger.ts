/** Brings the events of several live nodes into one order of time, although they are reported in batches. */

import type { TraceEvent } from '../../core/trace.ts';

/** Milliseconds that an event waits for earlier ones of other nodes; nodes report every 50 ms. */
const HOLD_MS = 150;

/** Merges as events come. What comes too late is moved behind what was already shown: a picture is not rewritten. */
export class EventMerger {
  readonly #show: (events: readonly TraceEvent[]) => void;
  readonly #waiting: TraceEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownMs = 0;
  #newestMs = 0;

  constructor(show: (events: readonly TraceEvent[]) => void) {
    this.#show = show;
  }

  add(events: readonly TraceEvent[]): void {
    for (const event of events) {
      this.#waiting.push(event);
      this.#newestMs = Math.max(this.#newestMs, event.time);
    }
    this.#arm();
  }

  /** Shows everything that waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#release(Infinity);
  }

  #arm(): void {
    if (this.#waiting.length === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#release(this.#newestMs - HOLD_MS / 2);
      // If nothing newer comes, those that are left are due next time.
      this.#newestMs += HOLD_MS;
      this.#arm();
    }, HOLD_MS);
  }

  #release(upToMs: number): void {
    this.#waiting.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
    const count = this.#waiting.findIndex(({ time }) => time > upToMs);
    const ready = this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
    if (ready.length === 0) return;
    const shown = ready.map((event) =>
      event.time >= this.#shownMs ? event : { ...event, time: this.#shownMs },
    );
    this.#shownMs = shown.at(-1)!.time;
    this.#show(shown);
  }
}
