/** IndexedDB as the storage suite wants it: a new database for each case, removed when it is over, and hurt from behind its back. */

import { deleteDB, openDB } from 'idb';
import type { WorldMaker } from '../../src/storage/conformance/index.ts';
import { DATABASE_PREFIX } from '../../src/storage/indexed-db/database.ts';
import { NodeStorage } from '../../src/storage/indexed-db/node-storage.ts';
import type { Durability } from '../../src/storage/indexed-db/writing.ts';

let count = 0;

/** Makes worlds; `prefix` keeps those of different test files apart. */
export function indexedDbWorlds(prefix: string, durability: Durability): WorldMaker {
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
          return storage;
        },
        failNext: abortNext,
        fill: refuseNext,
        damage: async (path, key) => {
          const database = await openDB(DATABASE_PREFIX + name);
          const bytes = (await database.get('values', [path, key])) as Uint8Array;
          bytes[bytes.length - 1]! ^= 4;
          await database.put('values', bytes, [path, key]);
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
