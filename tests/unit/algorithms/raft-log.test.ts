/** The log against a plain list, its forks, and the disk that it is read back from. */

import { describe, expect, test } from 'vitest';
import { keyOf, readDisk } from '../../../src/algorithms/raft/durable.ts';
import { Log } from '../../../src/algorithms/raft/log.ts';
import { fc } from '../../support/property.ts';

type Action =
  | { readonly do: 'append'; readonly count: number; readonly newTerm: boolean }
  | { readonly do: 'truncate' | 'compact'; readonly share: number }
  | { readonly do: 'fork' };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('append' as const),
    count: fc.integer({ min: 1, max: 150 }),
    newTerm: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('truncate' as const, 'compact' as const), share }),
  fc.record({ do: fc.constant('fork' as const) }),
);

/** A log, and the terms that it should have from index 1 on. */
interface Pair {
  readonly log: Log;
  terms: number[];
  base: number;
}

function obey(pair: Pair, step: Action): void {
  const { log } = pair;
  const inside = (part: number) => pair.base + Math.floor(part * (pair.terms.length - pair.base));
  if (step.do === 'append') {
    const term = Math.max(1, pair.terms.at(-1) ?? 1) + (step.newTerm ? 1 : 0);
    for (let i = 0; i < step.count; i++) {
      log.append({ term, kind: 'command', data: pair.terms.length });
      pair.terms.push(term);
    }
  } else if (step.do === 'truncate') {
    const from = inside(step.share) + 1;
    log.truncate(from);
    pair.terms = pair.terms.slice(0, from - 1);
  } else if (step.do === 'compact') {
    pair.base = inside(step.share);
    log.compact(pair.base);
  }
}

function expectSame({ log, terms, base }: Pair): void {
  expect([log.base.index, log.lastIndex, log.length]).toEqual([
    base,
    terms.length,
    terms.length - base,
  ]);
  expect(log.map(({ term }) => term)).toEqual(terms.slice(base));
  expect(log.map(({ index }) => index)).toEqual(terms.slice(base).map((_, i) => base + i + 1));
  expect(log.bytes).toBe(log.map(({ size }) => size).reduce((sum, size) => sum + size, 0));
  expect(log.at(terms.length + 1)).toBeUndefined();
  expect(log.at(base)).toBeUndefined();
}

describe('the log', () => {
  test('is a list, whatever is done to it, and so is each of its forks', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (steps) => {
        const pair: Pair = { log: new Log(), terms: [], base: 0 };
        const forks: Pair[] = [];
        for (const step of steps) {
          if (step.do === 'fork') {
            forks.push({ log: pair.log.fork(), terms: [...pair.terms], base: pair.base });
          } else {
            obey(pair, step);
          }
        }
        for (const each of [pair, ...forks]) expectSame(each);
      }),
    );
  });

  test('ends with the same digest exactly when it has the same entries', () => {
    const contents = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 1 })),
      { maxLength: 6 },
    );
    const made = (entries: readonly (readonly [number, number])[]) => {
      const log = new Log();
      for (const [term, data] of entries) log.append({ term, kind: 'command', data });
      return log;
    };
    fc.assert(
      fc.property(contents, contents, (one, other) => {
        expect(made(one).chain === made(other).chain).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
      }),
    );
  });

  test('finds the last index of a term by halving', () => {
    const terms = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(terms, fc.nat(45), fc.integer({ min: 0, max: 7 }), (drawn, index, term) => {
        const log = new Log();
        const sorted = drawn.toSorted((a, b) => a - b);
        for (const each of sorted) log.append({ term: each, kind: 'noop', data: null });
        const expected = sorted.slice(0, index).findLastIndex((each) => each <= term) + 1;
        expect(log.lastIndexOfTerm(index, term)).toBe(expected);
      }),
    );
  });

  test('of ten thousand entries is forked by its chunks', () => {
    const log = new Log();
    for (let i = 0; i < 10_000; i++) log.append({ term: 1, kind: 'command', data: i });
    const copy = log.fork();
    expect(copy.at(5000)).toBe(log.at(5000));
    copy.truncate(9000);
    copy.append({ term: 2, kind: 'command', data: 'other' });
    expect([log.lastIndex, log.termAt(9000)]).toEqual([10_000, 1]);
    expect([copy.lastIndex, copy.termAt(9000)]).toEqual([9000, 2]);
  });
});

describe('what is read from a disk', () => {
  const record = (term: number, previous: number) => ({ term, kind: 'noop', data: null, previous });

  test('ends where a record does not follow the one before', () => {
    const stored = new Map<string, any>([
      [keyOf(1), record(1, 0)],
      [keyOf(2), record(1, 1)],
      // Left of an earlier log: the second was replaced, and this one followed another.
      [keyOf(3), record(2, 2)],
      [keyOf(4), record(2, 2)],
    ]);
    const { entries, stale } = readDisk(stored);
    expect(entries.map(({ term }) => term)).toEqual([1, 1]);
    expect(stale).toEqual([keyOf(3), keyOf(4)]);
  });

  test('ends at a gap', () => {
    const stored = new Map<string, any>([
      [keyOf(1), record(1, 0)],
      [keyOf(3), record(1, 1)],
    ]);
    expect(readDisk(stored)).toMatchObject({ entries: [{ term: 1 }], stale: [keyOf(3)] });
  });

  test('has at least the term of its last entry, and then no vote', () => {
    const stored = new Map<string, any>([
      [keyOf(1), record(3, 0)],
      ['hard', { term: 2, vote: 'n2' }],
    ]);
    expect(readDisk(stored)).toMatchObject({ term: 3, vote: null });
  });
});
