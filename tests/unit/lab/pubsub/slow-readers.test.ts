/** Who subscribes and does not read is bounded by messages and by bytes, and everybody concerned is told. */

import { expect, test } from 'vitest';
import type { Delivered } from '../../../../src/algorithms/pubsub/messages.ts';
import { BoundedQueue } from '../../../../src/lab/pubsub/bounded-queue.ts';
import { Inbox } from '../../../../src/lab/pubsub/inbox.ts';
import { QUEUE_BYTES_MAX, Subscription } from '../../../../src/lab/pubsub/subscription.ts';
import { fc } from '../../../support/property.ts';

const MIB = 1024 * 1024;

function delivered(sequence: number, payload: Delivered['payload'], count = 1): Delivered {
  return {
    ...{ pattern: '#', order: 'fifo', topic: 'flood', payload, origin: 'n1', life: 7 },
    ...{ sequence, lamport: sequence, count, sent_at: 0, how: 'new' },
  };
}

const bounds = fc.record({
  count: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 1, max: 100 }),
});
const steps = fc.array(fc.oneof(fc.constant('shift' as const), fc.integer({ min: 0, max: 150 })));

test('a queue keeps to its bounds, in order, and says what it drops; the newest alone may be too large', () => {
  fc.assert(
    fc.property(bounds, steps, (bound, todo) => {
      const queue = new BoundedQueue<{ n: number; bytes: number }>(bound, ({ bytes }) => bytes);
      let model: { n: number; bytes: number }[] = [];
      for (const [n, step] of todo.entries()) {
        if (step === 'shift') expect(queue.shift()).toEqual(model.shift());
        else {
          model.push({ n, bytes: step });
          const dropped = queue.push({ n, bytes: step });
          expect(dropped).toEqual(model.slice(0, dropped.length));
          model = model.slice(dropped.length);
        }
        const bytes = model.reduce((sum, each) => sum + each.bytes, 0);
        expect([queue.size, queue.bytes]).toEqual([model.length, bytes]);
        expect(queue.size <= bound.count).toBe(true);
        expect(queue.size <= 1 || queue.bytes <= bound.bytes).toBe(true);
      }
      expect(queue.drain()).toEqual(model);
      expect(queue.size + queue.bytes).toBe(0);
    }),
  );
});

test('a subscription that nobody reads keeps to its bytes, and the application hears what it lost', async () => {
  const told: [lost: number, now: number][] = [];
  const lazy = new Subscription(
    { pattern: '#', order: 'fifo' },
    { end: async () => {}, detach: () => {}, lagging: (...lost) => void told.push(lost) },
  );
  const payload = new Uint8Array(MIB);
  for (let sequence = 1; sequence <= 70; sequence++) lazy.take(delivered(sequence, payload));
  expect(lazy.waitingBytes).toBeLessThanOrEqual(QUEUE_BYTES_MAX);
  expect(told.length).toBeGreaterThan(1);
  expect(told.length).toBeLessThan(6);
  expect(told.at(-1)![0]).toBe(lazy.lost);
  expect(told.reduce((sum, [, now]) => sum + now, 0)).toBe(lazy.lost);
  expect(lazy.lost + lazy.waiting).toBe(70);
  // What is left are the latest, in order.
  lazy.close();
  const left: number[] = [];
  for await (const { sequence } of lazy) left.push(sequence);
  expect(left).toEqual(Array.from({ length: 70 - lazy.lost }, (_, at) => lazy.lost + 1 + at));
});

test('what is delivered before a program has subscribed again is bounded too, and told', () => {
  const told: number[] = [];
  const inbox = new Inbox(
    undefined,
    () => {},
    (_subscription, now) => void told.push(now),
    (code) => code(),
  );
  const run = Array.from({ length: 4 }, () => new Uint8Array(MIB));
  for (let at = 0; at < 10; at++) inbox.take(delivered(at * 4 + 1, run, 4));
  expect(told.length).toBeGreaterThan(0);
  const lost = told.reduce((sum, now) => sum + now, 0);
  const late = new Subscription(
    { pattern: '#', order: 'fifo' },
    { end: async () => {}, detach: () => {}, lagging: () => {} },
  );
  inbox.open(late, undefined);
  expect(lost % 4).toBe(0);
  expect(late.waiting).toBe(40 - lost);
});
