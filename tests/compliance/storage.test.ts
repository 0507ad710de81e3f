/** Storage in Node: in memory, and an IndexedDB that is made of memory. The real one is in tests/browser/storage. */

import 'fake-indexeddb/auto';
import type { LogStore, Store } from '../../src/core/ports.ts';
import { MemoryLog, MemoryStore } from '../../src/storage/memory.ts';
import { indexedDbWorlds } from './indexed-db-world.ts';
import { storageSuite } from './storage.suite.ts';

storageSuite('memory', async () => {
  const stores = new Map<string, Store>();
  const logs = new Map<string, LogStore>();
  return {
    store: (path) => stores.get(path) ?? remember(stores, path, new MemoryStore()),
    log: (name) => logs.get(name) ?? remember(logs, name, new MemoryLog()),
    close: () => {},
  };
});

storageSuite('IndexedDB made of memory', indexedDbWorlds('node'));

function remember<T>(map: Map<string, T>, name: string, made: T): T {
  map.set(name, made);
  return made;
}
