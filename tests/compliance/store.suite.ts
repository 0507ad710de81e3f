/** What every `Store` promises. */

import { expect, test } from 'vitest';
import { equalValues } from '../../src/core/canonical.ts';
import { ValueError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/ports.ts';
import { fc } from '../support/property.ts';
import { plain, texts, values } from '../support/values.ts';
import type { StorageWorld } from './storage.suite.ts';

/** Keys that sort in surprising ways, or look like one another. */
const KEYS = ['', 'a', 'a/', 'a/1', 'a/10', 'a/2', 'ab', 'b', 'B', 'ä', '￿', '￿x', '\u{1f600}'];

export function storeTests(world: () => StorageWorld, reopened: () => Promise<StorageWorld>): void {
  const store = (): Store => world().store('top');

  test('holds nothing at first', async () => {
    expect(await store().get('a')).toBeUndefined();
    expect(await store().entries()).toEqual([]);
  });

  test('gives every value back', async () => {
    await fc.assert(
      fc.asyncProperty(texts, values, async (key, value) => {
        await store().put(key, value);
        expect(plain(await store().get(key))).toStrictEqual(plain(value));
      }),
      { numRuns: 50 },
    );
  });

  test('keeps what was put last', async () => {
    await store().put('a', 1);
    await store().put('a', { two: 2 });
    expect(await store().get('a')).toEqual({ two: 2 });
    expect(await store().entries()).toHaveLength(1);
  });

  test('null is a value, and an absent one is none', async () => {
    await store().put('a', null);
    expect(await store().get('a')).toBeNull();
    expect(await store().entries()).toEqual([['a', null]]);
  });

  test('removes', async () => {
    await store().put('a', 1);
    await store().delete('a');
    await store().delete('never there');
    expect(await store().get('a')).toBeUndefined();
    expect(await store().entries()).toEqual([]);
  });

  test('stores and removes several at once', async () => {
    await store().putAll({ a: 1, b: 2 });
    await store().putAll({ a: undefined, b: 3, c: 4, d: undefined });
    expect(await store().entries()).toEqual([
      ['b', 3],
      ['c', 4],
    ]);
    await store().putAll({});
    expect(await store().entries()).toHaveLength(2);
  });

  test('stores all or nothing', async () => {
    await store().putAll({ a: 1, b: 1 });
    const batch = { a: 2, b: undefined, c: new Map(), d: 4 };
    await expect(store().putAll(batch)).rejects.toThrow(ValueError);
    await expect(store().put('a', NaN)).rejects.toThrow(ValueError);
    expect(await store().entries()).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  test('what was stored does not change with what it was made from, or with what was read', async () => {
    const bytes = Uint8Array.of(1);
    const list = [bytes];
    await store().put('a', list);
    bytes[0] = 9;
    list.push(bytes);
    const read = (await store().get('a')) as Uint8Array[];
    expect(plain(read)).toStrictEqual([{ bytes: [1] }]);
    read[0]![0] = 8;
    expect(plain(await store().get('a'))).toStrictEqual([{ bytes: [1] }]);
    const [[, entry]] = (await store().entries()) as [[string, Uint8Array[]]];
    expect(plain(entry)).toStrictEqual([{ bytes: [1] }]);
  });

  test('lists keys by their beginning, in their order', async () => {
    await store().putAll(Object.fromEntries(KEYS.toReversed().map((key) => [key, `at ${key}`])));
    for (const prefix of ['', 'a', 'a/', 'a/1', 'ä', 'B', '￿', '\u{1f600}', 'none', 'a/100']) {
      const expected = KEYS.filter((key) => key.startsWith(prefix)).toSorted();
      expect(await store().entries(prefix), `prefix '${prefix}'`).toEqual(
        expected.map((key) => [key, `at ${key}`]),
      );
    }
    expect(await store().entries()).toHaveLength(KEYS.length);
  });

  test('lists whatever keys there are', async () => {
    const parts = fc.constantFrom('a', 'b', '/', '￿', '\u{1f600}', '퟿');
    const anyKey = fc.array(parts, { maxLength: 4 }).map((list) => list.join(''));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyKey), anyKey, fc.nat(), async (keys, prefix, run) => {
        const own = world().store(`run ${run}`);
        const before = await own.entries();
        await own.putAll(Object.fromEntries(before.map(([key]) => [key, undefined])));
        await own.putAll(Object.fromEntries(keys.map((key) => [key, 1])));
        const found = (await own.entries(prefix)).map(([key]) => key);
        expect(found).toEqual(keys.filter((key) => key.startsWith(prefix)).toSorted());
      }),
      { numRuns: 50 },
    );
  });

  test('belongs to one algorithm', async () => {
    const paths = ['top', 'top.lower', 'to', 'top.lower2', ''];
    for (const path of paths) await world().store(path).put('key', path);
    await world().store('top').delete('key');
    expect(await world().store('top').entries()).toEqual([]);
    for (const path of paths.slice(1)) {
      expect(await world().store(path).entries()).toEqual([['key', path]]);
    }
  });

  test('what is asked first is done first, awaited or not', async () => {
    const done = [
      store().put('a', 1),
      store().putAll({ a: 2, b: 2 }),
      store().delete('b'),
      store().get('a'),
      store().put('a', 3),
    ];
    const results = await Promise.all(done);
    expect(results[3]).toBe(2);
    expect(await store().entries()).toEqual([['a', 3]]);
  });

  test('is found again', async () => {
    const large = 'x'.repeat(200_000);
    await store().putAll({ a: 1, b: { large } });
    await store().delete('a');
    const again = (await reopened()).store('top');
    expect(await again.get('a')).toBeUndefined();
    expect(equalValues(await again.get('b'), { large })).toBe(true);
  });
}
