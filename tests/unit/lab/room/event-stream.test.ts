/** Traces on their way: the newest arrive, and whoever reads knows how many did not. */

import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import {
  EventGaps,
  EventGatherer,
  EventQueue,
  type EventBatch,
} from '../../../../src/lab/room/event-stream.ts';
import type { Statement } from '../../../../src/lab/room/statement.ts';
import { traceLine } from '../../../../src/runtime/trace-file.ts';
import { fc } from '../../../support/property.ts';

const log = (sequence: number, length: number): TraceEvent => ({
  ...{ kind: 'log', node: 'n1', time: 0, sequence, path: '', level: 'info' },
  text: 'x'.repeat(length),
});

describe('a gatherer', () => {
  test('numbers every event once, in order, and sends batches of bounded length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 30 }), (lengths) => {
        const batches: EventBatch[] = [];
        const gatherer = new EventGatherer((batch) => batches.push(batch));
        gatherer.add(lengths.map((length, at) => log(at, length)));
        gatherer.flush();
        let next = 0;
        let seen = 0;
        for (const { first, lines } of batches) {
          expect(first).toBeGreaterThanOrEqual(next);
          expect(lines.length).toBeLessThanOrEqual(32 * 1024);
          const count = lines.trimEnd().split('\n').length;
          next = first + count;
          seen += count;
        }
        // Only those are missing that are longer than a batch.
        const short = lengths.filter(
          (length, at) => traceLine(log(at, length)).length <= 32 * 1024,
        );
        expect(seen).toBe(short.length);
      }),
    );
  });
});

const statement = (number: number, length: number): Statement => ({
  ...{ by: 'somebody', number, kind: 'events', signature: '' },
  text: 'x'.repeat(length),
});

describe('a queue for a slow reader', () => {
  test('sends one after the other, as fast as they are taken', async () => {
    const taken: number[] = [];
    let release = () => {};
    const queue = new EventQueue(({ number }) => {
      taken.push(number);
      return new Promise<void>((resolve) => (release = resolve));
    });
    queue.push(statement(1, 10), statement(2, 10));
    expect(taken).toEqual([1]);
    release();
    await Promise.resolve();
    await Promise.resolve();
    expect(taken).toEqual([1, 2]);
  });

  test('leaves the oldest out when too many wait, and never the newest', () => {
    const taken: number[] = [];
    let isOpen = false;
    const queue = new EventQueue(({ number }) => {
      if (isOpen) taken.push(number);
      return isOpen;
    });
    for (let number = 1; number <= 100; number++) queue.push(statement(number, 32 * 1024));
    isOpen = true;
    queue.resume();
    expect(taken.at(-1)).toBe(100);
    expect(taken).toHaveLength(32);
    expect(taken[0]).toBe(69);
  });

  test('sends nothing any more when it is closed', () => {
    const taken: number[] = [];
    const queue = new EventQueue(({ number }) => {
      taken.push(number);
      return true;
    });
    queue.close();
    queue.push(statement(1, 10));
    expect(taken).toEqual([]);
  });
});

describe('gaps in a stream', () => {
  test('are counted, and what comes again is known', () => {
    const gaps = new EventGaps();
    expect(gaps.take(1, 0, 10)).toBe(0);
    expect(gaps.take(1, 15, 5)).toBe(0);
    expect(gaps.missing).toBe(5);
    expect(gaps.take(1, 18, 4)).toBe(2);
    expect(gaps.take(1, 0, 10)).toBe(10);
    expect(gaps.missing).toBe(5);
  });

  test('do not come from a tab that was reloaded, nor from what it said before', () => {
    const gaps = new EventGaps();
    gaps.take(1, 0, 10);
    expect(gaps.take(2, 0, 3)).toBe(0);
    expect(gaps.take(1, 10, 4)).toBe(4);
    expect(gaps.missing).toBe(0);
  });

  test('add up to what was sent, whatever is left out', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (arrives) => {
        const gaps = new EventGaps();
        let shown = 0;
        arrives.forEach((isThere, at) => {
          if (isThere) shown += 10 - gaps.take(1, at * 10, 10);
        });
        const last = arrives.lastIndexOf(true);
        expect(shown + gaps.missing).toBe((last + 1) * 10);
      }),
    );
  });
});
