/** Stores in memory: for the simulator, for tests, and where a browser offers no IndexedDB. Nothing survives the process. */

import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { LogStore, Store } from '../core/ports.ts';
import type { Value } from '../core/value.ts';

/** A key-value store. Values are kept encoded, so that nobody can change what was stored. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Uint8Array>();

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  async get(key: string): Promise<Value | undefined> {
    const bytes = this.#entries.get(key);
    return bytes === undefined ? undefined : decodeCanonical(bytes);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    // All are encoded before the first is stored: a value that cannot be stored leaves nothing behind.
    const encoded = Object.entries(entries).map(
      ([key, value]) => [key, value === undefined ? undefined : encodeCanonical(value)] as const,
    );
    for (const [key, bytes] of encoded) {
      if (bytes === undefined) this.#entries.delete(key);
      else this.#entries.set(key, bytes);
    }
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    return [...this.#entries.keys()]
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .map((key) => [key, decodeCanonical(this.#entries.get(key)!)] as const);
  }
}

/** An append-only log. */
export class MemoryLog implements LogStore {
  #records: Uint8Array[] = [];
  #first = 1;

  async firstIndex(): Promise<number> {
    return this.#first;
  }

  async lastIndex(): Promise<number> {
    return this.#first + this.#records.length - 1;
  }

  async append(records: readonly unknown[]): Promise<number> {
    this.#records.push(...records.map(encodeCanonical));
    return this.lastIndex();
  }

  async read(from: number, to: number): Promise<readonly Value[]> {
    const start = Math.max(0, from - this.#first);
    return this.#records.slice(start, Math.max(start, to - this.#first + 1)).map(decodeCanonical);
  }

  async truncateAfter(index: number): Promise<void> {
    this.#records.length = Math.min(this.#records.length, Math.max(0, index - this.#first + 1));
  }

  async truncateBefore(index: number): Promise<void> {
    const count = Math.min(this.#records.length, Math.max(0, index - this.#first));
    this.#records = this.#records.slice(count);
    this.#first += count;
  }
}
