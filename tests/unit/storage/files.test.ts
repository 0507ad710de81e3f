/** A store in files that are crashed in the middle of everything. */

import { describe, expect, test, vi } from 'vitest';
import { equalValues } from '../../../src/core/canonical.ts';
import { CorruptRecord } from '../../../src/core/storage-error.ts';
import { Random } from '../../../src/core/random.ts';
import { FileStore, REWRITE_BYTES_MIN } from '../../../src/storage/files/file-store.ts';
import { encodeFrame, scanFrames } from '../../../src/storage/files/frames.ts';
import { fc } from '../../support/property.ts';
import { SimulatedFile } from '../../support/simulated-file.ts';

const pair = (): [SimulatedFile, SimulatedFile] => [new SimulatedFile(), new SimulatedFile()];

vi.setConfig({ testTimeout: 30_000 });

type State = Record<string, string>;

function storeOn([a, b]: readonly [SimulatedFile, SimulatedFile]): FileStore {
  const open = async () => [a.open(), b.open()] as const;
  return new FileStore({ kind: 'files', survives: 'power cut', path: 'top', open });
}

describe('frames', () => {
  const frames = (...numbers: number[]) =>
    Uint8Array.from(numbers.flatMap((n) => [...encodeFrame(n, Uint8Array.of(n, n, n))]));

  test('are read up to where a crash tore them', () => {
    const whole = frames(1, 2, 3);
    for (let size = 0; size <= whole.length; size++) {
      const { frames: found, end, damaged } = scanFrames(whole.subarray(0, size));
      expect(found).toHaveLength(Math.floor(size / 19));
      expect(end).toBe(found.length * 19);
      expect(damaged).toBeUndefined();
    }
  });

  test('with any bit damaged are missed, unless they are the last', () => {
    for (let bit = 0; bit < 19 * 8 * 3; bit++) {
      const file = frames(1, 2, 3);
      file[bit >> 3]! ^= 1 << (bit & 7);
      const { frames: found, damaged } = scanFrames(file);
      const at = Math.floor(bit / (19 * 8));
      expect(found).toHaveLength(at);
      expect(damaged === undefined).toBe(at === 2);
    }
  });

  test('of an earlier use of the file behind the end mean nothing', () => {
    const { frames: found, damaged } = scanFrames(frames(7, 8, 3, 4));
    expect(found.map(({ number }) => number)).toEqual([7, 8]);
    expect(damaged).toBeUndefined();
  });
});

test('whatever was fulfilled is there after any crashes, and of the rest whole writes in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const random = Random.stream(seed, 'crashes');
      const files = pair();
      /** Every state that could be found: the last one that was promised, and those asked for since. */
      let possible: State[] = [{}];
      for (let life = 0; life < 4; life++) {
        const store = storeOn(files);
        const found = Object.fromEntries(await store.entries()) as State;
        // Said in short: the values are long.
        const counters = possible.map(({ counter }) => counter);
        expect(counters).toContain(found['counter']);
        const same = possible[counters.indexOf(found['counter'])];
        expect(equalValues(found, same)).toBe(true);
        possible = [found];
        let promised = 0;
        for (let i = random.integer(1, 12); i > 0; i--) {
          const size = random.chance(0.2) ? REWRITE_BYTES_MIN / 2 : random.integer(0, 1500);
          const batch: Record<string, string | undefined> = {
            [`key ${random.integer(0, 3)}`]: random.chance(0.2) ? undefined : 'x'.repeat(size) + i,
            counter: `${life} ${i}`,
          };
          const next = Object.entries({ ...possible.at(-1)!, ...batch });
          const kept = next.filter(([, value]) => value !== undefined);
          possible.push(Object.fromEntries(kept) as State);
          const index = possible.length - 1;
          const write = store.putAll(batch).then(() => {
            promised = index;
          });
          if (random.chance(0.5)) await write;
        }
        if (random.chance(0.5)) await store.get('counter');
        for (const file of files) file.crash(random);
        possible = possible.slice(promised);
      }
    }),
    { numRuns: 40 },
  );
});

test('what could not be flushed is not there later, although all of it was written', async () => {
  const files = pair();
  const store = storeOn(files);
  await store.put('vote', 'a');
  files[0].isFlushFailing = true;
  await expect(store.put('vote', 'b')).rejects.toThrow('the disk refused');
  // The tab ends and the machine does not: whatever was written is seen.
  expect(await storeOn(files).get('vote')).toBe('a');
});

test('a file that is mostly history is written anew, in the other one', async () => {
  const files = pair();
  const store = storeOn(files);
  const value = 'x'.repeat(1000);
  const used = new Set<number>();
  for (let i = 0; i < 300; i++) {
    await store.put(`key ${i % 5}`, value + i);
    const sizes = files.map(({ size }) => size);
    expect(Math.max(...sizes)).toBeLessThan(REWRITE_BYTES_MIN + 3 * 5 * 1100 + 2000);
    used.add(sizes.indexOf(Math.max(...sizes)));
  }
  expect(used.size).toBe(2);
  expect(await storeOn(files).get('key 4')).toBe(`${value}299`);
});

test('damage to what was promised is named', async () => {
  const files = pair();
  const store = storeOn(files);
  await store.putAll({ hard: { term: 1 }, 'log/1': 'entry' });
  await store.put('later', 1);
  const [file] = files;
  file.damage(file.size - 60);
  await expect(storeOn(files).entries()).rejects.toThrow(CorruptRecord);
});
