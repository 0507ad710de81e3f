/** What a log promises (`StoredLog` over the store that is tried). */

import type { LogChange, LogStore } from '../../core/log-store.ts';
import { Random } from '../../core/random.ts';
import { StoredLog } from '../stored-log.ts';
import { expectEqual, expectFailure } from './expect.ts';
import type { StorageCase, StorageWorld } from './world.ts';

/** Sequences of random changes that are compared with a list. */
const SEQUENCES = 40;

const on = (
  name: string,
  run: (log: LogStore, again: () => Promise<LogStore>) => Promise<void>,
  needs: StorageCase['needs'] = [],
): StorageCase => ({ name: `a log ${name}`, needs, run: (world) => withLog(world, run) });

async function withLog(
  world: StorageWorld,
  run: (log: LogStore, again: () => Promise<LogStore>) => Promise<void>,
): Promise<void> {
  let storage = await world.open();
  const open = (): LogStore => new StoredLog(storage.store('log'));
  await run(open(), async () => {
    await storage.close();
    storage = await world.open();
    return open();
  });
  await storage.close();
}

async function expectBounds(log: LogStore, first: number, last: number): Promise<void> {
  const state = await log.state();
  expectEqual([state.first, state.last], [first, last], 'its bounds');
}

export const logCases: readonly StorageCase[] = [
  on('counts from 1', async (log) => {
    await expectBounds(log, 1, 0);
    expectEqual(await log.read(1, 9), [], 'its records');
    await log.write({ append: ['a', 'b'] });
    await log.write({ append: ['c'] });
    await log.write({ append: [] });
    await expectBounds(log, 1, 3);
  }),

  on('reads what there is of a range, both ends included', async (log) => {
    await log.write({ append: ['a', 'b', 'c', 'd'] });
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
      expectEqual(await log.read(from, to), expected, `the records from ${from} to ${to}`);
    }
  }),

  on('reads as many bytes as are wanted, and one record at least', async (log) => {
    const record = new Uint8Array(1000);
    await log.write({ append: Array.from({ length: 200 }, () => record) });
    for (const [bytesMax, count] of [
      [0, 1],
      [999, 1],
      [3100, 3],
      [101_000, 100],
      [Infinity, 199],
    ] as const) {
      expectEqual((await log.read(2, 200, bytesMax)).length, count, `records in ${bytesMax} bytes`);
    }
  }),

  on('replaces its end in one write', async (log) => {
    await log.write({ append: ['a', 'b', 'c', 'd'], metadata: { term: 1 } });
    await log.write({ at: 3, append: ['C'], metadata: { term: 2, vote: 'n2' } });
    expectEqual(await log.read(1, 9), ['a', 'b', 'C'], 'its records');
    await log.write({ at: 2 });
    expectEqual(await log.read(1, 9), ['a'], 'its records');
    await log.write({ at: 1 });
    await expectBounds(log, 1, 0);
    expectEqual((await log.state()).metadata, { term: 2, vote: 'n2' }, 'its named values');
  }),

  on('has no gaps', async (log) => {
    await log.write({ append: ['a', 'b'], metadata: { term: 1 } });
    const change = { metadata: { term: 2 }, append: ['x'] };
    for (const at of [4, 0, -1, 1.5, NaN]) {
      await expectFailure(log.write({ at, ...change }), ['RangeError'], `a record at ${at}`);
    }
    await expectFailure(log.write({ append: ['c', new Date(0)] }), ['ValueError'], 'a Date');
    expectEqual((await log.state()).metadata, { term: 1 }, 'its named values');
    await log.write({ append: ['c'] });
    expectEqual(await log.read(1, 9), ['a', 'b', 'c'], 'its records');
  }),

  on('forgets its beginning, and goes on counting', async (log) => {
    await log.write({ append: ['a', 'b', 'c', 'd'] });
    await log.write({ startAt: 3 });
    await log.write({ startAt: 2 });
    await expectBounds(log, 3, 4);
    expectEqual(await log.read(1, 9), ['c', 'd'], 'its records');
    await log.write({ append: ['e'] });
    await expectBounds(log, 3, 5);
    await expectFailure(log.write({ at: 2, append: ['x'] }), ['RangeError'], 'a forgotten index');
  }),

  on('goes on behind a snapshot', async (log, again) => {
    await log.write({ append: ['a', 'b', 'c'] });
    await log.write({ at: 2, startAt: 100 });
    await expectBounds(log, 100, 99);
    await log.write({ append: ['x'] });
    expectEqual(await log.read(1, 200), ['x'], 'its records');
    const later = await again();
    await later.state();
  }),

  on('removes named values', async (log) => {
    await log.write({ metadata: { term: 1, vote: 'n1' } });
    await log.write({ metadata: { vote: undefined, applied: 0 } });
    expectEqual((await log.state()).metadata, { term: 1, applied: 0 }, 'its named values');
  }),

  on('does what a list does', async (log) => {
    const model = new ListModel();
    for (let sequence = 0; sequence < SEQUENCES; sequence++) {
      const random = Random.stream(sequence, 'log changes');
      const writes: Promise<void>[] = [];
      for (let step = random.integer(1, 8); step > 0; step--) {
        const change = model.draw(random);
        model.perform(change);
        writes.push(log.write(change));
      }
      expectEqual(await log.read(-9, 999), model.records, `the records of sequence ${sequence}`);
      await Promise.all(writes);
      await expectBounds(log, model.first, model.first + model.records.length - 1);
    }
  }),

  on(
    'is found again, with its numbers and its named values',
    async (log, again) => {
      await log.write({ append: ['a', 'b', 'c', 'd'], metadata: { term: 7 } });
      await log.write({ at: 4, startAt: 2 });
      const later = await again();
      expectEqual(await later.read(1, 9), ['b', 'c'], 'its records');
      expectEqual(await later.state(), { first: 2, last: 3, metadata: { term: 7 } }, 'its state');
      await later.write({ startAt: 9 });
      const empty = await again();
      await expectBounds(empty, 9, 8);
      await empty.write({ append: ['i'] });
      expectEqual(await (await again()).read(9, 9), ['i'], 'its record');
    },
    ['reopen'],
  ),

  {
    name: 'a damaged record of a log is named',
    needs: ['reopen', 'damage'],
    run: async (world) => {
      const storage = await world.open();
      const log = new StoredLog(storage.store('log'));
      await log.write({ append: ['a', 'b', 'c'] });
      await log.write({ append: ['d'] });
      await storage.close();
      await world.damage!('log', 'record/0000000000000002');
      const reading = async (): Promise<unknown> => {
        const again = await world.open();
        try {
          return await new StoredLog(again.store('log')).read(1, 3);
        } finally {
          await again.close();
        }
      };
      const problem = await expectFailure(reading(), ['CorruptRecord'], 'its records');
      expectEqual(problem.message.includes('0002'), true, 'the error names the record');
    },
  },
];

/** The same log, as simply as it can be said. */
class ListModel {
  first = 1;
  records: number[] = [];

  draw(random: Random): LogChange {
    const next = this.first + this.records.length;
    return {
      ...(random.chance(0.5) ? { at: random.integer(this.first, next) } : {}),
      ...(random.chance(0.7)
        ? { append: Array.from({ length: random.integer(0, 4) }, () => random.integer(0, 99)) }
        : {}),
      ...(random.chance(0.2) ? { startAt: this.first + random.integer(0, 6) } : {}),
    };
  }

  perform({ at = this.first + this.records.length, append = [], startAt = 0 }: LogChange): void {
    this.records.splice(at - this.first, Infinity, ...(append as number[]));
    for (; this.first < startAt; this.first++) this.records.shift();
  }
}
