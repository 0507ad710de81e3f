import { describe, expect, test } from 'vitest';
import { Histogram } from '../../../../src/check/trace/histogram.ts';
import { TraceCount } from '../../../../src/check/trace/trace-summary.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { executions } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';
import { HOSTILE_EVENTS } from '../../../support/trace-records.ts';

function sumUp(events: readonly TraceEvent[], counts?: (event: TraceEvent) => boolean) {
  const count = new TraceCount();
  for (const event of events) count.take(event, counts?.(event) ?? true);
  return count.summary();
}

describe('a histogram', () => {
  const values = fc.array(
    fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e6, noNaN: true })),
    {
      minLength: 1,
      maxLength: 2000,
      size: 'max',
    },
  );

  test('tells percentiles to a fifth of one per cent', () => {
    fc.assert(
      fc.property(values, (all) => {
        const histogram = new Histogram();
        for (const value of all) histogram.add(value);
        const sorted = all.toSorted((a, b) => a - b);
        const { count, min, p50, p90, p99, max } = histogram.quantiles()!;
        expect({ count, min, max }).toEqual({
          count: all.length,
          min: sorted[0],
          max: sorted.at(-1),
        });
        for (const [part, found] of [
          [0.5, p50],
          [0.9, p90],
          [0.99, p99],
        ] as const) {
          const exact = sorted[Math.ceil(all.length * part) - 1]!;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.002);
        }
      }),
    );
  });

  test('of nothing has none', () => {
    expect(new Histogram().quantiles()).toBeUndefined();
  });
});

describe('a summary', () => {
  test('counts what happened, and what did not arrive', () => {
    fc.assert(
      fc.property(executions({ reorders: true, duplicates: true, nodesMax: 4 }), (execution) => {
        const { events, sendings } = execution;
        const summary = sumUp(events);
        const of = (kind: string) => events.filter((event) => event.kind === kind).length;
        const arrived = new Set(sendings.filter((sending) => sending >= 0));
        expect(summary.events).toBe(events.length);
        for (const [kind, count] of Object.entries(summary.kinds)) expect(count).toBe(of(kind));
        const sum = (read: (one: (typeof summary.messages)[number]) => number) =>
          summary.messages.reduce((total, one) => total + read(one), 0);
        expect(sum(({ sent }) => sent)).toBe(of('send'));
        expect(sum(({ delivered }) => delivered)).toBe(of('deliver'));
        expect(sum(({ duplicates }) => duplicates)).toBe(of('deliver') - arrived.size);
        expect(summary.undelivered).toBe(of('send') - arrived.size);
        expect(summary.latency_ms?.count ?? 0).toBe(arrived.size);
        expect(summary.unmatched).toBe(0);
      }),
    );
  });

  test('of a part counts the part, and still knows when its messages were sent', () => {
    const message = { message: 'a#1', path: 'p', type: 't', role: 'cast', bytes: 2 } as const;
    const events: TraceEvent[] = [
      { time: 1, node: 'a', sequence: 1, kind: 'send', to: 'b', body: null, ...message },
      { time: 4, node: 'b', sequence: 1, kind: 'deliver', from: 'a', ...message },
    ];
    const lost = { ...events[0]!, sequence: 2, message: 'a#2' } as TraceEvent;
    const summary = sumUp([...events, lost], ({ node }) => node === 'b');
    expect(summary).toMatchObject({ events: 1, duration_ms: 0, undelivered: 0 });
    expect(Object.keys(summary.nodes)).toEqual(['b']);
    expect(summary.messages).toEqual([
      {
        ...{ path: 'p', type: 't', role: 'cast', sent: 0, delivered: 1, dropped: 0 },
        ...{ duplicates: 0, bytes: 0 },
        latency_ms: { count: 1, min: 3, p50: 3, p90: 3, p99: 3, max: 3 },
      },
    ]);
  });

  test('names nodes, lives, drops, faults and violations, whatever they are called', () => {
    const summary = sumUp(HOSTILE_EVENTS);
    const nodes = new Set(HOSTILE_EVENTS.map(({ node }) => node));
    expect(new Set(Object.keys(summary.nodes))).toEqual(nodes);
    for (const node of Object.values(summary.nodes)) {
      expect(node).toEqual({
        ...{ events: 10, sent: 1, delivered: 1, dropped: 1, lives: 1, status: 'failed' },
      });
    }
    expect(summary).toMatchObject({
      ...{ drops: { schema: nodes.size }, faults: { loss: nodes.size }, violations: nodes.size },
    });
  });
});
