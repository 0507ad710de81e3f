/** Stores in memory: for the simulator, for tests, and where a browser offers no IndexedDB. Nothing survives the process. */

import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { Store } from '../core/ports.ts';
import type { Value } from '../core/value.ts';

/** A key-value store. Values are kept encoded, so that nobody can change what was stored. */
export class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly survives = 'nothing';
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
