/** The suite that the package exports, run by vitest; and, over the whole domain of values, what it tries with a few. */

import { describe, expect, vi } from 'vitest';
import { storageCases, type WorldMaker } from '../../src/storage/conformance/index.ts';
import { test, testOften } from '../support/often.ts';
import { fc } from '../support/property.ts';
import { plain, texts, values } from '../support/values.ts';

// Large values take their time on a machine that has other work to do.
vi.setConfig({ testTimeout: 30_000 });

/** Declares the tests for one storage; `maker` makes worlds that are empty. */
export function storageSuite(name: string, maker: WorldMaker): void {
  describe(`storage conformance: ${name}`, () => {
    for (const { name: promise, run } of storageCases(maker)) test(promise, run);

    testOften('gives any value back, under any key', async () => {
      const world = await maker.make();
      const storage = await world.open();
      const store = storage.store('top');
      await fc.assert(
        fc.asyncProperty(texts, values, async (key, value) => {
          await store.put(key, value);
          expect(plain(await store.get(key))).toStrictEqual(plain(value));
        }),
        { numRuns: 50 },
      );
      await storage.close();
      await world.dispose();
    });

    testOften('lists whatever keys there are', async () => {
      const world = await maker.make();
      const storage = await world.open();
      const parts = fc.constantFrom('a', 'b', '/', '\uffff', '😀', '\ud7ff');
      const anyKey = fc.array(parts, { maxLength: 4 }).map((list) => list.join(''));
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(anyKey), anyKey, fc.nat(), async (keys, prefix, run) => {
          const own = storage.store(`run ${run}`);
          const before = await own.entries();
          await own.putAll(Object.fromEntries(before.map(([key]) => [key, undefined])));
          await own.putAll(Object.fromEntries(keys.map((key) => [key, 1])));
          const found = (await own.entries(prefix)).map(([key]) => key);
          expect(found).toEqual(keys.filter((key) => key.startsWith(prefix)).toSorted());
        }),
        { numRuns: 50 },
      );
      await storage.close();
      await world.dispose();
    });
  });
}
