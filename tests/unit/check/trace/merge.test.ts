import { describe, expect, test } from 'vitest';
import type { SendEvent } from '../../../../src/check/trace/in-flight.ts';
import { TraceMerge } from '../../../../src/check/trace/merge.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import {
  executions,
  happensBeforeMatrix,
  type Execution,
} from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';

const skewed = { reorders: true, duplicates: true, nodesMax: 5, skewMs: 50 };

/** One source a node, or two nodes a source. */
function sourcesOf({ nodes, events }: Execution, perSource: number): TraceEvent[][] {
  const sources: TraceEvent[][] = [];
  for (let at = 0; at < nodes.length; at += perSource) {
    const here = new Set(nodes.slice(at, at + perSource));
    const own = events.filter(({ node }) => here.has(node));
    // As a page writes it: the events of its nodes by time, those of each in their order.
    sources.push(own.toSorted((a, b) => a.time - b.time));
  }
  return sources;
}

function merged(sources: readonly TraceEvent[][]): { events: TraceEvent[]; merge: TraceMerge } {
  const merge = new TraceMerge(sources.map((source) => () => source));
  return { events: [...merge.events()], merge };
}

/** True when an equal message of an earlier life was lost: nothing in the trace tells which of them arrived. */
function isAmbiguous({ events, sendings }: Execution, sending: number): boolean {
  const { sequence: _sequence, time: _time, body: _body, ...sent } = events[sending] as SendEvent;
  return events.slice(0, sending).some((event, at) => {
    if (event.kind !== 'send' || sendings.includes(at)) return false;
    const { sequence: _s, time: _t, body: _b, ...other } = event;
    return JSON.stringify(other) === JSON.stringify(sent);
  });
}

/** Without the time, which merging may move. */
function identity({ time: _time, ...rest }: TraceEvent): string {
  return JSON.stringify(rest);
}

describe('a merged trace', () => {
  test.each([1, 2])('has every event once, causes first, with %i nodes a source', (perSource) => {
    fc.assert(
      fc.property(executions(skewed), (execution) => {
        const { events, merge } = merged(sourcesOf(execution, perSource));
        expect(events.map(identity).sort()).toEqual(execution.events.map(identity).sort());
        expect(merge.outOfOrder).toBe(0);
        const place = new Map(events.map((event, at) => [identity(event), at]));
        const truth = happensBeforeMatrix(execution);
        const places = execution.events.map((event) => place.get(identity(event))!);
        for (let a = 0; a < places.length; a++) {
          for (let b = 0; b < places.length; b++) {
            if (truth[a]![b]!) expect(places[a], `${a} → ${b}`).toBeLessThan(places[b]!);
          }
        }
        for (let at = 1; at < events.length; at++) {
          expect(events[at]!.time).toBeGreaterThanOrEqual(events[at - 1]!.time);
        }
      }),
    );
  });

  test('keeps causes first when nodes restart and count messages anew', () => {
    fc.assert(
      fc.property(executions({ nodesMax: 3, skewMs: 20, restarts: true }), (execution) => {
        const { events } = merged(sourcesOf(execution, 1));
        expect(events).toHaveLength(execution.events.length);
        // The nth event of a node in the result is the nth of the execution.
        const seen = new Map<string, number>();
        const count = (node: string) => {
          seen.set(node, (seen.get(node) ?? 0) + 1);
          return `${node} ${seen.get(node)}`;
        };
        const place = new Map(events.map((event, at) => [count(event.node), at]));
        seen.clear();
        const places = execution.events.map((event) => place.get(count(event.node))!);
        for (const [at, sending] of execution.sendings.entries()) {
          if (sending < 0 || isAmbiguous(execution, sending)) continue;
          expect(places[sending]).toBeLessThan(places[at]!);
        }
      }),
    );
  });

  test('does not depend on the order of the sources', () => {
    fc.assert(
      fc.property(executions(skewed), (execution) => {
        const sources = sourcesOf(execution, 1);
        expect(merged(sources.toReversed()).events).toEqual(merged(sources).events);
      }),
    );
  });

  test('of clocks that agree is the order of time, with no time moved', () => {
    fc.assert(
      fc.property(executions({ nodesMax: 5 }), (execution) => {
        const { events, merge } = merged(sourcesOf(execution, 1));
        expect(events.map(({ time }) => time)).toEqual(execution.events.map(({ time }) => time));
        expect(merge.shiftsMs.size).toBe(0);
      }),
    );
  });

  test('moves a clock that is an hour behind as little as the messages demand', () => {
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1, message: 'a#1' } as const;
    const hour = 3_600_000;
    const a: TraceEvent[] = [
      { time: hour, node: 'a', sequence: 1, kind: 'status', status: 'running' },
      { time: hour + 5, node: 'a', sequence: 2, kind: 'send', to: 'b', body: null, ...rest },
    ];
    const b: TraceEvent[] = [
      { time: 0, node: 'b', sequence: 1, kind: 'status', status: 'running' },
      { time: 2, node: 'b', sequence: 2, kind: 'deliver', from: 'a', ...rest },
    ];
    const { events, merge } = merged([a, b]);
    expect(Object.fromEntries(merge.shiftsMs)).toEqual({ b: hour + 3 });
    expect(events.map(({ node, time }) => [node, time])).toEqual([
      ['a', hour],
      ['b', hour + 3],
      ['a', hour + 5],
      ['b', hour + 5],
    ]);
  });

  test('waits neither for messages of nodes that are not there nor for those that were never sent', () => {
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1 } as const;
    const a: TraceEvent[] = [1, 2, 3].map((time) => ({
      ...{ time, node: 'a', sequence: time, kind: 'timer', path: 'p', name: '' },
    }));
    const b: TraceEvent[] = [
      { time: 0, node: 'b', sequence: 1, kind: 'deliver', from: 'z', message: 'z#1', ...rest },
      { time: 1.5, node: 'b', sequence: 2, kind: 'deliver', from: 'a', message: 'a#9', ...rest },
    ];
    const { events, merge } = merged([a, b]);
    expect(events.map(({ node }) => node).join('')).toBe('baaab');
    expect(merge.outOfOrder).toBe(0);
  });

  test('says when files contradict each other', () => {
    const rest = { path: 'p', type: 't', role: 'cast', bytes: 1 } as const;
    const node = (own: string, other: string): TraceEvent[] => [
      {
        ...{ time: 1, node: own, sequence: 1, kind: 'deliver', from: other },
        ...{ ...rest, message: `${other}#1` },
      },
      {
        ...{ time: 2, node: own, sequence: 2, kind: 'send', to: other, body: null },
        ...{ ...rest, message: `${own}#1` },
      },
    ];
    const { events, merge } = merged([node('a', 'b'), node('b', 'a')]);
    expect(events).toHaveLength(4);
    expect(merge.outOfOrder).toBe(1);
  });
});
