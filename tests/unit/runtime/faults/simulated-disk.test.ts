import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { SimulatedDisk, type DiskTiming } from '../../../../src/storage/simulated-disk.ts';

/** The time of a disk, moved by hand. */
class HandTime implements DiskTiming {
  readonly #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  readonly #takes: number;
  #nowMs = 0;

  constructor(takesMs = 10) {
    this.#takes = takesMs;
  }

  now() {
    return this.#nowMs;
  }

  syncMs() {
    return this.#takes;
  }

  after(delayMs: number, callback: () => void) {
    this.#waiting.push({ atMs: this.#nowMs + delayMs, callback });
  }

  /** Lets so much time pass, and what waits for it go on. */
  async pass(ms: number) {
    this.#nowMs += ms;
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs);
    for (const each of due) {
      this.#waiting.splice(this.#waiting.indexOf(each), 1);
      each.callback();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Whether each promise is fulfilled. */
async function settled(...promises: readonly Promise<unknown>[]): Promise<boolean[]> {
  const states = promises.map(() => false);
  promises.forEach((promise, i) => void promise.then(() => (states[i] = true)));
  await new Promise((resolve) => setImmediate(resolve));
  return states;
}

describe('a write', () => {
  test('is seen at once and durable when its promise is fulfilled, one after the other', async () => {
    const time = new HandTime(10);
    const disk = new SimulatedDisk(time);
    const store = disk.store('top');
    const writes = [store.put('a', 1), store.put('b', 2)];
    expect(await store.entries()).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(disk.isEmpty).toBe(true);
    await time.pass(10);
    expect(await settled(...writes)).toEqual([true, false]);
    expect(disk.isEmpty).toBe(false);
    await time.pass(10);
    expect(await settled(...writes)).toEqual([true, true]);
  });

  test('that was fulfilled survives every crash', async () => {
    for (const how of ['kept', 'unsynced', 'torn'] as const) {
      const time = new HandTime();
      const disk = new SimulatedDisk(time);
      void disk.store('top').put('a', 1);
      void disk.store('other').putAll({ x: 1, y: 2 });
      await time.pass(20);
      expect(disk.crash(how, Random.stream(1, 'x'), time)).toEqual({ lost: 0, torn: 0 });
      expect(await disk.store('top').get('a')).toBe(1);
      expect(await disk.store('other').get('y')).toBe(2);
    }
  });

  test('under way is kept, or lost', async () => {
    for (const [how, lost, value] of [
      ['kept', 0, 2],
      ['unsynced', 2, 1],
    ] as const) {
      const time = new HandTime();
      const disk = new SimulatedDisk(time);
      void disk.store('top').put('a', 1);
      await time.pass(10);
      void disk.store('top').put('a', 2);
      void disk.store('other').put('x', 1);
      expect(disk.crash(how, Random.stream(1, 'x'), time)).toEqual({ lost, torn: 0 });
      expect(await disk.store('top').get('a')).toBe(value);
      expect(await disk.store('other').entries()).toHaveLength(how === 'kept' ? 1 : 0);
    }
  });

  test('of an earlier life is never fulfilled, and changes nothing later', async () => {
    const time = new HandTime();
    const disk = new SimulatedDisk(time);
    const write = disk.store('top').put('a', 1);
    // The host sees to it that what a dead node waited for does not happen.
    disk.crash('unsynced', Random.stream(1, 'x'), new HandTime());
    expect(await settled(write)).toEqual([false]);
    expect(await disk.store('top').entries()).toEqual([]);
  });
});

describe('a torn write', () => {
  test('leaves the first of its entries, and never others', async () => {
    const counts = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const time = new HandTime();
      const disk = new SimulatedDisk(time);
      void disk.store('top').putAll({ a: 1, b: 2, c: 3 });
      void disk.store('other').putAll({ x: 1, y: 2, z: 3 });
      const { lost, torn } = disk.crash('torn', Random.stream(seed, 'tear'), time);
      const keys = (await disk.store('top').entries()).map(([key]) => key);
      const others = (await disk.store('other').entries()).map(([key]) => key);
      expect(['a', 'b', 'c'].slice(0, keys.length)).toEqual(keys);
      expect(['x', 'y', 'z'].slice(0, others.length)).toEqual(others);
      const parts = [keys.length, others.length];
      expect(lost).toBe(parts.filter((count) => count === 0).length);
      expect(torn).toBe(parts.filter((count) => count === 1 || count === 2).length);
      for (const count of parts) counts.add(count);
    }
    expect([...counts].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });
});

test('amnesia forgets everything', async () => {
  const time = new HandTime();
  const disk = new SimulatedDisk(time);
  void disk.store('top').put('a', 1);
  void disk.store('other').put('x', 1);
  await time.pass(20);
  disk.crash('unsynced', Random.stream(1, 'x'), time);
  expect(disk.isEmpty).toBe(false);
  disk.wipe();
  expect(disk.isEmpty).toBe(true);
  expect(await disk.store('top').entries()).toEqual([]);
  expect(await disk.store('other').entries()).toEqual([]);
});
