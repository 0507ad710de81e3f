/** What a `Store` promises about what is left: after a reload, a failed write, a full disk, damage, eviction, a second tab. */

import type { OpenStorage, StorageCase, StorageWorld } from './world.ts';
import { expectEqual, expectFailure, expectMention } from './expect.ts';

const FAILURES = ['StorageError', 'StorageFull', 'StorageTaken'];

/** What Raft writes in one step: a vote with its term, the end of a log replaced by another. */
const BEFORE = { hard: { term: 3, vote: 'n1' }, 'log/1': 'a', 'log/2': 'old', 'log/3': 'old' };
const CHANGE = { hard: { term: 4, vote: 'n2' }, 'log/2': 'new', 'log/3': undefined };
const AFTER = { hard: { term: 4, vote: 'n2' }, 'log/1': 'a', 'log/2': 'new' };

/** Closes the storage and opens it again, as a reloaded tab does. */
async function reopened(world: StorageWorld, storage: OpenStorage): Promise<OpenStorage> {
  await storage.close();
  return world.open();
}

export const durabilityCases: readonly StorageCase[] = [
  {
    name: 'what was stored is found again',
    needs: ['reopen'],
    run: async (world) => {
      const large = 'x'.repeat(200_000);
      let storage = await world.open();
      await storage.store('top').putAll({ a: 1, b: { large }, c: Uint8Array.of(1, 2) });
      await storage.store('top').delete('a');
      await storage.store('other').put('a', 'other');
      for (let i = 0; i < 3; i++) {
        storage = await reopened(world, storage);
        const expected = [
          ['b', { large }],
          ['c', Uint8Array.of(1, 2)],
        ];
        expectEqual(await storage.store('top').entries(), expected, 'its entries');
        expectEqual(await storage.store('other').get('a'), 'other', 'the entry of another store');
      }
      await storage.close();
    },
  },
  {
    name: 'a vote, its term and a replaced end of a log are one write',
    needs: ['reopen'],
    run: async (world) => {
      let storage = await world.open();
      await storage.store('top').putAll(BEFORE);
      await storage.store('top').putAll(CHANGE);
      storage = await reopened(world, storage);
      expectEqual(await storage.store('top').entries(), Object.entries(AFTER), 'its entries');
      await storage.close();
    },
  },
  {
    name: 'a write that failed left nothing behind, and later ones fail',
    needs: ['reopen', 'fail'],
    run: async (world) => {
      let storage = await world.open();
      const store = storage.store('top');
      await store.putAll(BEFORE);
      world.failNext!();
      const writes = [store.putAll(CHANGE), store.put('log/3', 'rests on it')];
      await Promise.all(writes.map((done, i) => expectFailure(done, FAILURES, `write ${i}`)));
      await expectFailure(store.put('log/4', 'too'), FAILURES, 'a write afterwards');
      storage = await reopened(world, storage);
      expectEqual(await storage.store('top').entries(), Object.entries(BEFORE), 'its entries');
      await storage.store('top').put('log/4', 'again');
      expectEqual(await storage.store('top').get('log/4'), 'again', 'a write of the next life');
      await storage.close();
    },
  },
  {
    name: 'a full disk is an error that says so, and what was stored stays',
    needs: ['reopen', 'fill'],
    run: async (world) => {
      let storage = await world.open();
      await storage.store('top').putAll(BEFORE);
      world.fill!();
      const large = new Uint8Array(100_000).fill(1);
      const write = storage.store('top').putAll({ hard: { term: 4, vote: null }, large });
      await expectFailure(write, ['StorageFull'], 'a write to a full disk');
      storage = await reopened(world, storage);
      expectEqual(await storage.store('top').entries(), Object.entries(BEFORE), 'its entries');
      await storage.close();
    },
  },
  {
    name: 'a store that can resume after a full disk has what was there, and takes what it refused',
    needs: ['reopen', 'fill'],
    run: async (world) => {
      let storage = await world.open();
      const store = storage.store('top');
      await store.putAll(BEFORE);
      // Others are of no use after a failure.
      if (store.resume !== undefined) {
        world.fill!();
        const large = new Uint8Array(100_000).fill(1);
        await expectFailure(store.put('large', large), ['StorageFull'], 'a write to a full disk');
        await expectFailure(store.put('log/4', 1), ['StorageFull'], 'a write that may rest on it');
        expectEqual(store.resume(), true, 'its answer');
        await store.put('log/4', 'there is room again');
        storage = await reopened(world, storage);
        const all = [...Object.entries(BEFORE), ['log/4', 'there is room again']];
        expectEqual(await storage.store('top').entries(), all, 'its entries');
      }
      await storage.close();
    },
  },
  {
    name: 'a damaged entry is named, and is not read',
    needs: ['reopen', 'damage'],
    run: async (world) => {
      let storage = await world.open();
      await storage.store('top').putAll(BEFORE);
      // Damage to the very last write may pass for a write that a crash tore.
      await storage.store('top').put('log/4', 'later');
      await storage.close();
      await world.damage!('top', 'log/2');
      try {
        storage = await world.open();
        const store = storage.store('top');
        const problem = await expectFailure(store.entries(), ['CorruptRecord'], 'its entries');
        expectMention(problem.message, 'log/2', 'the error');
        await expectFailure(store.get('log/2'), ['CorruptRecord'], 'the entry');
        if (store.salvage !== undefined) {
          const left = Object.entries({ ...BEFORE, 'log/4': 'later' });
          const { whole, damaged } = await store.salvage();
          expectEqual(
            whole,
            left.filter(([key]) => key !== 'log/2').toSorted(([a], [b]) => (a < b ? -1 : 1)),
            'what is whole',
          );
          expectEqual(damaged, ['log/2'], 'what is not');
          // What cannot be read can be removed.
          await store.delete('log/2');
          expectEqual((await store.entries()).length, whole.length, 'the entries that are left');
        }
        await storage.close();
      } catch (error) {
        // A storage that reads everything when it opens says it then.
        if (!(error instanceof Error && error.name === 'CorruptRecord')) throw error;
        expectMention(error.message, 'log/2', 'the error');
      }
    },
  },
  {
    name: 'storage that was evicted is missed by whoever had stored something',
    needs: ['reopen', 'evict'],
    run: async (world) => {
      const missed = ['StorageLost'];
      await expectFailure(world.open({ mustExist: true }), missed, 'storage that never was');
      const storage = await world.open();
      await storage.store('top').put('a', 1);
      await storage.close();
      const again = await world.open({ mustExist: true });
      expectEqual(await again.store('top').get('a'), 1, 'what was stored');
      await again.close();
      await world.evict!();
      await expectFailure(world.open({ mustExist: true }), missed, 'evicted storage');
      // Asking has not made what was missed.
      await expectFailure(world.open({ mustExist: true }), missed, 'evicted storage, again');
      const fresh = await world.open();
      expectEqual(await fresh.store('top').entries(), [], 'the entries of new storage');
      await fresh.close();
    },
  },
  {
    name: 'of two tabs the later one has the storage, and the other cannot write',
    needs: ['reopen', 'contend'],
    run: async (world) => {
      const first = await world.open();
      await first.store('top').put('vote', 'a');
      await expectFailure(world.open({ mayTake: false }), ['StorageTaken'], 'whoever gives way');
      const second = await world.open();
      expectEqual(await second.store('top').get('vote'), 'a', 'what the first tab stored');
      await second.store('top').put('vote', 'b');
      const late = first.store('top').put('vote', 'a again');
      await expectFailure(late, ['StorageTaken'], 'a write of the first tab');
      expectEqual(await second.store('top').get('vote'), 'b', 'what the second tab stored');
      await first.close();
      await second.store('top').put('vote', 'c');
      await second.close();
      const third = await world.open({ mayTake: false });
      expectEqual(await third.store('top').get('vote'), 'c', 'what is left');
      await third.close();
    },
  },
];
