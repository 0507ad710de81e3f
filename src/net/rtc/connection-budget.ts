/**
 * How many connections a page makes within a while. Browsers count closed ones until they are collected, and refuse to make more: whoever wants
 * one waits for a token, and each token comes back some time after it was taken.
 */

import type { Clock } from '../../core/ports.ts';
import { CONNECTION_WINDOW_MS, CONNECTIONS_PER_WINDOW_MAX } from '../limits.ts';

/** Tokens of one page. All of its nodes share it. */
export class ConnectionBudget {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #windowMs: number;
  readonly #waiting = new Set<() => void>();
  #tokens: number;

  constructor(
    clock: Pick<Clock, 'after'>,
    tokens: number = CONNECTIONS_PER_WINDOW_MAX,
    windowMs: number = CONNECTION_WINDOW_MS,
  ) {
    this.#clock = clock;
    this.#tokens = tokens;
    this.#windowMs = windowMs;
  }

  /** Calls `begin` when a connection may be made: at once, or in its turn. Returns what gives the turn up. */
  take(begin: () => void): () => void {
    const turn = () => begin();
    if (this.#tokens > 0) this.#spend(turn);
    else this.#waiting.add(turn);
    return () => this.#waiting.delete(turn);
  }

  /** Takes a token if there is one; false when there is none. */
  tryTake(): boolean {
    if (this.#tokens === 0) return false;
    this.#spend(() => {});
    return true;
  }

  #spend(turn: () => void): void {
    this.#tokens--;
    this.#clock.after(this.#windowMs, () => {
      this.#tokens++;
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#spend(next);
    });
    turn();
  }
}
