/** Many deadlines with one timer: what waits mostly ends long before, and a timer for each would cost more than what it is for. */

import type { Clock, Timer } from '../../core/ports.ts';

interface Waiting {
  readonly atMs: number;
  readonly over: () => void;
}

/** Deadlines by one clock. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #timer: Timer | undefined;
  #timerMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `over` at that time of the clock, unless the returned function is called before. */
  at(atMs: number, over: () => void): () => void {
    const waiting = { atMs, over };
    this.#waiting.add(waiting);
    if (atMs < this.#timerMs) this.#set(atMs);
    return () => void this.#waiting.delete(waiting);
  }

  #set(atMs: number): void {
    this.#timer?.cancel();
    this.#timerMs = atMs;
    // A timer that goes off a rounding error too early would be set again for no time at all.
    const delayMs = Math.max(0, Math.ceil(atMs - this.#clock.now()));
    this.#timer = this.#clock.after(delayMs, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    this.#timerMs = Infinity;
    const nowMs = this.#clock.now();
    let nextMs = Infinity;
    for (const waiting of [...this.#waiting]) {
      if (waiting.atMs > nowMs) nextMs = Math.min(nextMs, waiting.atMs);
      else if (this.#waiting.delete(waiting)) waiting.over();
    }
    if (nextMs < this.#timerMs) this.#set(nextMs);
  }
}
