/**
 * The configurations that a search has met: Lowe's memoisation (“Testing for linearizability”, Concurrency and Computation 29(4), 2017), with
 * one more rule. A configuration that has used more operations without an answer than one met before, and is otherwise the same, can
 * do nothing that the other could not, since those operations need not happen: it is not searched.
 *
 * An open hash table in one array of integers: exact, and 4 bytes a word.
 */

/** One configuration as words: the first `exactWords` must be equal, the others are a set of used operations. */
export class Visited {
  readonly #exactWords: number;
  readonly #words: number;
  /** Configurations one after the other, each with the place of the next that is the same in its exact words. */
  #entries: Int32Array;
  /** Of each bucket the first entry of its newest chain, plus 1; 0 when empty. */
  #buckets: Int32Array;
  #count = 0;
  #chains = 0;

  constructor(exactWords: number, setWords: number) {
    this.#exactWords = exactWords;
    this.#words = exactWords + setWords + 1;
    this.#entries = new Int32Array(this.#words * 32);
    this.#buckets = new Int32Array(64);
  }

  /** How many 32-bit words it occupies. */
  get size(): number {
    return this.#entries.length + this.#buckets.length;
  }

  /**
   * Notes a configuration.
   *
   * @returns false when it, or one that can do as much, was met before
   */
  add(words: Int32Array): boolean {
    let bucket = this.#bucketOf(words);
    for (;;) {
      const first = this.#buckets[bucket]! - 1;
      if (first < 0) break;
      if (this.#isSame(first, words)) return this.#addTo(bucket, first, words);
      bucket = (bucket + 1) & (this.#buckets.length - 1);
    }
    this.#buckets[bucket] = this.#append(words, -1) + 1;
    if (++this.#chains * 2 > this.#buckets.length) this.#grow();
    return true;
  }

  #addTo(bucket: number, first: number, words: Int32Array): boolean {
    for (let entry = first; entry >= 0; entry = this.#entries[(entry + 1) * this.#words - 1]!) {
      if (this.#isSubset(entry, words)) return false;
    }
    this.#buckets[bucket] = this.#append(words, first) + 1;
    return true;
  }

  #append(words: Int32Array, next: number): number {
    const start = this.#count * this.#words;
    if (start + this.#words > this.#entries.length) {
      const larger = new Int32Array(this.#entries.length * 2);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries.set(words, start);
    this.#entries[start + this.#words - 1] = next;
    return this.#count++;
  }

  #isSame(entry: number, words: Int32Array): boolean {
    const start = entry * this.#words;
    for (let i = 0; i < this.#exactWords; i++) {
      if (this.#entries[start + i] !== words[i]) return false;
    }
    return true;
  }

  /** True when the entry has used nothing that `words` has not. */
  #isSubset(entry: number, words: Int32Array): boolean {
    const start = entry * this.#words;
    for (let i = this.#exactWords; i < this.#words - 1; i++) {
      if ((this.#entries[start + i]! & ~words[i]!) !== 0) return false;
    }
    return true;
  }

  #bucketOf(words: Int32Array, start = 0): number {
    let hash = 0x9e3779b9;
    for (let i = 0; i < this.#exactWords; i++) {
      hash = Math.imul(hash ^ words[start + i]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & (this.#buckets.length - 1);
  }

  #grow(): void {
    const old = this.#buckets;
    this.#buckets = new Int32Array(old.length * 2);
    for (const first of old) {
      if (first === 0) continue;
      let bucket = this.#bucketOf(this.#entries, (first - 1) * this.#words);
      while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & (this.#buckets.length - 1);
      this.#buckets[bucket] = first;
    }
  }
}
