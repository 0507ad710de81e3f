/** What a `Store` promises while it is open: order, atomicity, copies, keys, values. */

import type { Store } from '../../core/ports.ts';
import { Random } from '../../core/random.ts';
import type { Value } from '../../core/value.ts';
import { expectEqual, expectFailure } from './expect.ts';
import type { StorageCase } from './world.ts';

/** Keys that sort in surprising ways, or look like one another. */
const KEYS = ['', 'a', 'a/', 'a/1', 'a/10', 'a/2', 'ab', 'b', 'B', 'ä', '\uffff', '\uffffx', '😀'];

/** Values at the edges of the domain. */
const VALUES: readonly Value[] = [
  ...[null, true, false, 0, -1.5, 2 ** 53, 5e-324, Number.MAX_VALUE],
  ...['', '$bytes', '\u0000', 'ä€😀', 'x'.repeat(5000)],
  ...[new Uint8Array(0), Uint8Array.of(0, 255), new Uint8Array(5000).fill(7)],
  ...[[], [[]], {}, { '': { $signed: 1 } }, [null, { a: [Uint8Array.of(1)] }]],
];

/** Sequences of random steps that are compared with a map. */
const SEQUENCES = 40;

const on = (name: string, run: (store: Store) => Promise<void>): StorageCase => ({
  name: `a store ${name}`,
  run: async (world) => {
    const storage = await world.open();
    await run(storage.store('top'));
    await storage.close();
  },
});

export const storeCases: readonly StorageCase[] = [
  on('holds nothing at first', async (store) => {
    expectEqual(await store.get('a'), undefined, 'an absent key');
    expectEqual(await store.entries(), [], 'its entries');
  }),

  on('gives every value back', async (store) => {
    for (const value of VALUES) {
      await store.put('key', value);
      expectEqual(await store.get('key'), value, 'what was put');
    }
  }),

  on('keeps what was put last', async (store) => {
    await store.put('a', 1);
    await store.put('a', { two: 2 });
    expectEqual(await store.entries(), [['a', { two: 2 }]], 'its entries');
  }),

  on('holds null, which is a value', async (store) => {
    await store.put('a', null);
    expectEqual(await store.entries(), [['a', null]], 'its entries');
  }),

  on('removes', async (store) => {
    await store.put('a', 1);
    await store.delete('a');
    await store.delete('never there');
    expectEqual(await store.get('a'), undefined, 'a removed key');
    expectEqual(await store.entries(), [], 'its entries');
  }),

  on('stores and removes several at once', async (store) => {
    await store.putAll({ a: 1, b: 2 });
    await store.putAll({ a: undefined, b: 3, c: 4, d: undefined });
    await store.putAll({});
    const expected = [
      ['b', 3],
      ['c', 4],
    ];
    expectEqual(await store.entries(), expected, 'its entries');
  }),

  on('stores nothing of what is no value, and goes on', async (store) => {
    await store.putAll({ a: 1, b: 1 });
    const batch = { a: 2, b: undefined, c: new Map(), d: 4 };
    await expectFailure(store.putAll(batch), ['ValueError'], 'a batch with a Map');
    await expectFailure(store.put('a', NaN), ['ValueError'], 'NaN');
    const expected = [
      ['a', 1],
      ['b', 1],
    ];
    expectEqual(await store.entries(), expected, 'its entries');
    await store.put('a', 2);
    expectEqual(await store.get('a'), 2, 'what was put afterwards');
  }),

  on('has its own copy of everything', async (store) => {
    const bytes = Uint8Array.of(1);
    const list = [bytes];
    const stored = store.put('a', list);
    bytes[0] = 9;
    list.push(bytes);
    await stored;
    const read = (await store.get('a')) as Uint8Array[];
    expectEqual(read, [Uint8Array.of(1)], 'what was put, after its source changed');
    read[0]![0] = 8;
    expectEqual(await store.get('a'), [Uint8Array.of(1)], 'what was put, after a copy changed');
    const [[, entry]] = (await store.entries()) as [[string, Uint8Array[]]];
    expectEqual(entry, [Uint8Array.of(1)], 'its entry');
  }),

  on('lists keys by their beginning, in their order', async (store) => {
    await store.putAll(Object.fromEntries(KEYS.toReversed().map((key) => [key, `at ${key}`])));
    const others = ['none', 'a/100', '\ufffe'];
    for (const prefix of [...KEYS, ...others]) {
      const keys = KEYS.filter((key) => key.startsWith(prefix)).toSorted();
      const expected = keys.map((key) => [key, `at ${key}`]);
      expectEqual(await store.entries(prefix), expected, `the entries from '${prefix}'`);
    }
  }),

  on('does first what was asked first, awaited or not', async (store) => {
    const done = [
      store.put('a', 1),
      store.putAll({ a: 2, b: 2 }),
      store.delete('b'),
      store.get('a'),
      store.entries(),
      store.put('a', 3),
      store.get('a'),
    ];
    const found = await Promise.all(done);
    expectEqual(found[3], 2, 'a read in the middle');
    expectEqual(found[4], [['a', 2]], 'a list in the middle');
    expectEqual(found[6], 3, 'a read at the end');
    expectEqual(await store.entries(), [['a', 3]], 'its entries');
  }),

  on('fulfils its writes in their order', async (store) => {
    const order: number[] = [];
    const writes = Array.from({ length: 40 }, (_, i) =>
      store.put(`key ${i % 3}`, i).then(() => order.push(i)),
    );
    await Promise.all(writes);
    expectEqual(
      order,
      writes.map((_, i) => i),
      'the order',
    );
  }),

  on('does what a map does, step by step and all at once', async (store) => {
    for (let sequence = 0; sequence < SEQUENCES; sequence++) {
      const random = Random.stream(sequence, 'store steps');
      const prefix = `${sequence}/`;
      const model = new Map<string, number>();
      const isAwaited = random.chance(0.5);
      for (let step = random.integer(1, 12); step > 0; step--) {
        const batch: Record<string, number | undefined> = {};
        for (let i = random.integer(0, 4); i > 0; i--) {
          batch[prefix + random.integer(0, 6)] = random.chance(0.3) ? undefined : step;
        }
        for (const [key, value] of Object.entries(batch)) {
          if (value === undefined) model.delete(key);
          else model.set(key, value);
        }
        const done = store.putAll(batch);
        if (isAwaited) await done;
      }
      const expected = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));
      expectEqual(await store.entries(prefix), expected, `the entries of sequence ${sequence}`);
    }
  }),

  {
    name: 'a store belongs to one path',
    run: async (world) => {
      const storage = await world.open();
      const paths = ['top', 'top.lower', 'to', 'top.lower2', 'top/a', ''];
      for (const path of paths) await storage.store(path).put('a', path);
      await storage.store('top').delete('a');
      expectEqual(await storage.store('top').entries(), [], 'the store that was emptied');
      for (const path of paths.slice(1)) {
        expectEqual(await storage.store(path).entries(), [['a', path]], `the store '${path}'`);
      }
      await storage.close();
    },
  },
];
