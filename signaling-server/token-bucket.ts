/** A bounded rate that allows bursts: full at first, and refilled steadily. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #tokensPerMs: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #filledAtMs: number;

  constructor(capacity: number, tokensPerSecond: number, nowMs: () => number) {
    this.#capacity = capacity;
    this.#tokensPerMs = tokensPerSecond / 1000;
    this.#nowMs = nowMs;
    this.#tokens = capacity;
    this.#filledAtMs = nowMs();
  }

  /** Takes so many tokens if they are there; otherwise none. */
  take(tokens: number): boolean {
    this.#fill();
    if (tokens > this.#tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** Takes so many tokens even where they are not there: then it is in debt. */
  charge(tokens: number): void {
    this.#fill();
    this.#tokens -= tokens;
  }

  /** How long it takes until it is out of debt; 0 when it is in none. */
  debtMs(): number {
    this.#fill();
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#tokensPerMs);
  }

  #fill(): void {
    const nowMs = this.#nowMs();
    const gained = (nowMs - this.#filledAtMs) * this.#tokensPerMs;
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained);
    this.#filledAtMs = nowMs;
  }
}
