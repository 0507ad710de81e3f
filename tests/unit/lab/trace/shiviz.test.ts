import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CausalClocks,
  happenedBefore,
  kept,
  type Stamp,
} from '../../../../src/check/trace/causal-clocks.ts';
import type { TraceRecord } from '../../../../src/check/trace/trace-record.ts';
import { shivizExport } from '../../../../src/lab/trace/shiviz-export.ts';
import { importShiviz } from '../../../../src/lab/trace/shiviz-import.ts';
import { readShivizLog, type LogEntry } from '../../../../src/lab/trace/shiviz-log.ts';
import { executions } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';
import { testUnless } from '../../../support/skip.ts';
import { exported, HOSTILE_EVENTS } from '../../../support/trace-records.ts';

const repository = path.resolve(import.meta.dirname, '../../../..');
const data = process.env['PARLEY_TEST_DATA'] ?? path.resolve(repository, '../shared/data');
const logs = path.join(data, 'spacetime');

/** The order that a log states: a is before b when b's clock counts it. */
function isBefore(a: LogEntry, b: LogEntry): boolean {
  return a !== b && (b.clock.get(a.host) ?? 0) >= a.clock.get(a.host)!;
}

/** The stamp of the event that has the text of each entry, by host and count. */
function stampsOf(records: readonly TraceRecord[]): Map<string, Stamp> {
  const clocks = new CausalClocks();
  const stamps = new Map<string, Stamp>();
  for (const { event, number } of records) {
    const stamp = kept(clocks.take(event));
    if (event.kind === 'log') stamps.set(`${event.node} ${number}`, stamp);
  }
  expect(clocks.unmatched).toBe(0);
  return stamps;
}

function expectSameOrder(entries: readonly LogEntry[], records: readonly TraceRecord[]): void {
  const stamps = stampsOf(records);
  expect(stamps.size).toBe(entries.length);
  const own = entries.map(({ host, line }) => stamps.get(`${host} ${line}`)!);
  let differing = 0;
  for (const [a, left] of entries.entries()) {
    for (const [b, right] of entries.entries()) {
      if (isBefore(left, right) !== (a !== b && happenedBefore(own[a]!, own[b]!))) differing++;
    }
  }
  expect(differing).toBe(0);
}

describe('a log of another tool', () => {
  testUnless(existsSync(logs) ? undefined : `there is no ${logs}`)(
    'keeps its partial order, in whichever of three arrangements it is written',
    () => {
      const counts: Record<string, number> = {};
      for (const name of ['chord', 'simple-reliable-broadcast', 'simpledb']) {
        const text = readFileSync(path.join(logs, `${name}.log`), 'utf8');
        const { entries } = readShivizLog(text);
        const { records, remarks } = importShiviz(text);
        counts[name] = entries.length;
        expect(remarks).toEqual([]);
        expectSameOrder(entries, records);
      }
      expect(counts).toEqual({ chord: 1235, 'simple-reliable-broadcast': 39, simpledb: 509 });
    },
  );

  test('becomes as few messages as say its order', () => {
    const text = 'a {"a":1}\nx\nb {"b":1,"a":1}\ny\nb {"b":2,"a":1}\nz\nc {"c":1,"b":2,"a":1}\nw\n';
    const { records } = importShiviz(text);
    const messages = records.flatMap(({ event }) =>
      event.kind === 'deliver' ? [`${event.message} to ${event.node} at ${event.time}`] : [],
    );
    expect(messages).toEqual(['a#1 to b at 1', 'b#2 to c at 3']);
  });

  test('is read with an expression that somebody trusts', () => {
    const text = '12:00 n1 | {"n1":1} | begins\nnoise\n12:01 n2 | {"n2":1,"n1":1} | hears\n';
    const parser = /^\S+ (?<host>\w+) \| (?<clock>\{.*\}) \| (?<event>.*)$/;
    const { entries, remarks } = readShivizLog(text, parser);
    expect(entries.map(({ host, text: event, line }) => [host, event, line])).toEqual([
      ['n1', 'begins', 1],
      ['n2', 'hears', 3],
    ]);
    expect(remarks).toEqual(['1 line belongs to no entry, the first is 2']);
  });

  test.each([
    ['nothing like a clock', 'hello\nworld\n', 1, /neither a trace .* nor a log/],
    ['an expression of its own', '(?<clock>(a+)+)(?<event>.*)\n\nx\n', 1, /--parser/],
    [
      'several executions',
      '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n=== (?<trace>.*)\n',
      2,
      /several executions/,
    ],
    ['a clock without its own host', 'a {"a":1}\nx\nb {"a":1}\ny\n', 3, /own events/],
    ['one number for two events', 'a {"a":1}\nx\na {"a":1}\ny\n', 3, /counts 1 here and on line 1/],
    [
      'clocks that contradict each other',
      'a {"a":1, "b":1}\nx\nb {"b":1, "a":1}\ny\n',
      1,
      /its own cause/,
    ],
  ])('with %s is refused with the line', (_what, text, line, message) => {
    expect(() => importShiviz(text)).toThrow(message);
    expect(() => importShiviz(text)).toThrow(expect.objectContaining({ line }));
  });

  test('with gaps is read as far as it goes, and says so', () => {
    const { records, remarks } = importShiviz('a {"a":2}\nx\n\nb {"b":1, "a":4}\ny\n');
    expect(remarks).toEqual([
      'the log lacks 1 of the events of a',
      'clocks count 1 events that are not in the log; the last known ones stand for them',
    ]);
    expect(records.map(({ event }) => event.kind)).toEqual(['log', 'send', 'deliver', 'log']);
  });
});

describe('an exported log', () => {
  const model = { reorders: true, duplicates: true, restarts: true, nodesMax: 5 };

  test('reads back to the very events', () => {
    fc.assert(
      fc.property(executions(model), ({ events }) => {
        fc.pre(events.length > 0);
        const { records } = importShiviz(exported(shivizExport(), events));
        expect(records.map(({ event }) => event)).toEqual(events);
        expect(records.map(({ line }) => line)).toEqual(events.map((one) => JSON.stringify(one)));
      }),
    );
  });

  test('has the same partial order for a reader who knows clocks alone', () => {
    fc.assert(
      fc.property(executions({ ...model, restarts: false }), ({ events }) => {
        fc.pre(events.length > 0);
        const lines = exported(shivizExport(), events).split('\n').slice(2);
        const plain = lines.filter((_line, at) => at % 3 !== 2).join('\n');
        const { entries } = readShivizLog(plain);
        expect(entries).toHaveLength(events.length);
        expectSameOrder(entries, importShiviz(plain).records);
        const clocks = new CausalClocks();
        const stamps = events.map((event) => kept(clocks.take(event)));
        for (const [a, left] of entries.entries()) {
          for (const [b, right] of entries.entries()) {
            const truth = a !== b && happenedBefore(stamps[a]!, stamps[b]!);
            expect(isBefore(left, right)).toBe(truth);
          }
        }
      }),
    );
  });

  test('survives every text that a peer may have sent', () => {
    const text = exported(shivizExport(), HOSTILE_EVENTS);
    const { records } = importShiviz(text);
    expect(records.map(({ event }) => event)).toEqual(HOSTILE_EVENTS);
    // What ShiViz itself would find with the expression in the first line.
    const [expression = '', second, ...rest] = text.split('\n');
    expect(second).toBe('');
    const found = [...rest.join('\n').matchAll(new RegExp(expression, 'gm'))];
    expect(found).toHaveLength(HOSTILE_EVENTS.length);
    for (const { groups } of found) {
      expect(Object.keys(JSON.parse(groups!['clock']!) as object)).toContain(groups!['host']);
    }
  });

  test('whose events stand under another host is refused', () => {
    const text = exported(shivizExport(), HOSTILE_EVENTS.slice(0, 1)).replaceAll(
      '"node":"',
      '"node":"x',
    );
    expect(() => importShiviz(text)).toThrow(/stands under the clock of/);
  });
});
