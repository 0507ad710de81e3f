/** IndexedDB as the storage suite wants it: a new database for each case, removed when it is over, and hurt from behind its back. */

import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import type { WorldMaker } from '../../src/storage/conformance/index.ts';
import { DATABASE_PREFIX } from '../../src/storage/indexed-db/database.ts';
import { NodeStorage } from '../../src/storage/indexed-db/node-storage.ts';
import type { Durability } from '../../src/storage/indexed-db/writing.ts';

let count = 0;

/** Makes worlds; `prefix` keeps those of different test files apart, and every store is one of `kind`. */
export function indexedDbWorlds(
  prefix: string,
  durability: Durability,
  kind: 'store' | 'journal' = 'store',
): WorldMaker {
  return {
    abilities: ['reopen', 'fail', 'fill', 'damage', 'evict', 'contend'],
    make: async () => {
      const name = `${prefix} ${++count}`;
      const opened: NodeStorage[] = [];
      const remove = () => deleteDB(DATABASE_PREFIX + name);
      return {
        open: async ({ mustExist = false, mayTake = true } = {}) => {
          const owned = mayTake ? ('take' as const) : ('refuse' as const);
          const storage = await NodeStorage.open(name, { durability, owned, mustExist });
          opened.push(storage);
          return {
            store: (path) => storage[kind](path),
            close: () => storage.close(),
          };
        },
        failNext: abortNext,
        fill: refuseNext,
        damage: async (path, key) => {
          const database = await openDB(DATABASE_PREFIX + name);
          const at = kind === 'store' ? [path, key] : await recordWith(database, path, key);
          const bytes = (await database.get('values', at)) as Uint8Array;
          bytes[placeIn(bytes, key)]! ^= 4;
          await database.put('values', bytes, at);
          database.close();
        },
        evict: remove,
        dispose: async () => {
          for (const storage of opened) storage.close();
          await remove();
        },
      };
    },
  };
}

/** The key of the latest record of a journal that says something of `key`. */
async function recordWith(database: IDBPDatabase, path: string, key: string): Promise<IDBValidKey> {
  const range = IDBKeyRange.bound([`journal/${path}`], [`journal/${path}`, []]);
  const [keys, records] = await Promise.all([
    database.getAllKeys('values', range),
    database.getAll('values', range),
  ]);
  const at = records.findLastIndex((record) => textOf(record as Uint8Array).includes(key));
  return keys[at]!;
}

/** A byte of the value of `key`, in a record or all by itself: its last one, or the one where the next part begins. */
function placeIn(bytes: Uint8Array, key: string): number {
  const at = textOf(bytes).indexOf(key);
  // Behind the key: a byte that says how long the value is, a length, and its checksum.
  return at < 0 ? bytes.length - 1 : at + key.length + 4;
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The next transaction that writes is aborted in the middle, as by a browser that runs out of something. */
function abortNext(): void {
  const { transaction: original } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...parameters: Parameters<typeof original>) {
    const transaction = original.apply(this, parameters);
    if (parameters[1] === 'readwrite') {
      IDBDatabase.prototype.transaction = original;
      queueMicrotask(() => transaction.abort());
    }
    return transaction;
  };
}

/** The next transaction finds no space, at its last value: the others were taken already. */
function refuseNext(): void {
  const { put: original } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...parameters: Parameters<typeof original>) {
    const [value] = parameters as [unknown];
    if (!(value instanceof Uint8Array) || value.length < 100_000) {
      return original.apply(this, parameters);
    }
    IDBObjectStore.prototype.put = original;
    throw new DOMException('no space', 'QuotaExceededError');
  };
}
