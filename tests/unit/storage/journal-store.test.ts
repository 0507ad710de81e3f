/** A journal under random use, against a map: whatever it removes of itself, nothing is lost and nothing comes back. */

import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { expect, test } from 'vitest';
import { NodeStorage } from '../../../src/storage/indexed-db/node-storage.ts';
import { fc } from '../../support/property.ts';

const KEYS = ['hard', 'snapshot', 'log/1', 'log/2', 'log/3', 'log/4'];

/** A value that fills the journal: a few of them are more than it lets lie about. */
const value = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 60_000 }));

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.option(value)), { maxLength: 6 }),
  },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
);

let count = 0;

test('it has what a map has, after every reopening, and is not much larger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const name = `journal property ${++count}`;
      const model = new Map<string, unknown>();
      let storage = await NodeStorage.open(name, { durability: 'relaxed' });
      const shown = async () => Object.fromEntries(await storage.journal('raft').entries());
      try {
        for (const each of steps) {
          if (each === 'reopen') {
            storage.close();
            storage = await NodeStorage.open(name, { durability: 'relaxed' });
            expect(await shown()).toEqual(Object.fromEntries(model));
            continue;
          }
          const entries: Record<string, unknown> = {};
          for (const [key, filled] of each) {
            if (filled === null) model.delete(key);
            else model.set(key, [filled[0], 'x'.repeat(filled[1])]);
            entries[key] = filled === null ? undefined : model.get(key);
          }
          await storage.journal('raft').putAll(entries);
        }
        expect(await shown()).toEqual(Object.fromEntries(model));
        const database = await openDB(`parley/${name}`);
        const records = (await database.getAll('values')) as Uint8Array[];
        database.close();
        const bytes = records.reduce((sum, record) => sum + record.length, 0);
        const live = [...model.values()].reduce<number>(
          (sum, one) => sum + JSON.stringify(one).length,
          0,
        );
        // One write may be as large as six values, and is tidied up by the next.
        expect(bytes).toBeLessThan(2 * live + 256 * 1024 + 2 * 6 * 61_000);
      } finally {
        storage.close();
        await deleteDB(`parley/${name}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('what a store of the same path has left is taken over', async () => {
  const first = await NodeStorage.open('moved in');
  await first.store('raft').putAll({ hard: { term: 3 }, 'log/1': 'a' });
  expect(await first.journal('raft').get('hard')).toEqual({ term: 3 });
  await first.journal('raft').put('log/1', 'b');
  first.close();
  const again = await NodeStorage.open('moved in');
  expect(await again.journal('raft').entries()).toEqual([
    ['hard', { term: 3 }],
    ['log/1', 'b'],
  ]);
  expect(await again.store('raft').entries()).toEqual([]);
  again.close();
});
