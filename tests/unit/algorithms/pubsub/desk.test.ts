/** A desk whose store is slow: what is about to be delivered is known until it is. */

import { expect, test } from 'vitest';
import { Desk, type Storing } from '../../../../src/algorithms/pubsub/desk.ts';
import type { Delivered } from '../../../../src/algorithms/pubsub/messages.ts';
import { StorageFull } from '../../../../src/core/storage-error.ts';
import { deferred } from '../../../support/deferred.ts';

const message = (sequence: number) => ({ sequence }) as unknown as Delivered;
const numbers = (all: readonly Delivered[]) => all.map(({ sequence }) => sequence);

function newDesk(storing: Storing) {
  const delivered: Delivered[] = [];
  const writes: ReturnType<typeof deferred<void>>[] = [];
  const desk = new Desk(
    {
      store: () => {
        const write = deferred<void>();
        writes.push(write);
        return write.promise;
      },
      gather: () => {},
      deliver: (one) => delivered.push(one),
      isStored: () => true,
      after: () => ({ cancel: () => {} }),
      resume: () => true,
      full: () => {},
    },
    storing,
  );
  return { desk, delivered, writes };
}

test('what waits for a write that is under way is pending, and what waits for the next one', async () => {
  const { desk, delivered, writes } = newDesk('before');
  desk.put('a', 1);
  desk.deliver([message(1)]);
  const done = desk.flush();
  desk.put('b', 2);
  desk.deliver([message(2)]);
  expect(numbers(desk.pending)).toEqual([1, 2]);
  expect(delivered).toEqual([]);
  writes[0]!.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(numbers(delivered)).toEqual([1]);
  expect(numbers(desk.pending)).toEqual([2]);
  writes[1]!.resolve();
  await done;
  expect(numbers(delivered)).toEqual([1, 2]);
  expect(desk.pending).toEqual([]);
});

test('where there is no room, what others said is delivered and pending no more', async () => {
  const { desk, delivered, writes } = newDesk('before');
  desk.put('a', 1);
  desk.deliver([message(1)]);
  const done = desk.flush();
  expect(numbers(desk.pending)).toEqual([1]);
  writes[0]!.reject(new StorageFull('no room'));
  await done;
  expect(numbers(delivered)).toEqual([1]);
  expect(desk.pending).toEqual([]);
});
