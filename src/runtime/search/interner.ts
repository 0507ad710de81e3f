/** Numbers for things: what is equal has one number, so that whole situations are compared as lists of numbers. */

import { encodeCanonical } from '../../core/canonical.ts';

/** Keeps one item for each key, numbered in the order of their coming. */
export class Interner<T> {
  readonly #byKey = new Map<string, T>();

  get size(): number {
    return this.#byKey.size;
  }

  /** The item of this key; `make` makes it when the key is new. */
  take(key: string, make: (number: number) => T): T {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const item = make(this.#byKey.size);
    this.#byKey.set(key, item);
    return item;
  }
}

/** A text that stands for a value of the value domain: equal for equal values, different for others. */
export function keyOf(value: unknown): string {
  return textOfBytes(encodeCanonical(value));
}

/** Bytes as a text, a character for each. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
