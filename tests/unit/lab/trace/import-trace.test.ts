import { expect, test } from 'vitest';
import {
  IMPORTED_EVENTS_MAX,
  importTrace,
  type ImportSource,
} from '../../../../src/lab/trace/import-trace.ts';
import { traceHeaderLine, traceLine } from '../../../../src/runtime/trace-file.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { fc } from '../../../support/property.ts';
import { HOSTILE_EVENTS } from '../../../support/trace-records.ts';

const LOG = 'n1 {"n1":1}\nsent\nn2 {"n1":1,"n2":1}\ngot\n';

/** A text, cut at the given places. */
function source(name: string, text: string, cuts: readonly number[] = []): ImportSource {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted(
    (a, b) => a - b,
  );
  return {
    name,
    chunks: () => places.slice(1).map((place, index) => text.slice(places[index], place)),
  };
}

function status(node: string, time: number, sequence: number): TraceEvent {
  return { time, node, sequence, kind: 'status', status: 'running' };
}

test('a trace is the same however its text is cut into pieces; so is a log', async () => {
  const text =
    traceHeaderLine({ algorithm: 'x', seed: 3 }) + HOSTILE_EVENTS.map(traceLine).join('');
  const [whole, log] = [
    await importTrace([source('a', text)]),
    await importTrace([source('b', LOG)]),
  ];
  expect(whole.events).toEqual(JSON.parse(JSON.stringify(HOSTILE_EVENTS)));
  expect(whole.facts).toMatchObject({ algorithm: 'x', seed: 3 });
  expect(log.events.map(({ kind }) => kind)).toEqual(['log', 'send', 'deliver', 'log']);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 6 }), async (cuts) => {
      expect(await importTrace([source('a', text, cuts)])).toEqual(whole);
      expect(await importTrace([source('b', LOG, cuts)])).toEqual(log);
    }),
  );
});

test('what is no trace is said with its source and line', async () => {
  const why = (...sources: ImportSource[]) =>
    importTrace(sources).then(
      () => 'read',
      ({ source: name, line, message }) => `${name}:${line}: ${message}`,
    );
  const event = traceLine(status('n1', 0, 1));
  expect(await why(source('a', `${event}oops\n`))).toMatch(/^a:2: not JSON/);
  expect(await why(source('a', event), source('b', `${event}{"time":`))).toMatch(/^b:2: .*cut off/);
  expect(await why(source('c', 'once upon a time'))).toMatch(/^c:1: .*neither a trace/);
  expect(await why(source('d', ' \n\n'))).toBe('d:1: there is no event in it');
  expect(await why(source('e', traceHeaderLine({})))).toBe('e:1: there is no event in it');
  const many: ImportSource = {
    name: 'f',
    *chunks() {
      const piece = event.repeat(1000);
      for (let i = 0; i <= IMPORTED_EVENTS_MAX; i += 1000) yield piece;
    },
  };
  expect(await why(many)).toMatch(`f:${IMPORTED_EVENTS_MAX + 1}: a page shows up to`);
});

test('several traces come into one order; in a single one times that go back are moved on, and that is said', async () => {
  const times = async (...sources: ImportSource[]) =>
    (await importTrace(sources)).events.map(({ node, time }) => `${node} ${time}`);
  const of = (...events: TraceEvent[]) => source('x', events.map(traceLine).join(''));
  const [a, b, c] = [status('n1', 1, 1), status('n2', 2, 1), status('n1', 3, 2)];
  expect(await times(of(a, c), of(b))).toEqual(['n1 1', 'n2 2', 'n1 3']);
  expect(await times(of(b, a, c))).toEqual(['n2 2', 'n1 2', 'n1 3']);
  expect((await importTrace([of(b, a, c)])).remarks.join()).toContain('go back');
  expect((await importTrace([of(a, b, c)])).remarks).toEqual([]);
});

test('the reading is given up', async () => {
  await expect(importTrace([source('a', LOG)], () => true)).rejects.toThrow('given up');
});
