/** A queue that does not grow without bound, whoever fills it: what is too much is dropped, the oldest first, and counted. */

/** What it may hold. */
export interface QueueBounds {
  readonly count: number;
  readonly bytes: number;
}

/** What waits for somebody who may never come for it. */
export class BoundedQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #bytesOf: (item: T) => number;
  #items: { readonly item: T; readonly bytes: number }[] = [];
  /** How many of them are gone. */
  #taken = 0;
  #bytes = 0;

  /** @param bytesOf what one takes, about */
  constructor(bounds: QueueBounds, bytesOf: (item: T) => number) {
    this.#bounds = bounds;
    this.#bytesOf = bytesOf;
  }

  get size(): number {
    return this.#items.length - this.#taken;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Puts one at the end.
   *
   * @returns what had to go for it: so many that half of what may wait is free again, so that whoever is told of it is not told with each. The
   * newest always stays.
   */
  push(item: T): T[] {
    const bytes = this.#bytesOf(item);
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    const dropped: T[] = [];
    if (this.size <= this.#bounds.count && this.#bytes <= this.#bounds.bytes) return dropped;
    while (
      this.size > 1 &&
      (this.size > this.#bounds.count / 2 || this.#bytes > this.#bounds.bytes / 2)
    ) {
      dropped.push(this.shift()!);
    }
    return dropped;
  }

  /** The oldest; undefined when there is none. */
  shift(): T | undefined {
    const first = this.#items[this.#taken];
    if (first === undefined) return undefined;
    this.#taken++;
    this.#bytes -= first.bytes;
    if (this.#taken * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    return first.item;
  }

  /** Everything, which is in it no more. */
  drain(): T[] {
    const all = this.#items.slice(this.#taken).map(({ item }) => item);
    [this.#items, this.#taken, this.#bytes] = [[], 0, 0];
    return all;
  }
}
