import { describe, expect, test } from 'vitest';
import { checkConvergence } from '../../../src/check/convergence.ts';
import { EventualWatch, type Eventually } from '../../../src/check/eventually.ts';
import type { GlobalView } from '../../../src/core/invariant.ts';
import type { Value } from '../../../src/core/value.ts';

const replicas = (...values: Value[]) => values.map((value, at) => ({ id: `n${at + 1}`, value }));

describe('checkConvergence', () => {
  test('equal replicas have converged, whatever the order of their keys', () => {
    expect(checkConvergence(replicas({ a: 1, b: [2] }, { b: [2], a: 1 })).valid).toBe(true);
  });

  test.each<[string, Value, Value, string]>([
    ['a value', 1, 2, '2 here and 1 there'],
    ['a value within', { a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1] is 3 here and 2 there'],
    ['a key that is missing', { a: 1 }, {}, 'a is missing here and 1 there'],
    ['a key too many', {}, { a: 1 }, 'a is 1 here and missing there'],
    ['a longer list', [1], [1, 2], '[1] is 2 here and missing there'],
    ['a shorter list', [1, 2], [1], 'the list has 1 items here and 2 there'],
  ])('names the place where replicas differ: %s', (_what, a, b, place) => {
    const verdict = checkConvergence(replicas(a, a, b));
    expect(verdict).toMatchObject({ valid: false, counts: { diverged: 1 } });
    expect(verdict.anomalies[0]!.detail).toBe(`n3 and n1, n2 differ: ${place}`);
  });

  test('one replica alone shows nothing', () => {
    expect(checkConvergence(replicas(1)).valid).toBe('unknown');
  });
});

describe('EventualWatch', () => {
  const viewOf = (isTrue: boolean): GlobalView => ({
    nodes: [{ id: 'n1', status: 'running', state: { isTrue }, settings: {} }],
  });
  const property = (more: Partial<Eventually> = {}): Eventually => ({
    name: 'It is true',
    deadlineMs: 100,
    check: ({ nodes }) => (nodes[0]!.state.isTrue ? undefined : 'n1 says no'),
    ...more,
  });
  /** At these moments it becomes true and false in turns, first false. */
  const watch = (more: Partial<Eventually>, moments: readonly number[], endMs: number) => {
    const eventual = new EventualWatch(property(more));
    moments.forEach((timeMs, at) => eventual.observe(timeMs, viewOf(at % 2 === 1)));
    return eventual.finish(endMs);
  };

  test.each<[string, Partial<Eventually>, number[], number, boolean | 'unknown']>([
    ['true in time', {}, [0, 40], 200, true],
    ['true at the deadline', {}, [0, 100], 200, true],
    ['true too late', {}, [0, 101], 200, false],
    ['never true', {}, [0], 200, false],
    ['not yet true at the end, before the deadline', {}, [0], 60, 'unknown'],
    ['true for a moment', {}, [0, 40, 50], 200, true],
    ['true for a moment, to stay', { stays: true }, [0, 40, 50], 200, false],
    ['true for a moment, then for good', { stays: true }, [0, 40, 50, 90], 200, true],
    ['for good too late', { stays: true }, [0, 40, 50, 120], 200, false],
    ['true before the time counts, and still', { afterMs: 50 }, [0, 20], 200, true],
    ['true before the time counts only', { afterMs: 50 }, [0, 20, 30], 200, false],
    ['true when the time begins to count', { afterMs: 50 }, [0, 20, 70], 200, true],
    ['true in time after that', { afterMs: 50 }, [0, 150], 200, true],
    ['true too late after that', { afterMs: 50 }, [0, 151], 200, false],
    ['true from long before, to stay', { afterMs: 50, stays: true }, [0, 10], 200, true],
  ])('%s', (_what, more, moments, endMs, valid) => {
    expect(watch(more, moments, endMs).valid).toBe(valid);
  });

  test('says when it came true, or what was missing last', () => {
    expect(watch({}, [0, 40], 200)).toMatchObject({
      explanation: 'It is true: from 40 ms on',
      facts: { due_ms: 100, met_ms: 40 },
    });
    expect(watch({}, [0, 130], 200).anomalies[0]!.detail).toBe(
      'It is true: only at 130 ms, due at 100 ms; at 0 ms: n1 says no',
    );
    expect(watch({ stays: true }, [0, 40, 50], 200).anomalies[0]!.detail).toBe(
      'It is true: not by 200 ms, due at 100 ms; at 50 ms: n1 says no',
    );
  });

  test('is decided when nothing can change the verdict', () => {
    const eventual = new EventualWatch(property());
    eventual.observe(0, viewOf(false));
    expect([eventual.isDecided(100), eventual.isDecided(101)]).toEqual([false, true]);
    eventual.observe(50, viewOf(true));
    expect(eventual.isDecided(60)).toBe(true);
    const staying = new EventualWatch(property({ stays: true }));
    staying.observe(50, viewOf(true));
    expect(staying.isDecided(60)).toBe(false);
  });

  test('takes a check that throws for one that is not true', () => {
    const eventual = new EventualWatch(
      property({
        check: () => {
          throw new Error('no log');
        },
      }),
    );
    eventual.observe(0, viewOf(true));
    expect(eventual.finish(200).explanation).toMatch(/the check itself failed: no log/);
  });
});
