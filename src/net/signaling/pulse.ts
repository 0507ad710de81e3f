/**
 * Whether the other end of a socket is still there: a tab that crashes says nothing.
 *
 * It counts questions without an answer, not time: a hidden tab asks late, but hears answers at once, and never takes its own sleep for
 * another's death.
 */

/** What a pulse needs. */
export interface PulseOptions {
  readonly pingMs: number;
  readonly missesMax: number;
  readonly ping: () => void;
  readonly dead: () => void;
}

/** Asks again and again, until it is stopped or the other end is dead. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #misses = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#ask(), options.pingMs);
  }

  /** The other end said something. */
  heard(): void {
    this.#misses = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    const { missesMax, ping, dead } = this.#options;
    if (this.#misses++ < missesMax) return ping();
    this.stop();
    dead();
  }
}
