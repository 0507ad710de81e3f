/** Storage in Node: in memory, on a simulated disk, in files, and in an IndexedDB that is made of memory. The real one is in tests/browser/storage. */

import 'fake-indexeddb/auto';
import type { Store } from '../../src/core/ports.ts';
import { Random } from '../../src/core/random.ts';
import { FileStore } from '../../src/storage/files/file-store.ts';
import { MemoryStore } from '../../src/storage/memory.ts';
import { SimulatedDisk, type DiskTiming } from '../../src/storage/simulated-disk.ts';
import { placeOfValue } from '../support/damage-file.ts';
import { SimulatedFile } from '../support/simulated-file.ts';
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

storageSuite('files', {
  abilities: ['reopen', 'fail', 'fill', 'damage'],
  make: async () => {
    const random = Random.stream(1, 'files');
    const files = new Map<string, [SimulatedFile, SimulatedFile]>();
    const all = () => [...files.values()].flat();
    const pairOf = (path: string) => {
      const pair = files.get(path) ?? [new SimulatedFile(), new SimulatedFile()];
      files.set(path, pair);
      return pair;
    };
    return {
      open: async () => {
        const stores = new Map<string, FileStore>();
        const newStore = (path: string) => {
          const [a, b] = pairOf(path);
          const open = async () => [a.open(), b.open()] as const;
          const store = new FileStore({ kind: 'files', survives: 'power cut', path, open });
          stores.set(path, store);
          return store;
        };
        return {
          store: (path) => stores.get(path) ?? newStore(path),
          close: () => all().forEach((file) => file.crash(random)),
        };
      },
      failNext: () => all().forEach((file) => (file.isFailing = true)),
      fill: () => all().forEach((file) => (file.bytesMax = 10_000)),
      damage: (path, key) => {
        const file = pairOf(path).find(({ size }) => size > 0)!;
        file.damage(placeOfValue(file.read(0, file.size), key));
      },
      dispose: () => {},
    };
  },
});

for (const durability of ['strict', 'relaxed'] as const) {
  storageSuite(
    `IndexedDB made of memory, ${durability}`,
    indexedDbWorlds(`node ${durability}`, durability),
  );
  storageSuite(
    `a journal in IndexedDB made of memory, ${durability}`,
    indexedDbWorlds(`journal ${durability}`, durability, 'journal'),
  );
}
