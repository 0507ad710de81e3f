/** Messages that a node has sent and that artificial weather holds back: they leave at their times, in the order of these. */

import { EventQueue } from '../event-queue.ts';

/** Holds what is to happen later. */
export class DelayedSends {
  readonly #nowMs: () => number;
  readonly #after: () => void;
  readonly #queue = new EventQueue<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerMs = Infinity;

  /** @param after called when something has left */
  constructor(nowMs: () => number, after: () => void) {
    this.#nowMs = nowMs;
    this.#after = after;
  }

  get isEmpty(): boolean {
    return this.#queue.size === 0;
  }

  /** Calls `leave` at that time of the node. */
  at(timeMs: number, leave: () => void): void {
    this.#queue.push(timeMs, leave);
    this.#arm();
  }

  /** Forgets everything. */
  close(): void {
    clearTimeout(this.#timer);
    while (this.#queue.size > 0) this.#queue.pop();
  }

  #arm(): void {
    const dueMs = this.#queue.size === 0 ? Infinity : this.#queue.nextTime;
    if (dueMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = dueMs;
    this.#timer = setTimeout(() => this.#release(), Math.max(0, dueMs - this.#nowMs()));
  }

  #release(): void {
    this.#timerMs = Infinity;
    const nowMs = this.#nowMs();
    while (this.#queue.size > 0 && this.#queue.nextTime <= nowMs) this.#queue.pop()!();
    this.#after();
    this.#arm();
  }
}
