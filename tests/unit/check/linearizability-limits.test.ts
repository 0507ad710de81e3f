/** What the checker does beside its verdict: budgets, operations without an answer, parts that take turns, and what it says. */

import { describe, expect, test } from 'vitest';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import {
  checkLinearizability,
  LinearizabilityCheck,
} from '../../../src/check/linearizability/linearizability.ts';
import { drawVerdict } from '../../../src/check/linearizability/window.ts';
import { kv } from '../../../src/check/models/kv.ts';
import type { Model } from '../../../src/check/models/model.ts';
import { queue } from '../../../src/check/models/queue.ts';
import { casRegister, register } from '../../../src/check/models/register.ts';
import { concurrentRun, LIVE_OBJECTS } from './concurrent-runs.ts';

/** Writes that all run at once, then reads of which no order can be right: a hard history of `count` + 2 operations. */
function hard(count: number, key?: string): HistoryEvent[] {
  const processes = Array.from({ length: count }, (_, process) => `${key ?? ''}w${process}`);
  const value = (given: number | null) => (key === undefined ? given : [key, given]);
  const [write, read] = key === undefined ? ['write', 'read'] : ['put', 'get'];
  const event = (process: string, type: 'invoke' | 'ok', f: string, given: number | null) =>
    [process, type, f, value(given)] as const;
  return [
    ...processes.map((process, at) => event(process, 'invoke', write, at)),
    event(`${key ?? ''}r`, 'invoke', read, null),
    event(`${key ?? ''}r`, 'ok', read, 0),
    event(`${key ?? ''}r`, 'invoke', read, null),
    event(`${key ?? ''}r`, 'ok', read, 1),
    event(`${key ?? ''}r`, 'invoke', read, null),
    event(`${key ?? ''}r`, 'ok', read, 0),
    ...processes.map((process, at) => event(process, 'ok', write, at)),
  ];
}

/** The model kv, which cannot tell that a text only grows. */
const withoutForesight: Model = {
  ...kv,
  foresight: {},
};

describe('operations without an answer', () => {
  const write: HistoryEvent[] = [
    [0, 'invoke', 'write', 1],
    [0, 'ok', 'write', 1],
    [1, 'invoke', 'write', 2],
  ];
  const read = (value: number): HistoryEvent[] => [
    [2, 'invoke', 'read', null],
    [2, 'ok', 'read', value],
  ];
  const verdictOn = (...events: HistoryEvent[]) =>
    checkLinearizability(operationsOf(events), register).outcome;

  test('may have happened', () => {
    expect(verdictOn(...write, ...read(2))).toBe('ok');
    expect(verdictOn(...write, [1, 'info', 'write', 'timeout'], ...read(2))).toBe('ok');
  });

  test('may never have happened', () => {
    expect(verdictOn(...write, ...read(1))).toBe('ok');
  });

  test('may happen at any later time, but only once', () => {
    expect(verdictOn(...write, ...read(1), ...read(1), ...read(2))).toBe('ok');
    expect(verdictOn(...write, ...read(2), ...read(1))).toBe('illegal');
  });

  test('cannot happen before they are called', () => {
    expect(verdictOn(...write.slice(0, 2), ...read(2), write[2]!)).toBe('illegal');
  });

  test('that failed did not happen', () => {
    expect(verdictOn(...write, [1, 'fail', 'write', 2], ...read(2))).toBe('illegal');
  });

  test('do not make the search longer by their number, when they do the same', () => {
    const crashed = Array.from({ length: 200 }, (_, at): HistoryEvent => {
      return [`c${at}`, 'invoke', 'write', at % 3];
    });
    const events = [...crashed, ...read(0), ...read(1), ...read(0), ...read(7)];
    const writeOfSeven: HistoryEvent[] = [
      [9, 'invoke', 'write', 7],
      [9, 'ok', 'write', 7],
    ];
    const verdict = checkLinearizability(
      operationsOf([...events, ...writeOfSeven, ...read(0)]),
      register,
    );
    expect(verdict).toMatchObject({ outcome: 'illegal', culprit: { index: 203 } });
    expect(verdict.steps).toBeLessThan(100_000);
  });
});

describe('a budget', () => {
  const operations = operationsOf(hard(40));

  test('of steps ends the search with what was found so far', () => {
    const verdict = checkLinearizability(operations, register, { stepsMax: 50_000 });
    expect(verdict).toMatchObject({ outcome: 'unknown', valid: 'unknown', culprit: undefined });
    expect(verdict.steps).toBeGreaterThanOrEqual(50_000);
    expect(verdict.steps).toBeLessThan(60_000);
    expect(verdict.explanation).toMatch(/within 50000 steps: \d+ of 43 operations/);
    expect(verdict.orders[0]!.order.length).toBeGreaterThan(0);
  });

  test('of time is read from the clock given, often enough', () => {
    let reads = 0;
    const now = () => ++reads;
    const verdict = checkLinearizability(operations, register, { now, until: 20 });
    expect(verdict.explanation).toMatch(/within the time given/);
    expect(reads).toBe(20);
    expect(verdict.steps).toBeLessThan(20 * 10_000);
  });

  test('of time counts a model that is slow to answer by its answers', () => {
    let answers = 0;
    const slow: Model = {
      ...register,
      step(state, action) {
        answers++;
        return register.step(state, action);
      },
    };
    let reads = 0;
    checkLinearizability(operations, slow, { now: () => ++reads, until: 3 });
    expect(answers).toBeLessThan(3 * 100);
  });

  test('of memory ends the search too', () => {
    const verdict = checkLinearizability(operations, register, { memoryBytesMax: 1_000_000 });
    expect(verdict.explanation).toMatch(/within 1000000 bytes of memory/);
  });

  test('of memory counts what states are made of', () => {
    const appends = hard(30, 'k').map(([process, type, f, value]): HistoryEvent => {
      const text = (value as [string, number | null])[1];
      return [
        process,
        type,
        f === 'put' ? 'append' : f,
        ['k', text === null ? null : 'x'.repeat(5_000) + text],
      ];
    });
    const verdict = checkLinearizability(operationsOf(appends), withoutForesight, {
      memoryBytesMax: 10_000_000,
      stepsMax: 100_000,
    });
    expect(verdict.explanation).toMatch(/within 10000000 bytes of memory/);
  });

  test('is not needed for a history that is plainly right, however long', () => {
    const run = { seed: 5, clients: 5, operations: 20_000 };
    const events = concurrentRun(LIVE_OBJECTS['cas-register']!(), run);
    const verdict = checkLinearizability(operationsOf(events), casRegister, {
      initial: 0,
      stepsMax: 1_000_000,
    });
    expect(verdict.outcome).toBe('ok');
  });
});

describe('parts', () => {
  test('take turns: a hard key does not hide that another is plainly wrong', () => {
    const wrong: HistoryEvent[] = [
      ['p', 'invoke', 'put', ['easy', 1]],
      ['p', 'ok', 'put', ['easy', 1]],
      ['p', 'invoke', 'put', ['easy', 2]],
      ['p', 'ok', 'put', ['easy', 2]],
      ['p', 'invoke', 'get', ['easy', null]],
      ['p', 'ok', 'get', ['easy', 1]],
    ];
    const operations = operationsOf([...hard(60, 'hard'), ...wrong]);
    const verdict = checkLinearizability(operations, kv, { stepsMax: 1_000_000 });
    expect(verdict).toMatchObject({ outcome: 'illegal', orders: [{ objects: ['easy'] }] });
    expect(verdict.explanation).toMatch(/state 2 of easy/);
  });

  test('are many and small without harm', () => {
    const events = Array.from({ length: 5_000 }, (_, at): HistoryEvent[] => [
      [0, 'invoke', 'put', [`k${at}`, at]],
      [0, 'ok', 'put', [`k${at}`, at]],
    ]).flat();
    const verdict = checkLinearizability(operationsOf(events), kv);
    expect(verdict.outcome).toBe('ok');
    expect(verdict.orders).toHaveLength(5_000);
  });
});

test('the same history gives the same verdict, explanation and order, however it is sliced', () => {
  const broken = LIVE_OBJECTS['kv']!();
  const events = concurrentRun(broken, { seed: 3, clients: 6, operations: 300, lost: 0.05 });
  const at = events.findLastIndex(([, type, f]) => type === 'ok' && f === 'get');
  const [process, , , value] = events[at]!;
  events[at] = [process, 'ok', 'get', [(value as [string, string])[0], 'not this']];
  const operations = operationsOf(events);
  const verdicts = [0, 1].map(() => checkLinearizability(operations, kv, { initial: '' }));
  const check = new LinearizabilityCheck(operations, kv, '');
  let verdict = check.advance();
  while (verdict === undefined) verdict = check.advance();
  expect(verdict.outcome).toBe('illegal');
  expect(verdicts).toEqual([verdict, verdict]);
});

test('a value that comes out of a queue twice breaks it at the second time, and not before', () => {
  const operations = operationsOf([
    [1, 'invoke', 'dequeue', null],
    [0, 'invoke', 'enqueue', 0],
    [3, 'invoke', 'enqueue', 1],
    [0, 'ok', 'enqueue', 0],
    [1, 'ok', 'dequeue', 0],
    [3, 'ok', 'enqueue', 1],
    [2, 'invoke', 'dequeue', null],
    [2, 'ok', 'dequeue', 1],
    [2, 'invoke', 'dequeue', null],
    [1, 'invoke', 'dequeue', null],
    [2, 'ok', 'dequeue', null],
    [1, 'ok', 'dequeue', 0],
  ]);
  expect(checkLinearizability(operations, queue).culprit).toMatchObject({ index: 5, output: 0 });
});

test('a dequeue without an answer may have taken what nobody returned', () => {
  const verdict = checkLinearizability(
    operationsOf([
      [1, 'invoke', 'dequeue', null],
      [1, 'info', 'dequeue', null],
      [0, 'invoke', 'enqueue', 0],
      [2, 'invoke', 'enqueue', 1],
      [0, 'ok', 'enqueue', 0],
      [0, 'invoke', 'enqueue', 2],
      [0, 'ok', 'enqueue', 2],
      [2, 'ok', 'enqueue', 1],
      [0, 'invoke', 'dequeue', null],
      [0, 'ok', 'dequeue', 2],
      [3, 'invoke', 'dequeue', null],
      [3, 'ok', 'dequeue', 1],
    ]),
    queue,
  );
  expect(verdict.outcome).toBe('ok');
});

test('an empty history is linearizable', () => {
  expect(checkLinearizability([], register)).toMatchObject({ outcome: 'ok', steps: 0 });
});

describe('the explanation', () => {
  const events: HistoryEvent[] = [
    [0, 'invoke', 'write', 1],
    [0, 'ok', 'write', 1],
    [1, 'invoke', 'write', 2],
    [3, 'invoke', 'cas', [1, 4]],
    [2, 'invoke', 'read', null],
    [2, 'ok', 'read', 3],
    [3, 'fail', 'cas', [1, 4]],
  ];
  const operations = operationsOf(events);
  const verdict = checkLinearizability(operations, casRegister);

  test('names the operation, its events and the states before it', () => {
    expect(verdict).toMatchObject({ culprit: { process: 2, f: 'read' }, states: ['1'] });
    expect(verdict.explanation).toBe(
      '“read → 3” of process 2’s read (events 4 to 5) can take effect at no moment: an order of the 1 operation before it leads to the state 1',
    );
  });

  test('comes with a drawing of what ran at the same time', () => {
    expect(drawVerdict(verdict, operations, casRegister)).toBe(
      [
        '0  ├ write 1 ┤                 #1',
        '1             ├ write 2 ╌╌╌╌╌  no answer',
        '3              ├ cas 1 to 4 ┤  failed',
        '2               ├ read → 3 ┤   ✗ at no moment',
      ].join('\n'),
    );
  });
});
