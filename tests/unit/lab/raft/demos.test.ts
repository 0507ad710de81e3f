/** The demos as plain functions: what they promise holds for any commands in any order. */

import { describe, expect, test } from 'vitest';
import { equalValues } from '../../../../src/core/canonical.ts';
import { toValue, type Value } from '../../../../src/core/value.ts';
import { auction, SOFT_CLOSE_MS, type Lot } from '../../../../src/lab/raft/demos/auction.ts';
import { bank, STATEMENT_LINES_MAX, type Account } from '../../../../src/lab/raft/demos/bank.ts';
import { counters } from '../../../../src/lab/raft/demos/counters.ts';
import { demos } from '../../../../src/lab/raft/demos/demos.ts';
import { keyValue } from '../../../../src/lab/raft/demos/key-value.ts';
import { isRefusal } from '../../../../src/lab/raft/demos/refusal.ts';
import {
  DefinedMachine,
  type StateMachineDefinition,
} from '../../../../src/lab/raft/defined-machine.ts';
import { fc } from '../../../support/property.ts';
import { values } from '../../../support/values.ts';

/** A machine by itself, as the log would use it. */
function alone<S, C, R, Q, A>(definition: StateMachineDefinition<S, C, R, Q, A>) {
  const machine = new DefinedMachine(definition);
  let index = 0;
  return {
    machine,
    do: (command: C) =>
      machine.apply(toValue(command), { index: ++index, term: 1 }) as unknown as R,
    ask: (query: Q) => machine.query(toValue(query)) as unknown as A,
  };
}

describe.each(Object.entries(demos))('%s', (_name, definition) => {
  test('refuses whatever is no command, and leaves the state alone', () => {
    fc.assert(
      fc.property(values, (command) => {
        const { machine } = alone(definition);
        const before = machine.snapshot();
        const result: Value = machine.apply(command, { index: 1, term: 1 });
        expect(isRefusal(result)).toBe(true);
        expect(equalValues(machine.snapshot(), before)).toBe(true);
      }),
    );
  });

  test('is the same after a snapshot', () => {
    const { machine } = alone(definition);
    const copy = machine.fork();
    expect(equalValues(copy.canonical(), machine.canonical())).toBe(true);
  });
});

test('counters count', () => {
  const { do: act, ask } = alone(counters);
  expect(act({ do: 'add', name: 'a' })).toBe(1);
  expect(act({ do: 'add', name: 'a', by: -5 })).toBe(-4);
  expect(act({ do: 'add', name: '__proto__' })).toEqual({
    refused: 'name: this name cannot be used',
  });
  expect(act({ do: 'add', name: 'b', by: Number.MAX_SAFE_INTEGER })).toBe(Number.MAX_SAFE_INTEGER);
  expect(act({ do: 'add', name: 'b' })).toEqual({ refused: 'no counter counts so far' });
  expect(act({ do: 'reset', name: 'a' })).toBe(0);
  expect(ask('b')).toBe(Number.MAX_SAFE_INTEGER);
  expect(ask('constructor')).toBe(0);
});

test('a key changes on the condition that nobody else has changed it', () => {
  const { do: act, ask } = alone(keyValue);
  expect(act({ do: 'put', key: 'a', value: [1] })).toEqual({ value: [1], version: 1 });
  expect(act({ do: 'put', key: 'a', value: 2, version: 1 })).toEqual({ value: 2, version: 2 });
  expect(act({ do: 'put', key: 'a', value: 3, version: 1 })).toEqual({
    refused: "'a' has version 2, not 1",
  });
  expect(isRefusal(act({ do: 'put', key: 'b', value: 0, version: 1 }))).toBe(true);
  expect(act({ do: 'put', key: 'ab', value: null, version: 0 })).toEqual({
    value: null,
    version: 1,
  });
  expect(ask({ prefix: 'a' })).toEqual({
    a: { value: 2, version: 2 },
    ab: { value: null, version: 1 },
  });
  expect(act({ do: 'delete', key: 'a', version: 2 })).toBeNull();
  expect(ask({ key: 'a' })).toBeNull();
});

describe('a bank', () => {
  test('books all of a transfer or nothing, and never goes below zero', () => {
    const { do: act, ask } = alone(bank);
    for (const account of ['ann', 'bob']) act({ do: 'open', account, owner: account });
    act({ do: 'tick', at: 5000 });
    act({ do: 'deposit', account: 'ann', cents: 1000 });
    act({ do: 'tick', at: 4000 });
    expect(act({ do: 'transfer', from: 'ann', to: 'bob', cents: 300 })).toEqual({
      ann: 700,
      bob: 300,
    });
    expect(act({ do: 'transfer', from: 'bob', to: 'ann', cents: 301 })).toEqual({
      refused: 'bob has only 300 cents',
    });
    for (const wrong of [
      { do: 'transfer', from: 'ann', to: 'eve', cents: 1 },
      { do: 'transfer', from: 'ann', to: 'ann', cents: 1 },
      { do: 'withdraw', account: 'bob', cents: 0.5 },
      { do: 'deposit', account: 'bob', cents: -1 },
      { do: 'open', account: 'ann', owner: 'eve' },
    ] as const) {
      expect(isRefusal(act(wrong)), JSON.stringify(wrong)).toBe(true);
    }
    expect(ask({ of: 'statement', account: 'bob' })).toEqual({
      owner: 'bob',
      balance: 300,
      carried: 0,
      lines: [
        { at: 0, what: 'open', cents: 0, balance: 0 },
        { at: 5000, what: 'from', other: 'ann', cents: 300, balance: 300 },
      ],
    });
    expect(ask({ of: 'time' })).toBe(5000);
  });

  test('explains every balance by its statement, and makes no money', () => {
    const account = fc.constantFrom('a', 'b', 'c');
    const cents = fc.integer({ min: 1, max: 500 });
    const command = fc.oneof(
      fc.record({ do: fc.constantFrom('deposit' as const, 'withdraw' as const), account, cents }),
      fc.record({ do: fc.constant('transfer' as const), from: account, to: account, cents }),
      fc.record({ do: fc.constant('tick' as const), at: fc.nat(10_000) }),
    );
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 400 }), (commands) => {
        const { do: act, ask } = alone(bank);
        for (const one of ['a', 'b', 'c']) act({ do: 'open', account: one, owner: one });
        let outside = 0;
        for (const each of commands) {
          if (isRefusal(act(each))) continue;
          if (each.do === 'deposit') outside += each.cents;
          if (each.do === 'withdraw') outside -= each.cents;
        }
        expect(ask({ of: 'total' })).toBe(outside);
        for (const one of ['a', 'b', 'c']) {
          const { balance, carried, lines } = ask({ of: 'statement', account: one }) as Account;
          expect(lines.length).toBeLessThanOrEqual(STATEMENT_LINES_MAX);
          expect(lines.reduce((sum, line) => sum + line.cents, carried)).toBe(balance);
          expect(Math.min(carried, ...lines.map((line) => line.balance))).toBeGreaterThanOrEqual(0);
          const times = lines.map(({ at }) => at);
          expect(times).toEqual(times.toSorted((x, y) => x - y));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('an auction', () => {
  const opened = () => {
    const one = alone(auction);
    one.do({ do: 'tick', at: 1000 });
    const lot = { lot: 'vase', title: 'A vase', seller: 'sue', reserve: 1000, closesAt: 100_000 };
    one.do({ do: 'offer', ...lot });
    return one;
  };
  const lotOf = ({ ask }: ReturnType<typeof opened>) => ask({ of: 'lot', lot: 'vase' }) as Lot;

  test('goes to whoever bids most, by a step at least', () => {
    const one = opened();
    one.do({ do: 'bid', lot: 'vase', bidder: 'bob', cents: 900 });
    expect(one.do({ do: 'bid', lot: 'vase', bidder: 'ann', cents: 950 })).toEqual({
      refused: '950 cents are too few: at least 1000',
    });
    expect(one.do({ do: 'bid', lot: 'vase', bidder: 'ann', cents: 1200 })).toMatchObject({
      bids: 2,
    });
    for (const bidder of ['ann', 'sue']) {
      expect(isRefusal(one.do({ do: 'bid', lot: 'vase', bidder, cents: 5000 }))).toBe(true);
    }
    expect(one.do({ do: 'tick', at: 99_999 })).toEqual({});
    expect(one.do({ do: 'tick', at: 100_000 })).toMatchObject({
      vase: { state: 'sold', best: { bidder: 'ann', cents: 1200, at: 1000 } },
    });
    expect(isRefusal(one.do({ do: 'bid', lot: 'vase', bidder: 'bob', cents: 9000 }))).toBe(true);
    expect(one.ask({ of: 'account', who: 'sue' })).toEqual({
      bought: [],
      sold: ['vase'],
      cents: 1200,
    });
    expect(one.ask({ of: 'account', who: 'ann' })).toEqual({
      bought: ['vase'],
      sold: [],
      cents: -1200,
    });
  });

  test('is not sold below its reserve', () => {
    const one = opened();
    one.do({ do: 'bid', lot: 'vase', bidder: 'bob', cents: 999 });
    one.do({ do: 'tick', at: 200_000 });
    expect(lotOf(one)).toMatchObject({ state: 'unsold', best: { bidder: 'bob' } });
  });

  test('is put off by a bid in the last moments, and by no other', () => {
    const one = opened();
    one.do({ do: 'tick', at: 100_000 - SOFT_CLOSE_MS });
    one.do({ do: 'bid', lot: 'vase', bidder: 'bob', cents: 1000 });
    expect(lotOf(one).closesAt).toBe(100_000);
    one.do({ do: 'tick', at: 99_000 });
    one.do({ do: 'bid', lot: 'vase', bidder: 'ann', cents: 2000 });
    expect(lotOf(one).closesAt).toBe(99_000 + SOFT_CLOSE_MS);
    one.do({ do: 'tick', at: 110_000 });
    expect(lotOf(one).state).toBe('open');
  });
});
