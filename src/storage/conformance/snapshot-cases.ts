/** What snapshots promise (`StoredSnapshots` over the store that is tried). */

import { checksum } from '../../core/checksum.ts';
import type { SnapshotInfo, SnapshotStore } from '../../core/snapshot-store.ts';
import { StoredSnapshots } from '../stored-snapshots.ts';
import { expectEqual, expectFailure, expectMention } from './expect.ts';
import type { StorageCase } from './world.ts';

/** Bytes of a snapshot, told apart by a number. */
function content(seed: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) & 0xff);
}

function infoOf(id: string, bytes: Uint8Array, label: object = { index: 1 }): SnapshotInfo {
  return {
    id,
    label: label as SnapshotInfo['label'],
    size: bytes.length,
    checksum: checksum(bytes),
  };
}

/** Sends a snapshot in chunks. */
async function send(snapshots: SnapshotStore, id: string, bytes: Uint8Array, chunk: number) {
  for (let offset = 0; offset < bytes.length; offset += chunk) {
    await snapshots.receive(id, offset, bytes.subarray(offset, offset + chunk));
  }
}

const on = (
  name: string,
  run: (snapshots: SnapshotStore, again: () => Promise<SnapshotStore>) => Promise<void>,
  needs: StorageCase['needs'] = [],
): StorageCase => ({
  name: `snapshots ${name}`,
  needs,
  run: async (world) => {
    let storage = await world.open();
    const open = (): SnapshotStore => new StoredSnapshots(storage.store('snapshots'), 'top');
    await run(open(), async () => {
      await storage.close();
      storage = await world.open();
      return open();
    });
    await storage.close();
  },
});

export const snapshotCases: readonly StorageCase[] = [
  on('are none at first', async (snapshots) => {
    expectEqual(await snapshots.list(), [], 'the list');
    expectEqual(await snapshots.received('a'), 0, 'bytes of an unknown one');
    await expectFailure(snapshots.read('a', 0, 9), ['RangeError'], 'reading an unknown one');
  }),

  on('come in chunks, and are there when they are installed', async (snapshots) => {
    const bytes = content(1, 5000);
    const info = infoOf('a', bytes, { index: 7, term: 2, voters: ['n1'] });
    await send(snapshots, 'a', bytes, 1024);
    expectEqual(await snapshots.list(), [], 'the list before it is installed');
    await expectFailure(snapshots.read('a', 0, 9), ['RangeError'], 'reading it before');
    await snapshots.install(info);
    expectEqual(await snapshots.list(), [info], 'the list');
    for (const [offset, bytesMax] of [
      [0, 9999],
      [0, 1],
      [1000, 100],
      [1023, 2],
      [1024, 2048],
      [4999, 5],
      [5000, 5],
      [9999, 5],
    ] as const) {
      const expected = bytes.slice(offset, offset + bytesMax);
      expectEqual(await snapshots.read('a', offset, bytesMax), expected, `bytes from ${offset}`);
    }
  }),

  on('may be empty', async (snapshots) => {
    const empty = new Uint8Array(0);
    await snapshots.receive('a', 0, empty);
    await snapshots.install(infoOf('a', empty));
    expectEqual(await snapshots.read('a', 0, 9), empty, 'its bytes');
  }),

  on('take their chunks in order', async (snapshots) => {
    const bytes = content(2, 300);
    await snapshots.receive('a', 0, bytes.subarray(0, 100));
    const early = snapshots.receive('a', 200, bytes.subarray(200));
    await expectFailure(early, ['RangeError'], 'a chunk too far');
    const late = snapshots.receive('a', 50, bytes.subarray(50, 100));
    await expectFailure(late, ['RangeError'], 'a chunk again');
    await snapshots.receive('a', 100, bytes.subarray(100));
    await snapshots.install(infoOf('a', bytes));
    expectEqual(await snapshots.read('a', 0, 999), bytes, 'its bytes');
  }),

  on('begin anew at offset 0', async (snapshots) => {
    await send(snapshots, 'a', content(3, 500), 100);
    const bytes = content(4, 250);
    await send(snapshots, 'a', bytes, 100);
    await snapshots.install(infoOf('a', bytes));
    expectEqual(await snapshots.read('a', 0, 999), bytes, 'its bytes');
  }),

  on('that are not what was sent are refused and forgotten', async (snapshots) => {
    const bytes = content(5, 300);
    await send(snapshots, 'a', bytes, 100);
    const wrong = snapshots.install({ ...infoOf('a', bytes), checksum: 1 });
    await expectFailure(wrong, ['CorruptRecord'], 'a wrong checksum');
    expectEqual(await snapshots.received('a'), 0, 'bytes that are left');
    await send(snapshots, 'a', bytes.subarray(0, 200), 100);
    await expectFailure(snapshots.install(infoOf('a', bytes)), ['CorruptRecord'], 'a short one');
    expectEqual(await snapshots.list(), [], 'the list');
  }),

  on('are kept as many as wanted, the newest first', async (snapshots) => {
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) {
      await send(snapshots, 'given up', content(9, 50), 10);
      const bytes = content(i, 200);
      await send(snapshots, id, bytes, 64);
      await snapshots.install(infoOf(id, bytes));
      expectEqual(await snapshots.received('given up'), 0, 'bytes of one that was given up');
    }
    const kept = (await snapshots.list()).map(({ id }) => id);
    expectEqual(kept, ['d', 'c'], 'the list');
    expectEqual(await snapshots.read('c', 0, 999), content(2, 200), 'the older one');
    await expectFailure(snapshots.read('b', 0, 9), ['RangeError'], 'one that is gone');
  }),

  on('are forgotten', async (snapshots) => {
    const bytes = content(6, 100);
    await send(snapshots, 'a', bytes, 50);
    await snapshots.install(infoOf('a', bytes));
    await send(snapshots, 'b', bytes, 50);
    await snapshots.erase();
    expectEqual(await snapshots.list(), [], 'the list');
    expectEqual(await snapshots.received('b'), 0, 'bytes that are left');
  }),

  on(
    'go on where a transfer stopped, after a reload',
    async (snapshots, again) => {
      const bytes = content(7, 1000);
      await send(snapshots, 'a', bytes.subarray(0, 400), 100);
      const later = await again();
      expectEqual(await later.received('a'), 400, 'bytes that are there');
      for (let offset = 400; offset < 1000; offset += 100) {
        await later.receive('a', offset, bytes.subarray(offset, offset + 100));
      }
      await later.install(infoOf('a', bytes));
      const last = await again();
      expectEqual(await last.list(), [infoOf('a', bytes)], 'the list');
      expectEqual(await last.read('a', 0, 9999), bytes, 'its bytes');
    },
    ['reopen'],
  ),

  {
    name: 'a damaged snapshot is named',
    needs: ['reopen', 'damage'],
    run: async (world) => {
      const bytes = content(8, 300);
      const storage = await world.open();
      const snapshots = new StoredSnapshots(storage.store('snapshots'), 'top');
      await send(snapshots, 'a', bytes, 100);
      await snapshots.install(infoOf('a', bytes));
      await storage.close();
      await world.damage!('snapshots', 'part/a/100');
      const reading = async (): Promise<unknown> => {
        const again = await world.open();
        try {
          return await new StoredSnapshots(again.store('snapshots'), 'top').read('a', 0, 300);
        } finally {
          await again.close();
        }
      };
      const problem = await expectFailure(reading(), ['CorruptRecord'], 'its bytes');
      expectMention(problem.message, 'a/100', 'the error');
    },
  },
];
