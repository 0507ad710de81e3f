import { describe, expect, test } from 'vitest';
import { turnStore } from '../../../src/runtime/live/turn-store.ts';
import { markedStore } from '../../../src/runtime/marked-store.ts';
import { macrotask } from '../../../src/runtime/platform.ts';
import { Turn, TurnQueue } from '../../../src/runtime/turn.ts';
import { MemoryStore } from '../../../src/storage/memory.ts';
import { deferred } from '../../support/deferred.ts';

/** A queue that writes down its turns. */
function queue() {
  const written: string[] = [];
  const turns = new TurnQueue<() => void>({
    begin: () => written.push('begin'),
    take: (event) => event(),
    end: () => written.push('end'),
  });
  const settled = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (action: () => void) =>
        turns.post(() => {
          turns.turn.awaits();
          action();
        });
      promise.then(
        (value) => settle(() => resolve(value)),
        (error: Error) => settle(() => reject(error)),
      );
    });
  return { turns, written, settled };
}

/** A chain of microtasks, longer than anybody would count. */
async function awaits(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

describe('turns', () => {
  test('an event that nobody waits behind is handled at once', () => {
    const { turns, written } = queue();
    turns.post(() => written.push('event'));
    expect(written).toEqual(['begin', 'event', 'end']);
  });

  test('events follow one another, also those that are posted by events', () => {
    const { turns, written } = queue();
    turns.post(() => {
      turns.post(() => written.push('posted'));
      written.push('event');
    });
    turns.post(() => written.push('next'));
    expect(written.join(' ')).toBe('begin event end begin posted end begin next end');
  });

  test('a turn that is marked ends when every microtask has run', async () => {
    const { turns, written } = queue();
    const done = deferred();
    turns.post(() => {
      turns.turn.awaits();
      void awaits(1000).then(() => written.push('continued'));
    });
    turns.post(() => {
      written.push('next');
      done.resolve();
    });
    await done.promise;
    expect(written).toEqual(['begin', 'continued', 'end', 'begin', 'next', 'end']);
  });

  test('a mark holds for one turn', () => {
    const turn = new Turn();
    expect(turn.takeAwaits()).toBe(false);
    turn.awaits();
    turn.awaits();
    expect(turn.takeAwaits()).toBe(true);
    expect(turn.takeAwaits()).toBe(false);
  });
});

test('a macrotask comes behind all microtasks', async () => {
  let steps = 0;
  const counting = async () => {
    for (let i = 0; i < 1000; i++) {
      await Promise.resolve();
      steps++;
    }
  };
  void counting();
  await macrotask();
  expect(steps).toBe(1000);
});

describe('a store whose answers are events', () => {
  test('settles each promise in a turn of its own, marked', async () => {
    const { written, settled } = queue();
    const store = turnStore(new MemoryStore(), settled);
    await store.put('a', 1);
    await store.putAll({ b: 2, c: 3 });
    await store.delete('c');
    expect(await store.get('a')).toBe(1);
    expect(await store.entries()).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(await store.entries('b')).toEqual([['b', 2]]);
    await macrotask();
    expect(written.filter((word) => word === 'end')).toHaveLength(6);
  });

  test('passes failures on, in a turn as well', async () => {
    const { written, settled } = queue();
    const store = turnStore(new MemoryStore(), settled);
    await expect(store.put('a', new Date(0))).rejects.toThrow('is a Date');
    await macrotask();
    expect(written).toEqual(['begin', 'end']);
  });
});

test('a store that marks its turns is otherwise the same', async () => {
  const turn = new Turn();
  const store = markedStore(new MemoryStore(), turn);
  for (const use of [
    () => store.put('a', 1),
    () => store.putAll({ b: 2, c: 3 }),
    () => store.get('a'),
    () => store.delete('c'),
    () => store.entries('b'),
  ]) {
    const promise = use();
    expect(turn.takeAwaits()).toBe(true);
    await promise;
  }
  expect(await store.get('a')).toBe(1);
  expect(await store.entries()).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});
