/**
 * What was delivered and cannot be read yet, because its key is on the way or it is being decrypted: it waits here, and what comes after it for
 * the same reader as well, so that everything is read in its order.
 */

/** Messages that wait for one reader; above that the oldest is given up. */
export const GATED_MAX = 10_000;

/** What may become of something at the gate. */
export type Passage = 'passed' | 'awaited';

/** One gate. */
export class Gate<R, M> {
  readonly #waiting = new Map<R, M[]>();
  readonly #pass: (reader: R, message: M) => Passage;
  readonly #giveUp: (message: M) => void;

  /**
   * @param pass gives a message to its reader, or says that it has to wait
   * @param giveUp hears of what has waited in vain
   */
  constructor(pass: (reader: R, message: M) => Passage, giveUp: (message: M) => void) {
    this.#pass = pass;
    this.#giveUp = giveUp;
  }

  /** Messages that wait. */
  get size(): number {
    let size = 0;
    for (const { length } of this.#waiting.values()) size += length;
    return size;
  }

  /** Gives a message to a reader: at once, or behind those that wait. */
  take(reader: R, message: M): void {
    const queue = this.#waiting.get(reader);
    if (queue === undefined) {
      if (this.#pass(reader, message) === 'awaited') this.#waiting.set(reader, [message]);
      return;
    }
    queue.push(message);
    if (queue.length > GATED_MAX) this.#giveUp(queue.shift()!);
  }

  /** Something may have changed: lets pass whatever can. */
  look(): void {
    for (const [reader, queue] of this.#waiting) {
      while (queue.length > 0 && this.#pass(reader, queue[0]!) === 'passed') queue.shift();
      if (queue.length === 0) this.#waiting.delete(reader);
    }
  }

  /** A reader reads no more. */
  forget(reader: R): void {
    this.#waiting.delete(reader);
  }
}
