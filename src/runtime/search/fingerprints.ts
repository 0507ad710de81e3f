/**
 * The set of situations that were seen, as 64-bit fingerprints: a few bytes for each, however large the situation is.
 *
 * A fingerprint is a sum: every part of a situation (where a node stands, a message on its way) has 64 bits of its own, and what a step
 * changes is taken off and added. So what a step leads to is known before it is made, and most steps lead to what was seen before.
 *
 * Two different situations may have the same fingerprint, and then one of them is not searched; {@link collisionOdds} says how likely
 * that is (with a million situations, one in 37 million).
 */

/** Slots are doubled when more than this share of them is taken. */
const LOAD_MAX = 0.5;

const SLOTS_AT_FIRST = 1 << 12;

/** Whole numbers of one entry: low, high, parent, choice, depth. */
const ENTRY = 5;

/** 64 bits, as two whole numbers of 32. */
export interface Bits {
  readonly low: number;
  readonly high: number;
}

/** What counts for nothing. */
export const NO_BITS: Bits = { low: 0, high: 0 };

/** The bits of a part: of what kind it is, and which one. Different for different ones, and in no way related. */
export function bitsOf(kind: number, number: number): Bits {
  const seed = Math.imul(kind + 1, 0x9e3779b1);
  return {
    low: finished(Math.imul(number + 1, 0x85ebca6b) ^ seed),
    high: finished(Math.imul(number + 1, 0xc2b2ae35) ^ finished(seed)),
  };
}

/** The last mixing of MurmurHash3. */
export function finished(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Fingerprints with, for each, how it was reached; numbered from 0 in the order of their coming. */
export class Fingerprints {
  #slots = new Int32Array(SLOTS_AT_FIRST).fill(-1);
  #entries = new Int32Array(ENTRY * SLOTS_AT_FIRST);
  size = 0;

  /** Bytes that the table takes. */
  get bytes(): number {
    return this.#slots.byteLength + this.#entries.byteLength;
  }

  /** The number of a fingerprint; −1 when it was not seen. */
  find({ low, high }: Bits): number {
    const entries = this.#entries;
    const last = this.#slots.length - 1;
    for (let at = low & last; ; at = (at + 1) & last) {
      const number = this.#slots[at]!;
      if (number < 0) return -1;
      if (entries[ENTRY * number] === low && entries[ENTRY * number + 1] === high) return number;
    }
  }

  /**
   * Adds a fingerprint that was not seen.
   *
   * @param parent number of the entry that it was reached from; −1 at the beginning
   * @param choice which of that one's choices led here
   * @returns its number
   */
  add({ low, high }: Bits, parent: number, choice: number, depth: number): number {
    const number = this.size++;
    if (ENTRY * this.size > this.#entries.length) this.#lengthen();
    this.#entries.set([low, high, parent, choice, depth], ENTRY * number);
    this.#enter(this.#slots, number);
    if (this.size > this.#slots.length * LOAD_MAX) this.#widen();
    return number;
  }

  depth(number: number): number {
    return this.#entries[ENTRY * number + 4]!;
  }

  /** An entry was reached again, with fewer choices. */
  shorten(number: number, depth: number): void {
    this.#entries[ENTRY * number + 4] = depth;
  }

  /** Which choices lead from the beginning to an entry. */
  way(number: number): number[] {
    const choices: number[] = [];
    let at = number;
    while (this.#entries[ENTRY * at + 2]! >= 0) {
      choices.push(this.#entries[ENTRY * at + 3]!);
      at = this.#entries[ENTRY * at + 2]!;
    }
    return choices.reverse();
  }

  #enter(slots: Int32Array, number: number): void {
    const last = slots.length - 1;
    let at = this.#entries[ENTRY * number]! & last;
    while (slots[at]! >= 0) at = (at + 1) & last;
    slots[at] = number;
  }

  #lengthen(): void {
    const longer = new Int32Array(2 * this.#entries.length);
    longer.set(this.#entries);
    this.#entries = longer;
  }

  #widen(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let number = 0; number < this.size; number++) this.#enter(slots, number);
    this.#slots = slots;
  }
}

/** How likely it is that a collision has hidden one of `count` situations: the birthday bound for 64 bits. */
export function collisionOdds(count: number): number {
  return (count * count) / 2 / 2 ** 64;
}
