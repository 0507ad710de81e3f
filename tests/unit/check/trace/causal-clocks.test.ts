import { describe, expect, test } from 'vitest';
import {
  CausalClocks,
  concurrent,
  happenedBefore,
  inCone,
  kept,
  type Stamp,
} from '../../../../src/check/trace/causal-clocks.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { executions, happensBeforeMatrix } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';

function stampsOf(events: readonly TraceEvent[], counts?: readonly boolean[]): Stamp[] {
  const clocks = new CausalClocks();
  const stamps = events.map((event, at) => kept(clocks.take(event, counts?.[at] ?? true)));
  expect(clocks.unmatched).toBe(0);
  return stamps;
}

const everything = { reorders: true, duplicates: true, nodesMax: 5 };

describe('vector clocks', () => {
  test('agree with the definition of happened-before, whatever is lost, doubled or overtaken', () => {
    fc.assert(
      fc.property(executions(everything), (execution) => {
        const stamps = stampsOf(execution.events);
        const truth = happensBeforeMatrix(execution);
        for (let a = 0; a < stamps.length; a++) {
          for (let b = 0; b < stamps.length; b++) {
            expect(happenedBefore(stamps[a]!, stamps[b]!), `${a} → ${b}`).toBe(truth[a]![b]);
            const isConcurrent = a !== b && !truth[a]![b]! && !truth[b]![a]!;
            expect(concurrent(stamps[a]!, stamps[b]!)).toBe(isConcurrent);
          }
        }
      }),
    );
  });

  test('of nodes that restart and count messages anew claim no order that there was not', () => {
    fc.assert(
      fc.property(executions({ ...everything, restarts: true }), (execution) => {
        const stamps = stampsOf(execution.events);
        const truth = happensBeforeMatrix(execution);
        for (let a = 0; a < stamps.length; a++) {
          for (let b = 0; b < stamps.length; b++) {
            if (happenedBefore(stamps[a]!, stamps[b]!)) {
              expect(truth[a]![b], `${a} → ${b}`).toBe(true);
            }
            const [first, second] = [execution.events[a]!, execution.events[b]!];
            if (a < b && first.node === second.node) {
              expect(happenedBefore(stamps[a]!, stamps[b]!)).toBe(true);
            }
          }
        }
      }),
    );
  });

  test('of some of the events are those of the order among them', () => {
    const chosen = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(executions(everything), chosen, (execution, counts) => {
        const stamps = stampsOf(execution.events, counts);
        const truth = happensBeforeMatrix(execution);
        for (let a = 0; a < stamps.length; a++) {
          for (let b = 0; b < stamps.length; b++) {
            if (!counts[a]! || !counts[b]!) continue;
            expect(happenedBefore(stamps[a]!, stamps[b]!), `${a} → ${b}`).toBe(truth[a]![b]);
          }
        }
      }),
    );
  });

  test('of a link tell the lives of its sender apart, although a message of the first was lost', () => {
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1 } as const;
    const clocks = new CausalClocks();
    const send = (sequence: number, number: number) => {
      const message = `a#${number}`;
      const sent = { time: 0, node: 'a', sequence, kind: 'send', to: 'b', body: null } as const;
      return clocks.take({ ...sent, message, ...rest }).count;
    };
    const deliver = (sequence: number, number: number) => {
      const message = `a#${number}`;
      const got = { time: 1, node: 'b', sequence, kind: 'deliver', from: 'a' } as const;
      return clocks.take({ ...got, message, ...rest }).arrival?.departure?.note.count;
    };
    for (const number of [1, 2, 3]) send(number, number);
    expect(deliver(1, 1)).toBe(1);
    // The second and the third are lost with the first life.
    const again = [1, 2, 3].map((number) => send(number, number));
    expect([deliver(2, 1), deliver(3, 2), deliver(4, 3)]).toEqual(again);
  });

  test('have the names of the nodes, their own first', () => {
    const clocks = new CausalClocks();
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1, message: 'b#1' } as const;
    const sent = { time: 0, node: 'b', sequence: 1, kind: 'send', to: 'a', body: null } as const;
    expect(clocks.named(clocks.take({ ...sent, ...rest }))).toEqual({ b: 1 });
    const got = { time: 1, node: 'a', sequence: 1, kind: 'deliver', from: 'b' } as const;
    const named = clocks.named(clocks.take({ ...got, ...rest }));
    expect(named).toEqual({ a: 1, b: 1 });
    expect(Object.keys(named)).toEqual(['a', 'b']);
  });

  test('count deliveries of messages that nobody sent, and forget the oldest of too many', () => {
    const clocks = new CausalClocks(2);
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1 } as const;
    for (let number = 1; number <= 3; number++) {
      const sent = { time: 0, node: 'a', sequence: number, kind: 'send', to: 'b' } as const;
      clocks.take({ ...sent, body: null, message: `a#${number}`, ...rest });
    }
    expect(clocks.forgotten).toBe(1);
    const got = { time: 1, node: 'b', kind: 'deliver', from: 'a' } as const;
    const first = clocks.take({ ...got, sequence: 1, message: 'a#1', ...rest });
    expect(first.arrival?.departure).toBeUndefined();
    expect(clocks.unmatched).toBe(1);
    expect(clocks.take({ ...got, sequence: 2, message: 'a#2', ...rest }).clock[0]).toBe(2);
    expect(clocks.unmatched).toBe(1);
  });
});

test('a cone is the past, the apex and the future', () => {
  fc.assert(
    fc.property(executions(everything), fc.nat(1000), (execution, pick) => {
      fc.pre(execution.events.length > 0);
      const apex = pick % execution.events.length;
      const stamps = stampsOf(execution.events);
      const truth = happensBeforeMatrix(execution);
      for (let at = 0; at < stamps.length; at++) {
        const isPast = at === apex || truth[at]![apex]!;
        const isFuture = at === apex || truth[apex]![at]!;
        expect(inCone(stamps[at]!, stamps[apex]!, 'past')).toBe(isPast);
        expect(inCone(stamps[at]!, stamps[apex]!, 'future')).toBe(isFuture);
        expect(inCone(stamps[at]!, stamps[apex]!, 'both')).toBe(isPast || isFuture);
      }
    }),
  );
});
