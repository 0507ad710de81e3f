/** Timers over one alarm: each goes off once, on time and in order, and nobody is woken for those that were cancelled. */

import { expect, test } from 'vitest';
import { Timers } from '../../../../src/lab/raft/room/timers.ts';
import { fc } from '../../../support/property.ts';

interface Hands {
  nowMs: number;
  armedMs: number | undefined;
  alarms: number;
  readonly timers: Timers;
  ring(lateMs?: number): boolean;
}

/** A clock whose hands are moved by the test, and an alarm that is late by as much as one likes. */
function clock(): Hands {
  const it: Hands = {
    nowMs: 0,
    armedMs: undefined,
    alarms: 0,
    timers: new Timers(
      () => it.nowMs,
      (delayMs) => {
        it.armedMs = it.nowMs + delayMs;
        it.alarms++;
      },
    ),
    /** Goes on to the alarm, and rings. False when none is set. */
    ring(lateMs = 0) {
      if (it.armedMs === undefined) return false;
      it.nowMs = Math.max(it.nowMs, it.armedMs) + lateMs;
      it.armedMs = undefined;
      it.timers.fire();
      return true;
    },
  };
  return it;
}

test('each timer goes off once, not before its time, in the order of times; none that was cancelled', () => {
  const order = fc.record({
    delayMs: fc.integer({ min: 0, max: 50 }),
    cancels: fc.option(fc.nat(20)),
    rings: fc.boolean(),
    lateMs: fc.integer({ min: 0, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
      const it = clock();
      const gone: number[] = [];
      const cancelled = new Set<number>();
      const timers = orders.map(({ delayMs, cancels, rings, lateMs }, at) => {
        const dueMs = it.nowMs + delayMs;
        const timer = it.timers.after(delayMs, () => {
          expect(it.nowMs).toBeGreaterThan(dueMs - 1);
          gone.push(at);
        });
        if (rings) it.ring(lateMs);
        return { timer, dueMs, cancels };
      });
      for (const { cancels } of timers) {
        if (cancels === null || cancels >= timers.length || gone.includes(cancels)) continue;
        timers[cancels]!.timer.cancel();
        cancelled.add(cancels);
      }
      const before = gone.length;
      while (it.ring());
      const late = gone.slice(before).map((at) => timers[at]!.dueMs);
      expect(late).toEqual(late.toSorted((a, b) => a - b));
      const expected = timers.flatMap((_, at) => (cancelled.has(at) ? [] : [at]));
      expect(gone.toSorted((a, b) => a - b)).toEqual(expected);
    }),
  );
});

test('timers that are moved again and again cost no alarm, and no memory', () => {
  const it = clock();
  let missed = 0;
  it.timers.after(10, () => {});
  for (let i = 0; i < 5000; i++) {
    it.timers.after(500, () => missed++).cancel();
  }
  expect(it.alarms).toBe(1);
  it.ring();
  expect(it.ring()).toBe(false);
  expect(missed).toBe(0);
});

test('what one callback throws takes no turn from the next, and is reported', async () => {
  const it = clock();
  const reported: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (error) => reported.push(error));
  let called = false;
  it.timers.after(1, () => {
    throw new Error('mine');
  });
  it.timers.after(2, () => (called = true));
  it.ring(5);
  await new Promise((resolve) => setTimeout(resolve));
  for (const listener of before) process.on('uncaughtException', listener);
  expect(called).toBe(true);
  expect(reported).toMatchObject([{ message: 'mine' }]);
});
