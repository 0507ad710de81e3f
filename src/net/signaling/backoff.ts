/** How long to wait between attempts. */

/** The waits of a {@link Backoff}. */
export interface BackoffOptions {
  /** The longest wait before the first attempt. */
  readonly delayMsMin: number;
  /** The longest wait before any attempt. */
  readonly delayMsMax: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * Doubles the wait with every attempt and takes a random part of it between half and whole: a room
 * that lost its server must not come back in one instant, nor any of it at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempts = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The wait before the next attempt. */
  nextDelayMs(): number {
    const { delayMsMin, delayMsMax, random } = this.#options;
    // 2^30 is beyond any maximum; without the bound the power becomes Infinity.
    const whole = Math.min(delayMsMax, delayMsMin * 2 ** Math.min(this.#attempts++, 30));
    return whole * (0.5 + random() / 2);
  }

  /** The last attempt worked, and has for a while. */
  reset(): void {
    this.#attempts = 0;
  }
}
