/** Storage in a browser: the real IndexedDB, in the page and as a reloaded tab finds it. */

import { deleteDB } from 'idb';
import { expect, test } from 'vitest';
import { NodeStorage } from '../../../src/storage/indexed-db/node-storage.ts';
import { indexedDbWorlds } from '../../compliance/indexed-db-world.ts';
import { storageSuite } from '../../compliance/storage.suite.ts';

for (const durability of ['strict', 'relaxed'] as const) {
  const name = `IndexedDB, ${durability}`;
  storageSuite(name, indexedDbWorlds(name, durability));
  storageSuite(`a journal in ${name}`, indexedDbWorlds(`journal ${name}`, durability, 'journal'));
}

test('a database in use may be deleted by another tab', async () => {
  const storage = await NodeStorage.open('deleted');
  await storage.store('top').put('a', 1);
  await deleteDB('parley/deleted');
  await expect(storage.store('top').get('a')).rejects.toThrow(/./);
  const again = await NodeStorage.open('deleted');
  expect(await again.store('top').entries()).toEqual([]);
  again.close();
  await deleteDB('parley/deleted');
});

test('nodes have storage of their own', async () => {
  const names = ['room/n1', 'room/n2', 'other/n1'];
  const storages = await Promise.all(names.map((name) => NodeStorage.open(name)));
  await Promise.all(storages.map((storage, i) => storage.store('top').put('key', names[i])));
  for (const [i, storage] of storages.entries()) {
    expect(await storage.store('top').entries()).toEqual([['key', names[i]]]);
    storage.close();
  }
  await Promise.all(names.map((name) => deleteDB(`parley/${name}`)));
});
