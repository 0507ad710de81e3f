/**
 * How much an author may publish: a token bucket of messages and one of bytes. Both fill with time, up to a burst; what is published is taken
 * out. A batch goes whole, so a bucket may be left with less than nothing, and is waited for until it has something again: on average
 * nobody gets more than the rate, and at most one batch more than rate and burst.
 */

/** How much, in one second, and at once. */
export interface Rate {
  /** Messages a second. */
  readonly messages: number;
  /** Bytes a second. */
  readonly bytes: number;
  /** So many seconds' worth of both may come at once. */
  readonly burst: number;
}

/** At most so much. */
export type Portion = Omit<Rate, 'burst'>;

/** One bucket. Time is an argument; a clock that is set back takes nothing away and gives nothing. */
export class Bucket {
  readonly #perSecond: number;
  readonly #most: number;
  #level: number;
  #atMs: number;

  /** It begins full. */
  constructor(perSecond: number, most: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#most = most;
    this.#level = most;
    this.#atMs = nowMs;
  }

  /** What is in it; less than nothing when too much was taken. */
  level(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#level = Math.min(this.#most, this.#level + (elapsedMs * this.#perSecond) / 1000);
    return this.#level;
  }

  /** Takes out so much, whether it is there or not. */
  take(amount: number, nowMs: number): void {
    this.#level = this.level(nowMs) - amount;
  }

  /** Milliseconds until there is something in it; 0 when there is. */
  waitMs(nowMs: number): number {
    const level = this.level(nowMs);
    return level > 0 ? 0 : Math.floor((-level * 1000) / this.#perSecond) + 1;
  }
}

/** What one author may publish. */
export class Allowance {
  readonly #messages: Bucket;
  readonly #bytes: Bucket;

  constructor({ messages, bytes, burst }: Rate, nowMs: number) {
    this.#messages = new Bucket(messages, messages * burst, nowMs);
    this.#bytes = new Bucket(bytes, bytes * burst, nowMs);
  }

  /** Milliseconds until the next batch may go; 0 when it may now. */
  waitMs(nowMs: number): number {
    return Math.max(this.#messages.waitMs(nowMs), this.#bytes.waitMs(nowMs));
  }

  /** How much may go now: the next batch of one who keeps to it. One message goes always, whatever its size. */
  portion(nowMs: number): Portion {
    return { messages: this.#messages.level(nowMs), bytes: this.#bytes.level(nowMs) };
  }

  /** A batch goes. */
  take(messages: number, bytes: number, nowMs: number): void {
    this.#messages.take(messages, nowMs);
    this.#bytes.take(bytes, nowMs);
  }
}
