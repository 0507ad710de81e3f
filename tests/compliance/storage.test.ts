/** Storage in Node: in memory, on a simulated disk, and in an IndexedDB that is made of memory. The real one is in tests/browser/storage. */

import 'fake-indexeddb/auto';
import type { Store } from '../../src/core/ports.ts';
import { Random } from '../../src/core/random.ts';
import { MemoryStore } from '../../src/storage/memory.ts';
import { SimulatedDisk, type DiskTiming } from '../../src/storage/simulated-disk.ts';
import { indexedDbWorlds } from './indexed-db-world.ts';
import { storageSuite } from './storage.suite.ts';

storageSuite('memory', {
  abilities: [],
  make: async () => {
    const stores = new Map<string, Store>();
    const store = (path: string): Store => {
      const made = stores.get(path) ?? new MemoryStore();
      stores.set(path, made);
      return made;
    };
    return { open: async () => ({ store, close: () => {} }), dispose: () => {} };
  },
});

/** A disk whose writes take no time of the test's. */
const prompt: DiskTiming = {
  now: () => 0,
  syncMs: () => 0,
  after: (_delayMs, callback) => queueMicrotask(callback),
};

storageSuite('a simulated disk', {
  abilities: ['reopen', 'fail', 'fill', 'damage'],
  make: async () => {
    const disk = new SimulatedDisk(prompt);
    const random = Random.stream(1, 'disk');
    return {
      // The end of a tab is a crash: what was not promised may be lost.
      open: async () => ({
        store: (path) => disk.store(path),
        close: () => disk.crash('unsynced', random, prompt),
      }),
      failNext: () => disk.failNext(),
      fill: () => disk.limit(10_000),
      damage: (path, key) => disk.damage(path, key, random),
      dispose: () => {},
    };
  },
});

for (const durability of ['strict', 'relaxed'] as const) {
  storageSuite(
    `IndexedDB made of memory, ${durability}`,
    indexedDbWorlds(`node ${durability}`, durability),
  );
}
