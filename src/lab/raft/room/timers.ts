/**
 * Many timers over one alarm. Those of a node are moved much more often than they go off (whoever is heard of is not missed yet), and whatever
 * keeps the time is somewhere else: so it is told of the next moment alone, and only when that has become earlier.
 */

import type { Timer } from '../../../core/ports.ts';
import { EventQueue } from '../../../runtime/event-queue.ts';

/** Alarms may be early by less than this: whoever keeps them counts whole milliseconds. */
const EARLY_MS = 1;

/** Timers that were cancelled and still stand in the queue, beside as many as there are others. */
const CANCELLED_MAX = 256;

interface Due {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Timers that one alarm wakes. */
export class Timers {
  readonly #now: () => number;
  readonly #arm: (delayMs: number) => void;
  readonly #due = new Map<number, Due>();
  #queue = new EventQueue<number>();
  #numbers = 0;
  #armedMs = Infinity;

  /**
   * @param now milliseconds
   * @param arm moves the alarm: {@link fire} is to be called after so many milliseconds, and not when it was asked for before
   */
  constructor(now: () => number, arm: (delayMs: number) => void) {
    this.#now = now;
    this.#arm = arm;
  }

  /** Calls back once, after so many milliseconds or a little later. */
  after(delayMs: number, callback: () => void): Timer {
    const number = ++this.#numbers;
    const atMs = this.#now() + delayMs;
    this.#due.set(number, { atMs, callback });
    this.#queue.push(atMs, number);
    if (this.#queue.size > 2 * this.#due.size + CANCELLED_MAX) this.#tidy();
    if (atMs < this.#armedMs) this.#armFor(atMs);
    return { cancel: () => void this.#due.delete(number) };
  }

  /** The alarm: calls whatever is due, in the order of its times. */
  fire(): void {
    this.#armedMs = Infinity;
    const untilMs = this.#now() + EARLY_MS;
    const numbers: number[] = [];
    while (this.#queue.size > 0 && this.#queue.nextTime < untilMs) numbers.push(this.#queue.pop()!);
    for (const number of numbers) {
      // One of those before may have cancelled it.
      const due = this.#due.get(number);
      this.#due.delete(number);
      if (due !== undefined) call(due.callback);
    }
    this.#armForNext();
  }

  /** Sets the alarm again: whoever kept it does so no more. */
  rearm(): void {
    this.#armedMs = Infinity;
    this.#armForNext();
  }

  /** Forgets all of them. */
  clear(): void {
    this.#due.clear();
    this.#queue = new EventQueue();
  }

  /** For those that were cancelled nobody has to be woken. */
  #armForNext(): void {
    while (this.#queue.size > 0 && !this.#due.has(this.#queue.next!)) this.#queue.pop();
    // What was called may have set it already.
    if (this.#queue.size > 0 && this.#queue.nextTime < this.#armedMs) {
      this.#armFor(this.#queue.nextTime);
    }
  }

  #armFor(atMs: number): void {
    this.#armedMs = atMs;
    this.#arm(Math.max(0, atMs - this.#now()));
  }

  #tidy(): void {
    this.#queue = new EventQueue();
    for (const [number, { atMs }] of this.#due) this.#queue.push(atMs, number);
  }
}

/** What a callback throws is reported, and takes nobody else's turn. */
function call(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
