/** What each model allows, by hand: the histories of concurrent-runs.ts agree with the models, these say that both are right. */

import { describe, expect, test } from 'vitest';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import { checkLinearizability } from '../../../src/check/linearizability/linearizability.ts';
import type { Model } from '../../../src/check/models/model.ts';
import { MODELS } from '../../../src/check/models/models.ts';
import { sameValue, textOf } from '../../../src/check/text.ts';
import type { Value } from '../../../src/core/value.ts';

/** One operation after the other: name, input, output. */
type Sequence = readonly (readonly [f: string, input: Value, output: Value])[];

function oneAfterTheOther(sequence: Sequence): HistoryEvent[] {
  return sequence.flatMap(([f, input, output]): HistoryEvent[] => [
    [0, 'invoke', f, input],
    [0, 'ok', f, output],
  ]);
}

function verdictOn(name: string, sequence: Sequence, initial: Value = null) {
  const operations = operationsOf(oneAfterTheOther(sequence));
  return checkLinearizability(operations, MODELS.get(name)!, { initial });
}

const accounts = { a: 5, b: 0 };
const transfer = (amount: number): [string, Value, Value] => [
  'transfer',
  { from: 'a', to: 'b', amount },
  null,
];

test.each<[string, Sequence, Value]>([
  [
    'register',
    [
      ['read', null, null],
      ['write', 'x', 'x'],
      ['read', null, 'x'],
    ],
    null,
  ],
  ['register', [['read', null, { k: [1, 2] }]], { k: [1, 2] }],
  [
    'cas-register',
    [
      ['cas', [0, 3], [0, 3]],
      ['cas', [3, 3], null],
      ['read', null, 3],
    ],
    0,
  ],
  [
    'multi-register',
    [
      ['txn', [['write', 'x', 2]], [['write', 'x', 2]]],
      [
        'txn',
        [
          ['r', 'x', null],
          ['r', 'y', null],
        ],
        [
          ['r', 'x', 2],
          ['r', 'y', 1],
        ],
      ],
    ],
    { x: 0, y: 1 },
  ],
  [
    'multi-register',
    [
      [
        'txn',
        [
          ['w', 'x', 2],
          ['r', 'x', null],
        ],
        [
          ['w', 'x', 2],
          ['r', 'x', 2],
        ],
      ],
    ],
    null,
  ],
  [
    'kv',
    [
      ['append', ['k', 'a'], ['k', 'a']],
      ['append', ['k', 'b'], null],
      ['get', ['k', null], ['k', 'ab']],
    ],
    '',
  ],
  [
    'kv',
    [
      ['write', [1, 5], null],
      ['read', [1, null], [1, 5]],
      ['read', ['2', null], ['2', null]],
    ],
    null,
  ],
  [
    'kv',
    [
      ['cas', ['k', [null, 1]], null],
      ['delete', 'k', null],
      ['get', ['k', null], ['k', null]],
    ],
    null,
  ],
  [
    'queue',
    [
      ['enqueue', 1, 1],
      ['enqueue', 2, 2],
      ['dequeue', null, 1],
      ['dequeue', null, 2],
      ['dequeue', null, null],
    ],
    null,
  ],
  ['queue', [['dequeue', null, 7]], [7]],
  [
    'set',
    [
      ['add', 2, 2],
      ['add', 1, 1],
      ['read', null, [1, 2]],
      ['contains', 2, true],
      ['remove', 2, 2],
      ['read', null, [1]],
    ],
    null,
  ],
  [
    'mutex',
    [
      ['acquire', null, null],
      ['release', null, null],
      ['acquire', null, null],
    ],
    null,
  ],
  ['mutex', [['release', null, null]], 'locked'],
  [
    'counter',
    [
      ['add', 5, 5],
      ['decrement', null, null],
      ['increment', 2, null],
      ['read', null, 6],
    ],
    null,
  ],
  ['bank', [transfer(5), ['read', null, { b: 5, a: 0 }]], accounts],
])('%s allows %j', (name, sequence, initial) => {
  expect(verdictOn(name, sequence, initial).explanation).toMatch(/explains every answer/);
});

test.each<[string, Sequence, Value, number]>([
  [
    'register',
    [
      ['write', 1, 1],
      ['read', null, 2],
    ],
    null,
    1,
  ],
  [
    'register',
    [
      ['write', 1, 1],
      ['write', 2, 2],
      ['read', null, 1],
    ],
    null,
    2,
  ],
  [
    'cas-register',
    [
      ['cas', [0, 3], null],
      ['cas', [0, 4], null],
    ],
    0,
    1,
  ],
  [
    'multi-register',
    [
      [
        'txn',
        [
          ['write', 'x', 1],
          ['write', 'y', 1],
        ],
        [
          ['write', 'x', 1],
          ['write', 'y', 1],
        ],
      ],
      [
        'txn',
        [
          ['read', 'x', null],
          ['read', 'y', null],
        ],
        [
          ['read', 'x', 1],
          ['read', 'y', 0],
        ],
      ],
    ],
    { x: 0, y: 0 },
    1,
  ],
  [
    'kv',
    [
      ['append', ['k', 'a'], null],
      ['append', ['k', 'b'], null],
      ['get', ['k', null], ['k', 'ba']],
    ],
    '',
    2,
  ],
  [
    'kv',
    [
      ['append', ['k', 'a'], null],
      ['get', ['l', null], ['l', 'a']],
    ],
    '',
    1,
  ],
  [
    'queue',
    [
      ['enqueue', 1, 1],
      ['enqueue', 2, 2],
      ['dequeue', null, 2],
    ],
    null,
    2,
  ],
  [
    'queue',
    [
      ['enqueue', 1, 1],
      ['dequeue', null, null],
    ],
    null,
    1,
  ],
  [
    'queue',
    [
      ['enqueue', 1, 1],
      ['dequeue', null, 1],
      ['dequeue', null, 1],
    ],
    null,
    2,
  ],
  [
    'set',
    [
      ['add', 1, 1],
      ['read', null, []],
    ],
    null,
    1,
  ],
  ['set', [['read', null, [9]]], null, 0],
  [
    'set',
    [
      ['add', 1, 1],
      ['contains', 1, false],
    ],
    null,
    1,
  ],
  [
    'mutex',
    [
      ['acquire', null, null],
      ['acquire', null, null],
    ],
    null,
    1,
  ],
  [
    'counter',
    [
      ['add', 5, 5],
      ['read', null, 4],
    ],
    null,
    1,
  ],
  ['bank', [transfer(6)], accounts, 0],
  ['bank', [transfer(1), ['read', null, { a: 5, b: 0 }]], accounts, 1],
  ['bank', [['read', null, { a: 5, b: 1 }]], accounts, 0],
])('%s forbids %j', (name, sequence, initial, culprit) => {
  expect(verdictOn(name, sequence, initial)).toMatchObject({
    valid: false,
    culprit: { index: culprit },
  });
});

test('an answer null where nothing was ever null says nothing', () => {
  const sequence: Sequence = [
    ['write', 1, 1],
    ['read', null, null],
  ];
  expect(verdictOn('register', sequence, 0).valid).toBe(true);
  expect(verdictOn('register', sequence, null).valid).toBe(false);
});

describe('what a model cannot read', () => {
  test.each<[string, Sequence, Value, RegExp]>([
    [
      'register',
      [['push', 1, 1]],
      null,
      /event 0: the model register has no operation push \(it has read, write\)/,
    ],
    ['cas-register', [['cas', 3, 3]], null, /cas takes \[from, to\]; it is 3/],
    ['multi-register', [['txn', 'x', 'x']], null, /txn takes a list/],
    [
      'multi-register',
      [['txn', [], [['add', 'x', 1]]]],
      null,
      /event 1: a txn reads or writes; it has "add"/,
    ],
    ['multi-register', [], 5, /maps registers to values/],
    ['kv', [['get', 'k', 'v']], '', /get takes \[key, value\]/],
    ['kv', [['get', ['k', null], ['l', '']]], '', /event 1: get of k returns the value of "l"/],
    ['kv', [['append', ['k', 1], null]], '', /append takes \[key, text\]/],
    ['kv', [['get', [true, null], [true, '']]], '', /a key of get is a text or a number/],
    ['queue', [['enqueue', null, null]], null, /null cannot be enqueued/],
    ['queue', [], 'x', /a queue is a list/],
    ['set', [['read', null, 3]], null, /event 1: a read of a set returns a list/],
    ['mutex', [], 7, /begins "locked" or "unlocked"/],
    ['counter', [['add', 'x', null]], null, /add takes a number; it is "x"/],
    ['bank', [], null, /maps accounts to numbers/],
    ['bank', [['transfer', { from: 'a', to: 'b', amount: -1 }, null]], accounts, /0 or more/],
  ])('%s: %j', (name, sequence, initial, problem) => {
    expect(() => verdictOn(name, sequence, initial)).toThrow(problem);
  });

  test('is refused in operations that failed too', () => {
    const events: HistoryEvent[] = [
      [0, 'invoke', 'cas', 3],
      [0, 'fail', 'cas', 3],
    ];
    const check = () => checkLinearizability(operationsOf(events), MODELS.get('cas-register')!);
    expect(check).toThrow(/cas takes/);
  });
});

test('a model of one’s own is one object', () => {
  const clearable: Model<Value, { do: 'read' | 'write'; value: Value }> = {
    name: 'clearable',
    operations: ['read', 'write', 'clear'],
    initial: (given) => given,
    action({ f, input, output }) {
      if (f === 'read') return output === undefined ? undefined : { do: 'read', value: output };
      return { do: 'write', value: f === 'clear' ? null : input };
    },
    step: (state, { do: what, value }) =>
      what === 'write' ? value : sameValue(state, value) ? state : undefined,
    describe: ({ do: what, value }) => `${what} ${textOf(value)}`,
  };
  const check = (last: Value) =>
    checkLinearizability(
      operationsOf(
        oneAfterTheOther([
          ['write', 4, 4],
          ['clear', null, null],
          ['read', null, last],
        ]),
      ),
      clearable,
    );
  expect(check(null).outcome).toBe('ok');
  expect(check(4)).toMatchObject({ outcome: 'illegal', states: ['null'] });
});
