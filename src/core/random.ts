/**
 * Seeded randomness: xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32 from a hash of a string.
 *
 * Only integer arithmetic and exact divisions: every engine draws the same numbers. Each concern of a run has a
 * stream of its own, so that adding one (a fault, say) does not shift the others.
 */

import { Misuse } from './errors.ts';
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(state: readonly [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** The stream called `name` of the run with this seed. */
  static stream(seed: number | string, name: string): Random {
    let hash = hashText(`${seed}/${name}`);
    const next = () => {
      hash = (hash + 0x9e3779b9) | 0;
      let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    // Signed, as every step leaves them: engines then keep them as small integers, and draw three times as fast.
    return new Random([next() | 0, next() | 0, next() | 0, next() | 1]);
  }

  /** 32 random bits, as an unsigned integer. */
  bits(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return result;
  }

  /** The same bits, `count` times over: for inner loops, where it is several times quicker than one at a time. */
  fillBits(target: Int32Array, count: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let i = 0; i < count; i++) {
      target[i] = Math.imul(rotate(Math.imul(b, 5), 7), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotate(d, 11);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    return ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /** A number in [min, max). */
  between(min: number, max: number): number {
    return min + (max - min) * this.next();
  }

  /** A whole number from min to max, both included. */
  integer(min: number, max: number): number {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min) {
      throw new Misuse(`no whole number lies between ${min} and ${max}`);
    }
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /**
   * A whole number from 0 to `count` − 1, of 32 random bits: one number used up, where {@link integer} uses two. Meant for inner loops:
   * with more than a few million to choose from, some would be noticeably likelier than others.
   */
  below(count: number): number {
    return ((this.bits() * count) / 4294967296) | 0;
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items, each as likely. @throws {Misuse} when there is none */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Misuse('there is nothing to pick from');
    return items[this.integer(0, items.length - 1)]!;
  }

  /** The items in random order, as a new list (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** Random bytes. Not for keys: this stream can be predicted. */
  bytes(length: number): Uint8Array {
    const result = new Uint8Array(length);
    for (let i = 0; i < length; i++) result[i] = this.bits() >>> 24;
    return result;
  }

  /** Goes on as the other one would. */
  become(other: Random): void {
    this.#a = other.#a;
    this.#b = other.#b;
    this.#c = other.#c;
    this.#d = other.#d;
  }

  /** A stream that goes on from here on its own. */
  clone(): Random {
    return new Random([this.#a, this.#b, this.#c, this.#d]);
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** A 32-bit hash of a text (FNV-1a with a final mix); not for security. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (text.charCodeAt(i) >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) | 0;
}
