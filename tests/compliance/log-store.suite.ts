/** What every `LogStore` promises. */

import { expect, test } from 'vitest';
import { ValueError } from '../../src/core/errors.ts';
import type { LogStore } from '../../src/core/ports.ts';
import { fc } from '../support/property.ts';
import { plain, values } from '../support/values.ts';
import type { StorageWorld } from './storage.suite.ts';

export function logTests(world: () => StorageWorld, reopened: () => Promise<StorageWorld>): void {
  const log = (): LogStore => world().log('raft');

  test('is empty at first', async () => {
    expect(await bounds(log())).toEqual([1, 0]);
    expect(await log().read(1, 10)).toEqual([]);
    expect(await log().append([])).toBe(0);
    await log().truncateAfter(0);
    await log().truncateBefore(1);
    expect(await bounds(log())).toEqual([1, 0]);
  });

  test('numbers its records from one', async () => {
    expect(await log().append(['a', 'b'])).toBe(2);
    expect(await log().append(['c'])).toBe(3);
    expect(await log().append([])).toBe(3);
    expect(await bounds(log())).toEqual([1, 3]);
  });

  test('reads what there is of a range, both ends included', async () => {
    await log().append(['a', 'b', 'c', 'd']);
    for (const [from, to, expected] of [
      [1, 4, ['a', 'b', 'c', 'd']],
      [2, 3, ['b', 'c']],
      [2, 2, ['b']],
      [3, 99, ['c', 'd']],
      [-5, 1, ['a']],
      [5, 9, []],
      [0, 0, []],
      [3, 2, []],
    ] as const) {
      expect(await log().read(from, to), `${from} to ${to}`).toEqual(expected);
    }
  });

  test('gives every value back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 4 }), async (records) => {
        const last = await log().append(records);
        const read = await log().read(last - records.length + 1, last);
        expect(plain(read)).toStrictEqual(plain(records));
      }),
      { numRuns: 30 },
    );
  });

  test('appends all or nothing', async () => {
    await log().append(['a']);
    await expect(log().append(['b', new Date(0), 'c'])).rejects.toThrow(ValueError);
    expect(await log().read(1, 9)).toEqual(['a']);
    expect(await log().append(['b'])).toBe(2);
  });

  test('forgets its end', async () => {
    await log().append(['a', 'b', 'c', 'd']);
    await log().truncateAfter(9);
    expect(await bounds(log())).toEqual([1, 4]);
    await log().truncateAfter(2);
    expect(await log().read(1, 9)).toEqual(['a', 'b']);
    expect(await log().append(['C'])).toBe(3);
    await log().truncateAfter(0);
    expect(await bounds(log())).toEqual([1, 0]);
    expect(await log().append(['A'])).toBe(1);
  });

  test('forgets its beginning, and goes on counting', async () => {
    await log().append(['a', 'b', 'c', 'd']);
    await log().truncateBefore(1);
    expect(await bounds(log())).toEqual([1, 4]);
    await log().truncateBefore(3);
    expect(await bounds(log())).toEqual([3, 4]);
    expect(await log().read(1, 9)).toEqual(['c', 'd']);
    expect(await log().read(1, 1)).toEqual([]);
    await log().truncateBefore(2);
    expect(await bounds(log())).toEqual([3, 4]);
    expect(await log().append(['e'])).toBe(5);
  });

  test('forgets everything before its end, and the next record follows', async () => {
    await log().append(['a', 'b', 'c']);
    await log().truncateBefore(99);
    expect(await bounds(log())).toEqual([4, 3]);
    expect(await log().append(['d'])).toBe(4);
    await log().truncateAfter(1);
    expect(await bounds(log())).toEqual([4, 3]);
  });

  test('what was appended does not change with what it was made from, or with what was read', async () => {
    const record = { bytes: Uint8Array.of(1) };
    await log().append([record]);
    record.bytes[0] = 9;
    const [read] = (await log().read(1, 1)) as [{ bytes: Uint8Array }];
    expect(plain(read.bytes)).toStrictEqual({ bytes: [1] });
    read.bytes[0] = 8;
    expect(plain(await log().read(1, 1))).toStrictEqual(plain([{ bytes: Uint8Array.of(1) }]));
  });

  test('is apart from other logs', async () => {
    for (const name of ['raft', 'raft2', '', 'raf']) await world().log(name).append([name]);
    await world().log('raft').truncateAfter(0);
    await world().log('raft2').truncateBefore(2);
    expect(await world().log('raf').read(1, 9)).toEqual(['raf']);
    expect(await world().log('').read(1, 9)).toEqual(['']);
    expect(await bounds(world().log('raft2'))).toEqual([2, 1]);
    expect(await bounds(world().log('raft'))).toEqual([1, 0]);
  });

  test('does what a list does, step by step', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 12 }), async (list) => {
        const own = world().log(`steps ${++run}`);
        const model = new ListModel();
        for (const step of list) {
          await perform(own, step);
          model.perform(step);
          expect(await bounds(own)).toEqual(model.bounds);
          expect(await own.read(-99, 99)).toEqual(model.records);
          expect(await own.read(2, 4)).toEqual(model.read(2, 4));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('does what is asked first first, awaited or not', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 8 }), async (list) => {
        const own = world().log(`at once ${++run}`);
        const model = new ListModel();
        for (const step of list) model.perform(step);
        await Promise.all(list.map((step) => perform(own, step)));
        expect(await bounds(own)).toEqual(model.bounds);
        expect(await own.read(-99, 99)).toEqual(model.records);
      }),
      { numRuns: 60 },
    );
  });

  test('is found again, with its numbers', async () => {
    await log().append(['a', 'b', 'c', 'd']);
    await log().truncateBefore(2);
    await log().truncateAfter(3);
    const again = (await reopened()).log('raft');
    expect(await again.read(1, 9)).toEqual(['b', 'c']);
    expect(await bounds(again)).toEqual([2, 3]);
    await again.truncateBefore(9);
    const empty = (await reopened()).log('raft');
    expect(await bounds(empty)).toEqual([4, 3]);
    expect(await empty.append(['D'])).toBe(4);
  });
}

async function bounds(log: LogStore): Promise<[first: number, last: number]> {
  return [await log.firstIndex(), await log.lastIndex()];
}

type Step =
  | { readonly kind: 'append'; readonly records: readonly number[] }
  | { readonly kind: 'after' | 'before'; readonly index: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    records: fc.array(fc.nat(), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constantFrom('after' as const, 'before' as const),
    index: fc.integer({ min: -2, max: 12 }),
  }),
);

async function perform(log: LogStore, step: Step): Promise<void> {
  if (step.kind === 'append') await log.append(step.records);
  else if (step.kind === 'after') await log.truncateAfter(step.index);
  else await log.truncateBefore(step.index);
}

/** The same log, as simply as it can be said. */
class ListModel {
  #first = 1;
  records: number[] = [];

  get bounds(): [first: number, last: number] {
    return [this.#first, this.#first + this.records.length - 1];
  }

  read(from: number, to: number): number[] {
    return this.records.filter((_, i) => i + this.#first >= from && i + this.#first <= to);
  }

  perform(step: Step): void {
    if (step.kind === 'append') this.records.push(...step.records);
    else if (step.kind === 'after') {
      while (this.records.length > 0 && this.bounds[1] > step.index) this.records.pop();
    } else {
      while (this.records.length > 0 && this.#first < step.index) {
        this.records.shift();
        this.#first++;
      }
    }
  }
}
