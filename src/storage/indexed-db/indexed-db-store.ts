/**
 * A key-value store in IndexedDB. Writes of one turn share one transaction, and so do all that come while a transaction is on its way
 * (`group-commit.ts`).
 */

import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import type { Salvage, Store, Survival } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import { GroupCommit } from '../group-commit.ts';
import { placeOf, salvaged, seal, unseal } from '../sealed.ts';
import { storageErrorOf } from './database.ts';
import { write, type Writable } from './writing.ts';

/** What one write does: bytes that are stored, or undefined for what is removed. */
type Step = readonly (readonly [key: string, sealed: Uint8Array | undefined])[];

/** The store of one path. */
export class IndexedDbStore implements Store {
  readonly kind: string;
  readonly survives: Survival;
  readonly #writable: Writable;
  readonly #path: string;
  readonly #group: GroupCommit<Step>;

  constructor(writable: Writable, path: string) {
    this.kind = `indexeddb-${writable.durability}`;
    this.survives = writable.durability === 'strict' ? 'power cut' : 'tab crash';
    this.#writable = writable;
    this.#path = path;
    this.#group = new GroupCommit((steps) =>
      write(writable, function* requests(values) {
        // A key that several steps wrote is written once, as the last one wants it.
        for (const [key, sealed] of new Map(steps.flat())) {
          yield sealed === undefined ? values.delete([path, key]) : values.put(sealed, [path, key]);
        }
      }),
    );
  }

  async get(key: string): Promise<Value | undefined> {
    return this.#reading(async () => {
      const sealed = await this.#writable.database.get('values', [this.#path, key]);
      return sealed === undefined ? undefined : this.#open(key, sealed);
    });
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const step = Object.entries(entries).map(([key, value]) => {
      if (value === undefined) return [key, undefined] as const;
      return [key, seal(encodeCanonical(value), placeOf(this.#path, key))] as const;
    });
    await this.#group.add(step);
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    const sealed = await this.#sealed(prefix);
    return sealed.map(([key, bytes]) => [key, this.#open(key, bytes)] as const);
  }

  resume(): boolean {
    return this.#group.resume();
  }

  async salvage(): Promise<Salvage> {
    return salvaged(await this.#sealed(''), (key, bytes) => this.#open(key, bytes));
  }

  #sealed(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#reading(async () => {
      const [from, to] = [
        [this.#path, prefix],
        [this.#path, endOf(prefix)],
      ];
      const range = IDBKeyRange.bound(from, to, false, true);
      const transaction = this.#writable.database.transaction('values');
      const [keys, values] = await Promise.all([
        transaction.store.getAllKeys(range),
        transaction.store.getAll(range),
      ]);
      return keys.map(([, key], i) => [key, values[i]!] as const);
    });
  }

  #open(key: string, sealed: Uint8Array): Value {
    return decodeCanonical(unseal(sealed, placeOf(this.#path, key)));
  }

  /** Reads behind every write that was asked for. */
  async #reading<T>(read: () => Promise<T>): Promise<T> {
    this.#group.flush();
    try {
      return await read();
    } catch (error) {
      throw storageErrorOf(error);
    }
  }
}

/** The first key behind all that begin with `prefix`: texts are ordered by their units, and lists come behind texts. */
function endOf(prefix: string): IDBValidKey {
  const kept = prefix.replace(/\uffff+$/, '');
  if (kept === '') return [];
  const last = kept.charCodeAt(kept.length - 1);
  return kept.slice(0, -1) + String.fromCharCode(last + 1);
}
