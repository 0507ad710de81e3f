/** Each anomaly of transactions: a smallest history that has it, and one beside it that has not. */

import { describe, expect, test } from 'vitest';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import type { ConsistencyLevel } from '../../../src/check/transactions/consistency.ts';
import { checkListAppend } from '../../../src/check/transactions/list-append.ts';
import { checkRwRegister } from '../../../src/check/transactions/rw-register.ts';
import { fc } from '../../support/property.ts';
import { atOnce, inOrder, runTransactions, txn } from './transaction-histories.ts';

type Kinds = readonly string[];

const appends = (events: readonly HistoryEvent[], level?: ConsistencyLevel) =>
  checkListAppend(operationsOf(events), level === undefined ? {} : { level });
const writes = (events: readonly HistoryEvent[], level?: ConsistencyLevel) =>
  checkRwRegister(operationsOf(events), level === undefined ? {} : { level });
const kindsOf = ({ counts }: { readonly counts: object }) => Object.keys(counts).toSorted();

describe('list-append', () => {
  const both = txn('r x [1,2], r y [1,2]');
  test.each<[string, HistoryEvent[], HistoryEvent[], Kinds]>([
    [
      'G0: two overwrite each other, in different orders',
      atOnce(txn('append x 1, append y 2'), txn('append x 2, append y 1'), both),
      atOnce(txn('append x 1, append y 1'), txn('append x 2, append y 2'), both),
      ['G0'],
    ],
    [
      'G1a: what an aborted one appended is read',
      atOnce(txn('append x 1', 'fail'), txn('r x [1]')),
      atOnce(txn('append x 1', 'info'), txn('r x [1]')),
      ['G1a'],
    ],
    [
      'G1b: what is not the last of a transaction is read as the last',
      atOnce(txn('append x 1, append x 2'), txn('r x [1]')),
      atOnce(txn('append x 1, append x 2'), txn('r x [1,2]')),
      ['G-single', 'G1b'],
    ],
    [
      'G1c: two read of each other',
      atOnce(txn('append x 1, r y [1]'), txn('append y 1, r x [1]')),
      atOnce(txn('append x 1, r y [1]'), txn('append y 1, r x []')),
      ['G1c'],
    ],
    [
      'G-single: one reads half of what another did',
      atOnce(txn('append x 1, append y 1'), txn('r x [1], r y []'), txn('r y [1]')),
      atOnce(txn('append x 1, append y 1'), txn('r x [1], r y [1]'), txn('r y []')),
      ['G-single'],
    ],
    [
      'G-nonadjacent: two read two others in different orders',
      atOnce(txn('append x 1'), txn('append y 1'), txn('r x [1], r y []'), txn('r x [], r y [1]')),
      atOnce(txn('append x 1'), txn('append y 1'), txn('r x [1], r y []'), txn('r x [1], r y [1]')),
      ['G-nonadjacent'],
    ],
    [
      'G2: each reads before what the other appends',
      atOnce(txn('r x [], append y 1'), txn('r y [], append x 1')),
      atOnce(txn('r x [], append y 1'), txn('r y [1], append x 1')),
      ['G2'],
    ],
    [
      'lost update: two read the same and then append',
      atOnce(txn('r x [], append x 1'), txn('r x [], append x 2'), txn('r x [1,2]')),
      atOnce(txn('r x [], append x 1'), txn('r x [1], append x 2'), txn('r x [1,2]')),
      ['G-single', 'lost-update'],
    ],
    [
      'internal: one does not see what it appended itself',
      atOnce(txn('append x 1, r x []')),
      atOnce(txn('append x 1, r x [1]')),
      ['internal'],
    ],
    [
      'internal: one reads two different lists',
      atOnce(txn('r x [], r x [1]'), txn('append x 1')),
      atOnce(txn('r x [1], r x [1]'), txn('append x 1')),
      ['internal'],
    ],
    [
      'incompatible order: two reads of which none begins the other',
      atOnce(txn('append x 1'), txn('append x 2'), txn('r x [1,2]'), txn('r x [2]')),
      atOnce(txn('append x 1'), txn('append x 2'), txn('r x [1,2]'), txn('r x [1]')),
      ['incompatible-order'],
    ],
    [
      'duplicate elements: one is there twice',
      atOnce(txn('append x 1'), txn('r x [1,1]')),
      atOnce(txn('append x 1'), txn('r x [1]')),
      ['duplicate-elements'],
    ],
    [
      'phantom: one that nobody appended is there',
      atOnce(txn('append x 1'), txn('r x [1,7]')),
      atOnce(txn('append x 1'), txn('append x 7'), txn('r x [1,7]')),
      ['phantom'],
    ],
    [
      'process order: a process does not see what it appended before',
      inOrder([txn('append x 1'), txn('r x []')], 'one'),
      inOrder([txn('append x 1'), txn('r x [1]')], 'one'),
      ['G-single-process'],
    ],
    [
      'real time: one does not see what was acknowledged before it began',
      inOrder([txn('append x 1'), txn('r x []')], 'many'),
      inOrder([txn('r x []'), txn('append x 1')], 'many'),
      ['G-single-realtime'],
    ],
  ])('%s', (_what, bad, good, kinds) => {
    const verdict = appends(bad);
    expect(kindsOf(verdict)).toEqual(kinds);
    expect(verdict.valid).toBe(false);
    expect(appends(good)).toMatchObject({ valid: true, counts: {} });
  });

  test('an acknowledged element that nobody read comes behind all that were read', () => {
    // Both append to x and y; nobody reads x afterwards.
    const events = atOnce(txn('r x [], append y 1'), txn('r y [1], append x 1'), txn('r x []'));
    expect(appends(events).valid).toBe(true);
    const broken = atOnce(txn('r x [], append y 1'), txn('r y [], append x 1'));
    expect(kindsOf(appends(broken))).toEqual(['G2']);
  });

  test('an append without an answer need not have happened', () => {
    const events = atOnce(txn('r x [], append y 1', 'info'), txn('r y [], append x 1', 'info'));
    expect(appends([...events, ...inOrder([txn('r x [], r y []')], 'one')]).valid).toBe(true);
  });

  test('a transaction without an answer happened as a whole, when one of its appends was read', () => {
    const half = atOnce(txn('append x 1, append y 1', 'info'), txn('r y [1], r x []'));
    expect(kindsOf(appends(half))).toEqual(['G-single']);
    const none = atOnce(txn('append x 1, append y 1', 'info'), txn('r y [], r x []'));
    expect(appends(none)).toMatchObject({ valid: true, counts: {} });
  });

  test('an append without an answer may happen after what its process does next', () => {
    const [call] = inOrder([txn('append x 1', 'info')], 'one');
    const lost: HistoryEvent = [0, 'info', 'txn', null];
    const next = inOrder([txn('r x []'), txn('r x [1]')], 'one');
    expect(appends([call!, lost, ...next])).toMatchObject({ valid: true, counts: {} });
  });

  test('time orders what came after two that ran at the same time', () => {
    const both = atOnce(txn('append x 1'), txn('append y 1'));
    for (const stale of ['r x [], r y [1]', 'r x [1], r y []']) {
      const { micros } = txn(stale);
      const last: HistoryEvent[] = [
        [9, 'invoke', 'txn', micros],
        [9, 'ok', 'txn', micros],
      ];
      expect(kindsOf(appends([...both, ...last]))).toEqual(['G-single-realtime']);
    }
  });

  test('values that are not unique are refused, with their place', () => {
    const check = () => appends(atOnce(txn('append x 1'), txn('append x 1')));
    expect(check).toThrow(/event 1: 1 is appended to "x" twice/);
  });

  test('the shortest cycle is told in words', () => {
    const { explanation, anomalies } = appends(
      inOrder([txn('append x 1'), txn('append y 1'), txn('r x []')], 'many'),
    );
    expect(explanation).toMatch(
      /^1 G-single-realtime; the first: each comes before the next: T2 → T0 → T2$/,
    );
    expect(anomalies[0]!.detail.split('\n')).toEqual([
      'each comes before the next: T2 → T0 → T2',
      '  T2 = process 2’s txn (events 4 to 5): read "x" → []',
      '  T0 = process 0’s txn (events 0 to 1): append "x" 1',
      '  T2 comes before T0 (rw): it read "x" without 1, which the other appended',
      '  T0 comes before T2 (realtime): it returned at event 1, the other was called at event 4',
    ]);
    expect(anomalies[0]!.operations).toEqual([2, 0]);
  });
});

describe('rw-register', () => {
  test.each<[string, HistoryEvent[], HistoryEvent[], Kinds]>([
    [
      // Where the order of two writes is known, the second read the first.
      'G0: two overwrite each other, in different orders',
      atOnce(txn('w x 1, r y 1, w y 2'), txn('r x 1, w x 2, w y 1')),
      atOnce(txn('w x 1, w y 1'), txn('r x 1, w x 2, r y 1, w y 2')),
      ['G0', 'G1c'],
    ],
    [
      'G1a: what an aborted one wrote is read',
      atOnce(txn('w x 1', 'fail'), txn('r x 1')),
      atOnce(txn('w x 1', 'info'), txn('r x 1')),
      ['G1a'],
    ],
    [
      'G1b: what its transaction overwrote is read',
      atOnce(txn('w x 1, w x 2'), txn('r x 1')),
      atOnce(txn('w x 1, w x 2'), txn('r x 2')),
      ['G1b'],
    ],
    [
      'G1c: two read of each other',
      atOnce(txn('w x 1, r y 1'), txn('w y 1, r x 1')),
      atOnce(txn('w x 1, r y 1'), txn('w y 1, r x null')),
      ['G1c'],
    ],
    [
      'G-single: one reads half of what another did',
      atOnce(txn('w x 1, w y 1'), txn('r x 1, r y null')),
      atOnce(txn('w x 1, w y 1'), txn('r x 1, r y 1')),
      ['G-single'],
    ],
    [
      'G-nonadjacent: two read two others in different orders',
      atOnce(txn('w x 1'), txn('w y 1'), txn('r x 1, r y null'), txn('r x null, r y 1')),
      atOnce(txn('w x 1'), txn('w y 1'), txn('r x 1, r y null'), txn('r x 1, r y 1')),
      ['G-nonadjacent'],
    ],
    [
      'G2: each reads before what the other writes',
      atOnce(txn('r x null, w y 1'), txn('r y null, w x 1')),
      atOnce(txn('r x null, w y 1'), txn('r y 1, w x 1')),
      ['G2'],
    ],
    [
      'lost update: two read the same and then write',
      atOnce(txn('w x 1'), txn('r x 1, w x 2'), txn('r x 1, w x 3')),
      atOnce(txn('w x 1'), txn('r x 1, w x 2'), txn('r x 2, w x 3')),
      ['G2', 'lost-update'],
    ],
    [
      'internal: one does not see what it wrote itself',
      atOnce(txn('w x 1, r x null')),
      atOnce(txn('w x 1, r x 1')),
      ['internal'],
    ],
    [
      'internal: one reads two different values',
      atOnce(txn('r x null, r x 1'), txn('w x 1')),
      atOnce(txn('r x 1, r x 1'), txn('w x 1')),
      ['internal'],
    ],
    [
      'cyclic versions: two values each come after the other',
      atOnce(txn('r x 2, w x 1'), txn('r x 1, w x 2')),
      atOnce(txn('r x null, w x 1'), txn('r x 1, w x 2')),
      ['G1c', 'cyclic-versions'],
    ],
    [
      'phantom: a value that nobody wrote is read',
      atOnce(txn('r x 7')),
      atOnce(txn('w x 7'), txn('r x 7')),
      ['phantom'],
    ],
    [
      'process order: a process does not see what it wrote before',
      inOrder([txn('w x 1'), txn('r x null')], 'one'),
      inOrder([txn('w x 1'), txn('r x 1')], 'one'),
      ['G-single-process'],
    ],
    [
      'real time: one does not see what was acknowledged before it began',
      inOrder([txn('w x 1'), txn('r x null')], 'many'),
      inOrder([txn('r x null'), txn('w x 1')], 'many'),
      ['G-single-realtime'],
    ],
  ])('%s', (_what, bad, good, kinds) => {
    const verdict = writes(bad);
    expect(kindsOf(verdict)).toEqual(kinds);
    expect(verdict.valid).toBe(false);
    expect(writes(good)).toMatchObject({ valid: true, counts: {} });
  });

  test('a transaction without an answer happened as a whole, when one of its writes was read', () => {
    const half = atOnce(txn('w x 1, w y 1', 'info'), txn('r y 1, r x null'));
    expect(kindsOf(writes(half))).toEqual(['G-single']);
    const none = atOnce(txn('w x 1, w y 1', 'info'), txn('r y null, r x null'));
    expect(writes(none)).toMatchObject({ valid: true, counts: {} });
  });

  test('values that are not unique, and null, are refused', () => {
    expect(() => writes(atOnce(txn('w x 1'), txn('w x 1')))).toThrow(/written to "x" twice/);
    expect(() => writes(atOnce(txn('w x null')))).toThrow(/null is written to "x"/);
  });
});

describe('levels of consistency', () => {
  const anomalies: Readonly<Record<string, HistoryEvent[]>> = {
    dirtyWrite: atOnce(
      txn('append x 1, append y 2'),
      txn('append x 2, append y 1'),
      txn('r x [1,2], r y [1,2]'),
    ),
    circularRead: atOnce(txn('append x 1, r y [1]'), txn('append y 1, r x [1]')),
    readSkew: atOnce(txn('append x 1, append y 1'), txn('r x [1], r y []'), txn('r y [1]')),
    writeSkew: atOnce(txn('r x [], append y 1'), txn('r y [], append x 1')),
    ownStaleRead: inOrder([txn('append x 1'), txn('r x []')], 'one'),
    staleRead: inOrder([txn('append x 1'), txn('r x []')], 'many'),
  };
  const forbidden: Readonly<Record<ConsistencyLevel, readonly string[]>> = {
    'read-uncommitted': ['dirtyWrite'],
    'read-committed': ['dirtyWrite', 'circularRead'],
    'snapshot-isolation': ['dirtyWrite', 'circularRead', 'readSkew'],
    'repeatable-read': ['dirtyWrite', 'circularRead', 'readSkew', 'writeSkew'],
    serializable: ['dirtyWrite', 'circularRead', 'readSkew', 'writeSkew'],
    'strong-session-serializable': [
      'dirtyWrite',
      'circularRead',
      'readSkew',
      'writeSkew',
      'ownStaleRead',
    ],
    'strict-serializable': Object.keys(anomalies),
  };

  test.each(Object.entries(forbidden))('%s', (level, expected) => {
    const found = Object.keys(anomalies).filter(
      (name) => appends(anomalies[name]!, level as ConsistencyLevel).valid === false,
    );
    expect(found).toEqual(expected);
  });
});

describe('databases that really run', () => {
  const seeds = fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 80 }) });

  test('one transaction at a time is strictly serializable', () => {
    fc.assert(
      fc.property(seeds, (options) => {
        expect(appends(runTransactions('serial', options)).counts).toEqual({});
        const events = runTransactions('serial', { ...options, registers: true });
        expect(writes(events).counts).toEqual({});
      }),
    );
  });

  test('snapshots allow write skew, and nothing worse', () => {
    const found = new Set<string>();
    fc.assert(
      fc.property(seeds, (options) => {
        const verdict = appends(runTransactions('snapshot', options), 'snapshot-isolation');
        expect(verdict.valid).not.toBe(false);
        for (const kind of kindsOf(verdict)) found.add(kind);
      }),
    );
    expect([...found].filter((kind) => !kind.includes('-'))).toEqual(['G2']);
  });

  test('no isolation shows in every run that is long enough', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(appends(runTransactions('none', { seed, count: 100 })).valid).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

test('the same history gives the same verdict, to the letter', () => {
  const operations = operationsOf(runTransactions('none', { seed: 11, count: 60 }));
  expect(checkListAppend(operations)).toEqual(checkListAppend(operations));
});

test('ten thousand transactions are judged, and found right', () => {
  const verdict = appends(runTransactions('serial', { seed: 1, count: 10_000 }));
  expect(verdict).toMatchObject({ valid: true, counts: {} });
});
