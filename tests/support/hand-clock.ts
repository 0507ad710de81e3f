/** Time in the hands of a test. */

import type { Clock, Timer } from '../../src/core/ports.ts';

interface Due {
  readonly atMs: number;
  readonly callback: () => unknown;
}

/** A clock that stands still until it is told to go on. */
export class HandClock implements Clock {
  #nowMs = 0;
  #due: Due[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => unknown): Timer {
    const due = { atMs: this.#nowMs + delayMs, callback };
    this.#due.push(due);
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== due);
      },
    };
  }

  /** Lets everything happen that is due within so many milliseconds, in its order, promises included. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#first(untilMs); next !== undefined; next = this.#first(untilMs)) {
      this.#nowMs = next.atMs;
      this.#due = this.#due.filter((other) => other !== next);
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#nowMs = untilMs;
  }

  #first(untilMs: number): Due | undefined {
    return this.#due.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  }
}
