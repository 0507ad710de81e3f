/** A live node that the plan makes stand still: what comes meanwhile, messages and timers, waits in its order. */

import type { NodeId } from '../../core/id.ts';
import type { Weather } from '../faults/weather.ts';

/** Lets events pass while the node moves. */
export class Standstill {
  readonly #node: NodeId;
  readonly #weather: Weather;
  readonly #nowMs: () => number;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(node: NodeId, weather: Weather, nowMs: () => number) {
    this.#node = node;
    this.#weather = weather;
    this.#nowMs = nowMs;
  }

  /** Calls `event` now, or when the node moves again. */
  pass(event: () => void): void {
    const nowMs = this.#nowMs();
    const untilMs = this.#weather.pausedUntil(this.#node, nowMs);
    if (untilMs <= nowMs && this.#waiting.length === 0) return event();
    this.#waiting.push(event);
    if (this.#timer !== undefined) return;
    this.#weather.firings.add({
      fault: 'pause',
      node: this.#node,
      detail: `stands still for ${Math.round(untilMs - nowMs)} ms`,
    });
    this.#wakeAt(untilMs);
  }

  /** Forgets what waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #wakeAt(timeMs: number): void {
    this.#timer = setTimeout(() => {
      const nowMs = this.#nowMs();
      const untilMs = this.#weather.pausedUntil(this.#node, nowMs);
      // Pauses may follow upon one another, and timers may come a little early.
      if (untilMs > nowMs) return this.#wakeAt(untilMs);
      this.#timer = undefined;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const event of waiting) event();
    }, timeMs - this.#nowMs());
  }
}
