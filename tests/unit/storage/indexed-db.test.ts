/** What the conformance suite cannot ask of a database: its versions, its sharing of transactions, its lease. */

import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeCanonical } from '../../../src/core/canonical.ts';
import { StorageError, StorageTaken } from '../../../src/core/storage-error.ts';
import { NodeStorage } from '../../../src/storage/indexed-db/node-storage.ts';
import { LEASE_MS } from '../../../src/storage/indexed-db/ownership.ts';

let count = 0;
const opened: NodeStorage[] = [];

async function open(name: string, options?: Parameters<typeof NodeStorage.open>[1]) {
  const storage = await NodeStorage.open(name, options);
  opened.push(storage);
  return storage;
}

const newName = (): string => `indexed-db ${++count}`;

afterEach(() => {
  vi.restoreAllMocks();
  for (const storage of opened.splice(0)) storage.close();
});

/** A database as the first version of Parley left it: no checksums, and logs of their own. */
async function firstLayout(name: string): Promise<void> {
  const database = await openDB(`parley/${name}`, 1, {
    upgrade: (created) => {
      for (const store of ['values', 'records', 'firsts']) created.createObjectStore(store);
    },
  });
  const put = (store: string, value: unknown, key: IDBValidKey) => database.put(store, value, key);
  await put('values', encodeCanonical({ term: 3 }), ['top', 'hard']);
  await put('values', encodeCanonical('b'), ['top.lower', 'a']);
  await put('records', encodeCanonical('third'), ['events', 3]);
  await put('records', encodeCanonical('fourth'), ['events', 4]);
  await put('firsts', 3, 'events');
  await put('firsts', 8, 'compacted');
  await put('records', encodeCanonical('only'), ['whole', 1]);
  database.close();
}

describe('a database of the first layout', () => {
  test('is brought to the layout of today with all that is in it', async () => {
    const name = newName();
    await firstLayout(name);
    const storage = await open(name, { mustExist: true });
    expect(storage.isNew).toBe(false);
    expect(await storage.store('top').entries()).toEqual([['hard', { term: 3 }]]);
    expect(await storage.store('top.lower').get('a')).toBe('b');
    const events = storage.log('events');
    expect(await events.state()).toEqual({ first: 3, last: 4, metadata: {} });
    expect(await events.read(1, 9)).toEqual(['third', 'fourth']);
    await events.write({ append: ['fifth'] });
    expect(await storage.log('compacted').state()).toMatchObject({ first: 8, last: 7 });
    expect(await storage.log('whole').read(1, 9)).toEqual(['only']);
    storage.close();
    const again = await open(name);
    expect(await again.log('events').read(5, 5)).toEqual(['fifth']);
  });

  test('stays as it was when that fails', async () => {
    const name = newName();
    await firstLayout(name);
    const { put } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...[value, key]
    ) {
      if (String(key).includes('record/0000000000000004')) throw new DOMException('', 'DataError');
      return put.call(this, value, key);
    });
    await expect(open(name)).rejects.toThrow(StorageError);
    vi.restoreAllMocks();
    const storage = await open(name);
    expect(await storage.log('events').read(1, 9)).toEqual(['third', 'fourth']);
  });
});

test('a database of a later version is left alone, and says so', async () => {
  const name = newName();
  (await openDB(`parley/${name}`, 99)).close();
  await expect(open(name)).rejects.toThrow('made by a newer version of Parley');
  await deleteDB(`parley/${name}`);
});

test('writes of one turn share a transaction, and so do those that come while one is under way', async () => {
  const storage = await open(newName());
  const store = storage.store('top');
  const begun = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await Promise.all(Array.from({ length: 50 }, (_, i) => store.put(`first ${i}`, i)));
  expect(begun).toHaveBeenCalledTimes(1);
  const writes = [store.put('a', 0)];
  // Each in a microtask of its own: the transaction needs longer than all of them.
  for (let i = 1; i <= 50; i++) {
    for (let tick = 0; tick < 5; tick++) await Promise.resolve();
    writes.push(store.put('a', i));
  }
  await Promise.all(writes);
  expect(begun).toHaveBeenCalledTimes(3);
  expect(begun.mock.calls.map(([, , options]) => options)).toEqual(
    begun.mock.calls.map(() => ({ durability: 'strict' })),
  );
  expect(await store.get('a')).toBe(50);
});

describe('where there are no locks, a lease', () => {
  test('tells whether the other tab is still there', async () => {
    const name = newName();
    await open(name);
    await expect(open(name, { owned: 'refuse' })).rejects.toThrow(StorageTaken);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + LEASE_MS + 1000);
    // The other tab died without a word.
    const later = await open(name, { owned: 'refuse' });
    await later.store('top').put('a', 1);
  });

  test('ends with the tab that closes its storage', async () => {
    const name = newName();
    (await open(name)).close();
    await open(name, { owned: 'refuse' });
  });
});
