/** Each anomaly that a workload's judge knows: a small history that has it, and one beside it that has not. */

import { describe, expect, test } from 'vitest';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import type { Verdict } from '../../../src/check/verdict.ts';
import { checkCounter } from '../../../src/check/workloads/counter.ts';
import { checkSetFull } from '../../../src/check/workloads/set-full.ts';
import { WORKLOADS } from '../../../src/check/workloads/workloads.ts';
import { Random } from '../../../src/core/random.ts';
import type { Value } from '../../../src/core/value.ts';
import { fc } from '../../support/property.ts';

/** One operation after the other: name, input, output, and perhaps the process. */
type Step = readonly [
  f: string,
  input: Value,
  output: Value | typeof FAILED | typeof LOST,
  process?: number,
];

const FAILED = Symbol('failed');
const LOST = Symbol('lost');

function events(...steps: readonly Step[]): HistoryEvent[] {
  return steps.flatMap(([f, input, output, process = 0], at): HistoryEvent[] => {
    const call: HistoryEvent = [process, 'invoke', f, input, at * 10];
    if (output === LOST) return [call, [process, 'info', f, null, at * 10 + 5]];
    if (output === FAILED) return [call, [process, 'fail', f, input, at * 10 + 5]];
    return [call, [process, 'ok', f, output, at * 10 + 5]];
  });
}

function judge(workload: string, steps: readonly Step[], initial: Value = null): Verdict {
  return WORKLOADS.get(workload)!(operationsOf(events(...steps)), { initial });
}

const add = (element: Value, outcome: Value | symbol = null): Step =>
  ['add', element, outcome] as Step;
const read = (...elements: Value[]): Step => ['read', null, elements];

describe('set-full', () => {
  test.each<[string, Step[], Verdict['valid'], Record<string, number>]>([
    ['nothing wrong', [add(1), read(1), add(2), read(1, 2)], true, {}],
    ['a lost element', [add(1), add(2), read(1, 2), read(2)], false, { lost: 1 }],
    ['an acknowledged element that was never there', [add(1), add(2), read(2)], false, { lost: 1 }],
    ['an element that came late', [add(1), add(2), read(1), read(1, 2)], true, { stale: 1 }],
    ['an element that nobody looked for', [add(1), read(1), add(2)], true, { 'never-read': 1 }],
    ['a duplicate', [add(1), read(1, 1)], false, { duplicate: 1 }],
    ['a phantom', [add(1), read(1, 9)], false, { phantom: 1 }],
    ['an add that failed', [add(1), add(2, FAILED), read(1)], true, {}],
    [
      'an add that failed, and is there',
      [add(1), add(2, FAILED), read(1, 2)],
      false,
      { 'failed-add': 1 },
    ],
    ['an add without an answer, absent', [add(1), add(2, LOST), read(1)], true, {}],
    ['an add without an answer, present', [add(1), add(2, LOST), read(1, 2)], true, {}],
    [
      'an add without an answer, seen and gone',
      [add(1), add(2, LOST), read(1, 2), read(1)],
      false,
      { lost: 1 },
    ],
    ['nothing that was seen to stay', [add(1)], 'unknown', { 'never-read': 1 }],
    ['no history', [], 'unknown', {}],
  ])('%s', (_what, steps, valid, counts) => {
    for (const workload of ['set-full', 'g-set']) {
      const verdict = judge(workload, steps);
      expect(verdict).toMatchObject({ valid });
      expect(verdict.counts).toEqual(counts);
    }
  });

  test('a read that runs at the same time as the add may miss it', () => {
    const operations = operationsOf([
      [0, 'invoke', 'add', 1],
      [1, 'invoke', 'read', null],
      [0, 'ok', 'add', 1],
      [1, 'ok', 'read', []],
    ]);
    expect(checkSetFull(operations)).toMatchObject({
      valid: 'unknown',
      counts: { 'never-read': 1 },
    });
  });

  test('a stale read is an anomaly where the set is to be linearizable', () => {
    const operations = operationsOf(events(add(1), read(), read(1)));
    expect(checkSetFull(operations).valid).toBe(true);
    expect(checkSetFull(operations, { isLinearizable: true }).valid).toBe(false);
  });

  test('reports how long elements took to be stable', () => {
    const { facts } = judge('broadcast', [
      ['broadcast', 1, null],
      ['broadcast', 2, null],
      ['read', null, [1]],
      ['read', null, [1, 2]],
    ]);
    // 2 was known at 15 ms, the last read without it was called at 20.
    expect(facts).toMatchObject({ stable: 2, stable_latency_ms: { '0': 0, '1': 5 } });
  });

  test('says which element, and what lost it', () => {
    const { explanation, anomalies } = judge('set-full', [add('x'), read('x'), read()]);
    expect(explanation).toMatch(/^1 lost; the first: "x" was known at event 1; process 0’s read/);
    expect(anomalies).toMatchObject([{ kind: 'lost', operations: [0, 2] }]);
  });
});

describe('counters', () => {
  const plus = (delta: number, outcome: Value | symbol = null): Step =>
    ['add', delta, outcome] as Step;
  const sum = (value: Value, process = 0): Step => ['read', null, value, process];

  test.each<[string, string, Step[], Verdict['valid']]>([
    ['a final read that is the sum', 'g-counter', [plus(2), plus(3), sum(5)], true],
    ['a final read that is not', 'g-counter', [plus(2), plus(3), sum(4)], false],
    ['an early read that lags', 'g-counter', [plus(2), sum(0), plus(3), sum(5)], true],
    ['a process that lags, then does not', 'pn-counter', [plus(2), sum(0), sum(2)], true],
    ['a process that lags to the end', 'pn-counter', [plus(2), sum(2), sum(0, 1)], false],
    ['adds without an answer that happened', 'pn-counter', [plus(2), plus(5, LOST), sum(7)], true],
    ['adds without an answer that did not', 'pn-counter', [plus(2), plus(5, LOST), sum(2)], true],
    ['half an add', 'pn-counter', [plus(2), plus(5, LOST), sum(4)], false],
    ['adds that failed', 'pn-counter', [plus(2), plus(5, FAILED), sum(7)], false],
    ['negative adds', 'pn-counter', [plus(2), plus(-5), sum(-3)], true],
    ['no final read', 'pn-counter', [sum(0), plus(2)], 'unknown'],
    ['every read in its bounds', 'counter', [plus(2), sum(2), plus(3), sum(5)], true],
    ['an early read that lags', 'counter', [plus(2), sum(0), plus(3), sum(5)], false],
    ['a read beyond what was called', 'counter', [plus(2), sum(3), plus(3)], false],
    ['a read that saw half', 'counter', [plus(2), plus(-1), sum(0)], false],
    ['a loss that may have happened', 'counter', [plus(-2, LOST), sum(-2), sum(0)], true],
    ['an add that may have happened', 'counter', [plus(2, LOST), sum(2), sum(0)], true],
    ['no read', 'counter', [plus(2)], 'unknown'],
  ])('%s (%s)', (_what, workload, steps, valid) => {
    expect(judge(workload, steps, 0).valid).toBe(valid);
  });

  test('begin where the history says', () => {
    expect(judge('counter', [sum(7)], 7).valid).toBe(true);
    expect(() => judge('counter', [sum(7)], 'x')).toThrow(/a counter begins with a number/);
  });

  test('a read during an add may have seen it or not, and nothing in between two bounds is refused', () => {
    const operations = (value: number) =>
      operationsOf([
        [0, 'invoke', 'add', 4],
        [1, 'invoke', 'read', null],
        [1, 'ok', 'read', value],
        [0, 'ok', 'add', 4],
      ]);
    const valid = (value: number) => checkCounter(operations(value), { reads: 'every' }).valid;
    expect([-1, 0, 4, 5].map(valid)).toEqual([false, true, true, false]);
  });

  test('know every sum of adds without an answer', () => {
    const deltas = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 7 });
    fc.assert(
      fc.property(deltas, fc.integer({ min: -45, max: 45 }), (unsure, value) => {
        const steps = [...unsure.map((delta) => plus(delta, LOST)), sum(value)];
        const sums = unsure.reduce((all, delta) => [...all, ...all.map((one) => one + delta)], [0]);
        expect(judge('pn-counter', steps).valid).toBe(sums.includes(value));
      }),
    );
  });

  test('say unknown where there are too many sums to know', () => {
    const steps = Array.from({ length: 40 }, (_, at) => plus(3 ** at / 1000, LOST));
    expect(judge('pn-counter', [...steps, sum(0.5)]).valid).toBe('unknown');
    expect(judge('pn-counter', [...steps, sum(-1)]).valid).toBe(false);
    expect(judge('pn-counter', [...steps, sum(0)]).valid).toBe(true);
  });
});

describe('bank', () => {
  const balances = (given: Value): Step => ['read', null, given];
  test.each<[string, Step[], Verdict['valid'], string[]]>([
    ['the total', [balances({ a: 7, b: 3 })], true, []],
    ['another total', [balances({ a: 7, b: 4 })], false, ['wrong-total']],
    ['a debt', [balances({ a: 11, b: -1 })], false, ['negative-balance']],
    ['an account too many', [balances({ a: 5, b: 5, c: 0 })], false, ['unexpected-account']],
    ['an account too few', [balances({ a: 10 })], false, ['missing-account']],
    ['no number', [balances({ a: 10, b: null })], false, ['no-balance']],
    ['no read', [['transfer', { from: 'a', to: 'b', amount: 1 }, null]], 'unknown', []],
  ])('%s', (_what, steps, valid, kinds) => {
    const verdict = judge('bank', steps, { a: 5, b: 5 });
    expect(verdict.valid).toBe(valid);
    expect(Object.keys(verdict.counts)).toEqual(kinds);
  });

  test('takes the first read for the total when none is given', () => {
    expect(judge('bank', [balances({ a: 1, b: 2 }), balances({ a: 3, b: 0 })]).valid).toBe(true);
    expect(judge('bank', [balances({ a: 1, b: 2 }), balances({ a: 3, b: 1 })]).valid).toBe(false);
  });
});

describe('unique-ids', () => {
  const id = (value: Value | symbol): Step => ['generate', null, value] as Step;
  test('any values may be ids, as long as they differ', () => {
    expect(judge('unique-ids', [id(1), id('1'), id([1]), id({ a: 1 })]).valid).toBe(true);
  });

  test('an id that was given twice is an anomaly; failures and lost answers are none', () => {
    const verdict = judge('unique-ids', [id(1), id(LOST), id(FAILED), id({ a: 1 }), id({ a: 1 })]);
    expect(verdict).toMatchObject({ valid: false, counts: { duplicate: 1 } });
    expect(verdict.anomalies[0]).toMatchObject({ operations: [3, 4] });
  });

  test('nothing is known without an answer', () => {
    expect(judge('unique-ids', [id(LOST)]).valid).toBe('unknown');
  });
});

test('echo is what was sent', () => {
  expect(judge('echo', [['echo', { a: 1 }, { a: 1 }]]).valid).toBe(true);
  expect(judge('echo', [['echo', 'a', 'b']])).toMatchObject({ valid: false });
});

describe('kafka', () => {
  const send = (key: Value, message: Value, offset: number | symbol, process = 0): Step => [
    'send',
    [['send', key, message]],
    typeof offset === 'number' ? [['send', key, [offset, message]]] : (offset as typeof LOST),
    process,
  ];
  const poll = (key: string, pairs: [number, Value][], process = 1): Step => [
    'poll',
    [['poll']],
    [['poll', { [key]: pairs }]],
    process,
  ];
  const three = [send('k', 'a', 0), send('k', 'b', 1), send('k', 'c', 5)];
  const all: [number, Value][] = [
    [0, 'a'],
    [1, 'b'],
    [5, 'c'],
  ];

  test.each<[string, Step[], Verdict['valid'], string[]]>([
    ['everything in order, with a gap', [...three, poll('k', all)], true, []],
    ['in two polls', [...three, poll('k', all.slice(0, 1)), poll('k', all.slice(1))], true, []],
    ['keys that are numbers', [send(3, 'a', 0), poll('3', [[0, 'a']])], true, []],
    ['a message not polled yet', [...three, poll('k', all.slice(0, 2))], true, []],
    [
      'a lost message',
      [...three, poll('k', [[0, 'a']]), poll('k', [[5, 'c']], 2)],
      false,
      ['lost-write'],
    ],
    [
      'an unacknowledged message that is not there',
      [...three, send('k', 'd', LOST), poll('k', all)],
      true,
      [],
    ],
    [
      'a message that failed, and is there',
      [...three, send('k', 'd', FAILED), poll('k', [...all, [6, 'd']])],
      false,
      ['aborted-read'],
    ],
    ['a phantom', [...three, poll('k', [...all, [6, 'x']])], false, ['phantom']],
    [
      'a message at two offsets',
      [...three, poll('k', [...all, [7, 'c']])],
      false,
      ['duplicate', 'internal-nonmonotonic-poll'],
    ],
    [
      'two messages at one offset',
      [...three, poll('k', all), send('k', 'd', 5, 2), poll('k', [[5, 'd']], 3)],
      false,
      ['inconsistent-offset'],
    ],
    [
      'a poll that goes back',
      [...three, poll('k', all), poll('k', [[1, 'b']])],
      false,
      ['nonmonotonic-poll'],
    ],
    [
      'a poll that goes back after an assignment',
      [...three, poll('k', all), ['assign', ['k'], ['k'], 1], poll('k', [[1, 'b']])],
      true,
      [],
    ],
    [
      'a poll that skips',
      [...three, poll('k', all, 2), poll('k', [[0, 'a']]), poll('k', [[5, 'c']])],
      false,
      ['skipped-poll'],
    ],
    [
      'a poll that skips within',
      [
        ...three,
        poll('k', all, 2),
        poll('k', [
          [0, 'a'],
          [5, 'c'],
        ]),
      ],
      false,
      ['internal-skipped-poll'],
    ],
    [
      'a poll after one without an answer',
      [
        ...three,
        poll('k', all, 2),
        poll('k', [[0, 'a']]),
        ['poll', [['poll']], LOST, 1],
        poll('k', [[5, 'c']]),
      ],
      true,
      [],
    ],
    [
      'a send with a lower offset than the last',
      [
        send('k', 'a', 4),
        send('k', 'b', 3),
        poll('k', [
          [3, 'b'],
          [4, 'a'],
        ]),
      ],
      false,
      ['nonmonotonic-send'],
    ],
    [
      'sends of others with lower offsets',
      [
        send('k', 'a', 4),
        send('k', 'b', 3, 2),
        poll('k', [
          [3, 'b'],
          [4, 'a'],
        ]),
      ],
      true,
      [],
    ],
    ['nothing polled', three, 'unknown', []],
  ])('%s', (_what, steps, valid, kinds) => {
    const verdict = judge('kafka', steps);
    expect(Object.keys(verdict.counts)).toEqual(kinds);
    expect(verdict.valid).toBe(valid);
  });

  test('a log that really is one has no anomalies, whoever reads where', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = Random.stream(seed, 'log');
        const log: string[] = [];
        const places = new Map<number, number>();
        const steps = Array.from({ length: 60 }, (_, at): Step => {
          if (random.chance(0.5))
            return send('k', `m${at}`, log.push(`m${at}`) - 1, random.integer(0, 2));
          const process = random.integer(3, 5);
          if (random.chance(0.1)) {
            places.set(process, random.integer(0, log.length));
            return ['assign', ['k'], ['k'], process];
          }
          const from = places.get(process) ?? 0;
          const to = Math.min(log.length, from + random.integer(0, 4));
          places.set(process, to);
          const pairs = log.slice(from, to).map((text, i): [number, Value] => [from + i, text]);
          return poll('k', pairs, process);
        });
        steps.push(
          poll(
            'k',
            log.map((text, at) => [at, text]),
            9,
          ),
        );
        expect(judge('kafka', steps).counts).toEqual({});
      }),
    );
  });
});

describe('what is not of the workload', () => {
  test.each<[string, Step[], RegExp]>([
    ['set-full', [['push', 1, 1]], /event 0: this workload has no operation push/],
    ['set-full', [['read', null, 7]], /event 1: a read returns a list/],
    ['counter', [['add', 'x', null]], /add takes a number/],
    ['counter', [['read', null, 'x']], /event 1: a read of a counter returns a number/],
    ['bank', [['read', null, [1]]], /a read maps accounts to balances/],
    ['kafka', [['send', 'x', 'x']], /a list of sends and polls/],
    ['kafka', [['poll', [['poll']], [['poll', { k: [['a', 1]] }]]]], /\[offset, message\]/],
    ['txn-list-append', [['read', null, 1]], /only txn/],
    [
      'txn-list-append',
      [['txn', [['w', 'x', 1]], LOST]],
      /\[r or read or append or a, key, value\]/,
    ],
  ])('%s: %j', (workload, steps, problem) => {
    expect(() => judge(workload, steps)).toThrow(problem);
  });
});
