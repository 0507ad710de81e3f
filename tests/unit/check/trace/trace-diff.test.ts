import { describe, expect, test } from 'vitest';
import { diffText } from '../../../../src/check/trace/diff-text.ts';
import { compareTraces, type TraceDifference } from '../../../../src/check/trace/trace-diff.ts';
import type { TraceFacts } from '../../../../src/check/trace/trace-record.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { executions } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';
import { HOSTILE_EVENTS, recordsOf } from '../../../support/trace-records.ts';

function compare(
  a: readonly TraceEvent[],
  b: readonly TraceEvent[],
  factsA: TraceFacts = {},
  factsB: TraceFacts = {},
): TraceDifference | undefined {
  const [recordsA, recordsB] = [recordsOf(a), recordsOf(b)];
  return compareTraces({ facts: factsA, records: recordsA }, { facts: factsB, records: recordsB });
}

const message = { message: 'a#1', path: 'p', type: 't', role: 'cast', bytes: 2 } as const;
const begin: TraceEvent = { time: 0, node: 'a', sequence: 1, kind: 'status', status: 'running' };
const sent: TraceEvent = {
  ...{ time: 1, node: 'a', sequence: 2, kind: 'send', to: 'b', body: { n: 1 }, ...message },
};
const got: TraceEvent = { time: 2, node: 'b', sequence: 1, kind: 'deliver', from: 'a', ...message };
const tick: TraceEvent = { time: 2, node: 'a', sequence: 3, kind: 'timer', path: 'p', name: 'x' };
const said: TraceEvent = {
  ...{ time: 3, node: 'b', sequence: 2, kind: 'log', path: 'p', level: 'warn', text: 'oh' },
};

/** The events with one of them changed. */
function changed(event: TraceEvent, change: object): [TraceEvent[], TraceEvent[]] {
  const all = [begin, sent, got, tick, said];
  return [all, all.map((one) => (one === event ? { ...one, ...change } : one))];
}

function causes(a: readonly TraceEvent[], b: readonly TraceEvent[]): string {
  return compare(a, b)!.causes.join('; ');
}

test('equal traces do not differ, and others do at the first place', () => {
  fc.assert(
    fc.property(executions({ nodesMax: 3 }), fc.nat(100), ({ events }, at) => {
      expect(compare(events, [...events])).toBeUndefined();
      fc.pre(events.length > 0);
      const place = at % events.length;
      const found = compare(events, events.toSpliced(place, 1))!;
      // An event like the missing one may follow it.
      expect(found.same).toBe(place);
      expect(found.a.left).toBe(events.length - place);
      expect(found.b.left).toBe(events.length - place - 1);
      expect(found.causes.length).toBeGreaterThan(0);
    }),
  );
});

test('the text shows both sides with what led to them', () => {
  const [a, b] = changed(got, { time: 2.5 });
  const found = compare(a, b)!;
  expect(diffText(found, { a: 'left', b: 'right' })).toEqual([
    '2 events are the same; here they part:',
    '  A  left, line 3 (2 more behind it)',
    '             2      1.000 ms  a sends t to b (a#1)',
    '     ▸       3      2.000 ms  b receives t from a (a#1)',
    '  B  right, line 3 (2 more behind it)',
    '             2      1.000 ms  a sends t to b (a#1)',
    '     ▸       3      2.500 ms  b receives t from a (a#1)',
    'likely cause: another travel time: a draw of latency more or less before, or another --latency',
  ]);
});

describe('the likely cause', () => {
  test('is what the headers say, if they differ', () => {
    const [a, b] = changed(got, { time: 2.5 });
    const found = compare(a, b, { seed: 1, config: 'x' }, { seed: 2, config: 'y' })!;
    expect(found.facts).toEqual([
      { fact: 'seed', a: 1, b: 2 },
      { fact: 'config', a: 'x', b: 'y' },
    ]);
    expect(found.causes[0]).toBe('the seeds differ: seed is 1 in A and 2 in B');
    expect(found.causes[1]).toMatch(/travel time/);
    // A trace without a header says nothing, and contradicts nobody.
    expect(compare(a, b, { seed: 1 }, {})!.facts).toEqual([]);
  });

  test.each<[string, [TraceEvent[], TraceEvent[]], RegExp]>([
    ['the end of one', [[begin, sent], [begin]], /B ends where A goes on/],
    ['another moment', changed(tick, { time: 2.2 }), /another moment: a .* timer/],
    ['the wording of a text', changed(said, { text: 'ah' }), /wording/],
    ['a size', changed(sent, { bytes: 3 }), /another format/],
    ['a value', changed(sent, { body: { n: 'x' } }), /\(body\.n\): chance or time from outside/],
    ['a receiver', changed(sent, { to: 'c' }), /order: a sends the same to another node first/],
    [
      'the order at one time',
      [
        [begin, sent, got, tick],
        [begin, sent, tick, got],
      ],
      /order: .* the other way round, at the same time: the order of nodes/,
    ],
    [
      'the order at different times',
      [
        [begin, sent, got, tick],
        [begin, sent, { ...tick, time: 1.5 }, got],
      ],
      /other travel times or timers/,
    ],
    [
      'an event more',
      [
        [begin, sent, got, tick],
        [begin, sent, tick],
      ],
      /B lacks “b receives t/,
    ],
    [
      'an event less',
      [
        [begin, sent, tick],
        [begin, sent, got, tick],
      ],
      /A lacks “b receives t/,
    ],
    ['other nodes', [[begin], [{ ...begin, node: 'z' }]], /node order: A begins with a, B with z/],
    [
      'everything',
      [
        [begin, sent, got],
        [begin, sent, tick],
      ],
      /go different ways/,
    ],
  ])('is %s', (_what, [a, b], message) => {
    expect(causes(a, b)).toMatch(message);
  });

  test('is a clock or a die of the machine, by the looks of its numbers', () => {
    const body = (n: number) => [begin, { ...sent, body: { n } } as TraceEvent];
    expect(causes(body(1_700_000_000_000), body(1_700_000_000_123))).toMatch(/Date\.now\(\)/);
    const [, longer] = body(0.123456789);
    expect(causes(body(0.5), [begin, { ...longer!, bytes: 11 } as TraceEvent])).toMatch(/random/);
    expect(causes(body(0.123), body(0.456))).toMatch(/Math\.random\(\)/);
  });

  test('is the order of keys, when nothing else differs', () => {
    const body = (value: object) => [{ ...sent, body: value } as TraceEvent];
    expect(causes(body({ x: 1, y: 2 }), body({ y: 2, x: 1 }))).toMatch(/order of keys/);
  });
});

test('no text of a peer reaches the terminal as anything but text', () => {
  const other = HOSTILE_EVENTS.map((event) => ({ ...event, sequence: event.sequence + 100 }));
  for (const [at, event] of HOSTILE_EVENTS.entries()) {
    const found = compare([event], [other[at]!])!;
    for (const line of diffText(found, { a: event.node, b: event.node })) {
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    }
  }
});
