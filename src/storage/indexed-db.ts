/**
 * Stores in IndexedDB: what a tab finds again after a reload. One database for each node of each room; in it one object store for
 * key-value records and one for logs, so that a batch is one transaction.
 *
 * Writes are `strict`: the promise is fulfilled when the browser has handed the data to the disk.
 */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { LogStore, Store } from '../core/ports.ts';
import type { Value } from '../core/value.ts';

interface NodeDatabase extends DBSchema {
  /** Keyed by path and key. */
  values: { key: [path: string, key: string]; value: Uint8Array };
  /** Keyed by log and index. */
  records: { key: [log: string, index: number]; value: Uint8Array };
  /** Index of the first record that a log keeps, once it was compacted. */
  firsts: { key: string; value: number };
}

const STRICT = { durability: 'strict' } as const;

/** The storage of one node. */
export class NodeStorage {
  readonly #database: IDBPDatabase<NodeDatabase>;

  private constructor(database: IDBPDatabase<NodeDatabase>) {
    this.#database = database;
  }

  /**
   * Opens the storage of a node, or makes it.
   * @param name unique to room, node and key
   */
  static async open(name: string): Promise<NodeStorage> {
    const database = await openDB<NodeDatabase>(`parley/${name}`, 1, {
      upgrade: (created) => {
        created.createObjectStore('values');
        created.createObjectStore('records');
        created.createObjectStore('firsts');
      },
      // Another tab wants to delete or upgrade it: it must not wait for us.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new NodeStorage(database);
  }

  /** The key-value store of the algorithm at `path`. */
  store(path: string): Store {
    return new IndexedDbStore(this.#database, path);
  }

  /** The log called `name`. */
  log(name: string): LogStore {
    return new IndexedDbLog(this.#database, name);
  }

  close(): void {
    this.#database.close();
  }
}

class IndexedDbStore implements Store {
  readonly #database: IDBPDatabase<NodeDatabase>;
  readonly #path: string;

  constructor(database: IDBPDatabase<NodeDatabase>, path: string) {
    this.#database = database;
    this.#path = path;
  }

  async get(key: string): Promise<Value | undefined> {
    const bytes = await this.#database.get('values', [this.#path, key]);
    return bytes === undefined ? undefined : decodeCanonical(bytes);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const encoded = Object.entries(entries).map(
      ([key, value]) => [key, value === undefined ? undefined : encodeCanonical(value)] as const,
    );
    const transaction = this.#database.transaction('values', 'readwrite', STRICT);
    for (const [key, bytes] of encoded) {
      if (bytes === undefined) void transaction.store.delete([this.#path, key]);
      else void transaction.store.put(bytes, [this.#path, key]);
    }
    await transaction.done;
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    const range = IDBKeyRange.bound([this.#path, prefix], [this.#path, endOf(prefix)], false, true);
    const transaction = this.#database.transaction('values');
    const [keys, values] = await Promise.all([
      transaction.store.getAllKeys(range),
      transaction.store.getAll(range),
    ]);
    return keys.map(([, key], i) => [key, decodeCanonical(values[i]!)] as const);
  }
}

class IndexedDbLog implements LogStore {
  readonly #database: IDBPDatabase<NodeDatabase>;
  readonly #name: string;

  constructor(database: IDBPDatabase<NodeDatabase>, name: string) {
    this.#database = database;
    this.#name = name;
  }

  async firstIndex(): Promise<number> {
    return (await this.#database.get('firsts', this.#name)) ?? 1;
  }

  async lastIndex(): Promise<number> {
    const { last } = await this.#bounds(this.#database.transaction(['records', 'firsts']));
    return last;
  }

  async append(records: readonly unknown[]): Promise<number> {
    const encoded = records.map(encodeCanonical);
    const transaction = this.#database.transaction(['records', 'firsts'], 'readwrite', STRICT);
    const store = transaction.objectStore('records');
    let index = (await this.#bounds(transaction)).last;
    for (const bytes of encoded) void store.put(bytes, [this.#name, ++index]);
    await transaction.done;
    return index;
  }

  async read(from: number, to: number): Promise<readonly Value[]> {
    if (to < from) return [];
    const values = await this.#database.getAll('records', this.#range(from, to));
    return values.map(decodeCanonical);
  }

  async truncateAfter(index: number): Promise<void> {
    const transaction = this.#database.transaction('records', 'readwrite', STRICT);
    void transaction.store.delete(this.#range(index + 1, Infinity));
    await transaction.done;
  }

  async truncateBefore(index: number): Promise<void> {
    const transaction = this.#database.transaction(['records', 'firsts'], 'readwrite', STRICT);
    const { first, last } = await this.#bounds(transaction);
    const kept = Math.max(first, Math.min(index, last + 1));
    void transaction.objectStore('records').delete(this.#range(0, kept - 1));
    void transaction.objectStore('firsts').put(kept, this.#name);
    await transaction.done;
  }

  /** Both ends, as they are when this transaction has its turn: writes that nobody awaited come before it. */
  async #bounds(
    transaction: IDBPTransaction<NodeDatabase, ('records' | 'firsts')[], 'readonly' | 'readwrite'>,
  ): Promise<{ readonly first: number; readonly last: number }> {
    const records = transaction.objectStore('records');
    const first = (await transaction.objectStore('firsts').get(this.#name)) ?? 1;
    const newest = await records.openKeyCursor(this.#range(0, Infinity), 'prev');
    return { first, last: newest === null ? first - 1 : newest.key[1] };
  }

  #range(from: number, to: number): IDBKeyRange {
    return IDBKeyRange.bound([this.#name, from], [this.#name, to]);
  }
}

/** The first key behind all that begin with `prefix`: texts are ordered by their units, and lists come behind texts. */
function endOf(prefix: string): IDBValidKey {
  const kept = prefix.replace(/\uffff+$/, '');
  if (kept === '') return [];
  const last = kept.charCodeAt(kept.length - 1);
  return kept.slice(0, -1) + String.fromCharCode(last + 1);
}
