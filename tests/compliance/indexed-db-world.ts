/** IndexedDB as the storage suite wants it: a new database for each test, removed when it is over. */

import { deleteDB } from 'idb';
import { NodeStorage } from '../../src/storage/indexed-db.ts';
import type { StorageWorld } from './storage.suite.ts';

/** Opens new worlds; `prefix` keeps those of different test files apart. */
export function indexedDbWorlds(prefix: string): () => Promise<StorageWorld> {
  let count = 0;
  const open = async (name: string): Promise<StorageWorld> => {
    const storage = await NodeStorage.open(name);
    return {
      store: (path) => storage.store(path),
      log: (log) => storage.log(log),
      reopen: () => {
        storage.close();
        return open(name);
      },
      close: async () => {
        storage.close();
        await deleteDB(`parley/${name}`);
      },
    };
  };
  return () => open(`${prefix} ${++count}`);
}
