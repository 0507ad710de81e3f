import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DELAY_MS, HELD_MAX, HeldInbox } from '../../../src/runtime/live/held-inbox.ts';
import type { Envelope } from '../../../src/runtime/envelope.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const passed: string[] = [];
  let emptied = 0;
  const inbox = new HeldInbox({
    pass: (from, envelope) => {
      passed.push(envelope.kind === 'lifecycle' ? `${from} barrier` : `${from}#${envelope.number}`);
    },
    emptied: () => void emptied++,
  });
  return { inbox, passed, emptied: () => emptied };
}

function cast(number: number): Envelope {
  return {
    ...{ kind: 'cast', number, answers: 0, path: 'talk', type: 'hello', via: 'data' },
    ...{ body: {}, bytes: 2, signed: [], signing: undefined },
  };
}

test('what is held comes in its order when it is let in, and what comes meanwhile after it', async () => {
  const { inbox, passed, emptied } = open();
  inbox.hold(true);
  inbox.keep('n1', cast(1));
  inbox.keep('n2', cast(1));
  expect(passed).toEqual([]);
  inbox.hold(false);
  expect(inbox.isShut).toBe(true);
  inbox.keep('n1', cast(2));
  await vi.runAllTimersAsync();
  expect(passed).toEqual(['n1#1', 'n2#1', 'n1#2']);
  expect(inbox.isShut).toBe(false);
  expect(emptied()).toBe(1);
});

test('single messages arrive now, twice, never or later; one may be meant before it has come', async () => {
  const { inbox, passed } = open();
  inbox.hold(true);
  for (const number of [1, 2, 3, 4]) inbox.keep('n1', cast(number));
  inbox.grab('n1#3', 'deliver');
  inbox.grab('n1#1', 'drop');
  inbox.grab('n1#2', 'delay');
  inbox.grab('n1#5', 'double');
  inbox.keep('n1', cast(5));
  expect(passed).toEqual(['n1#3', 'n1#5', 'n1#5']);
  inbox.hold(false);
  await vi.advanceTimersByTimeAsync(DELAY_MS - 1);
  expect(passed.slice(3)).toEqual(['n1#4']);
  await vi.advanceTimersByTimeAsync(1);
  expect(passed.slice(4)).toEqual(['n1#2']);
});

test('nothing can be grabbed when nothing is held, and there is an end to what waits', () => {
  const { inbox, passed } = open();
  inbox.grab('n1#1', 'drop');
  inbox.hold(true);
  for (let number = 1; number <= HELD_MAX; number++) inbox.keep('n1', cast(number));
  expect(inbox.isFull).toBe(true);
  inbox.grab('n1#1', 'deliver');
  expect(passed).toEqual(['n1#1']);
  expect(inbox.isFull).toBe(false);
});
