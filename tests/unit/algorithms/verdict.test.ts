import { describe, expect, test } from 'vitest';
import {
  allReported,
  allTerminated,
  first,
  firstOf,
  hasFinished,
  nodeNames,
  reported,
  same,
  stateOf,
  within,
  withState,
} from '../../../src/algorithms/verdict.ts';
import type { NodeResult, RunResult } from '../../../src/core/result.ts';
import { situation } from './bad-views.ts';

function result(nodes: Readonly<Record<string, Partial<NodeResult>>>): RunResult {
  const whole = Object.entries(nodes).map(([id, node]) => [
    id,
    { status: 'terminated', report: {}, ...node },
  ]);
  return { nodes: Object.fromEntries(whole) } as RunResult;
}

test('the first complaint is the one that counts', () => {
  expect(first(undefined, undefined)).toBeUndefined();
  expect(first(undefined, 'a', 'b')).toBe('a');
  expect(firstOf([1, 2, 3], (n) => (n > 1 ? `${n}` : undefined))).toBe('2');
  expect(firstOf([], () => 'never')).toBeUndefined();
});

test('equality is that of values', () => {
  expect(same('it', { a: [1, -0] }, { a: [1, 0] })).toBeUndefined();
  expect(same('it', { b: 1, a: 2 }, { a: 2, b: 1 })).toBeUndefined();
  expect(same('it', [1], [2])).toBe('it: [1] instead of [2]');
});

test('a number lies within its bounds, both included', () => {
  expect(within('it', 1, 1, 2)).toBeUndefined();
  expect(within('it', 2, 1, 2)).toBeUndefined();
  expect(within('it', 3, 1, 2)).toBe('it: 3 does not lie between 1 and 2');
});

describe('results', () => {
  test('every node must have terminated by itself', () => {
    expect(allTerminated(result({ n1: {}, n2: {} }))).toBeUndefined();
    const late = result({ n1: {}, n2: { status: 'timeout', error: 'time is over' } });
    expect(allTerminated(late)).toBe('n2 is timeout: time is over');
  });

  test('reports are compared field by field', () => {
    const run = result({ n1: { report: { leader: 3, more: true } }, n2: { report: {} } });
    expect(reported(run, 'n1', { leader: 3 })).toBeUndefined();
    expect(reported(run, 'n9', {})).toBe('n9 is no node of the run');
    expect(allReported(run, { leader: 3 })).toBe('n2 reports leader: null instead of 3');
  });
});

test('a node without a state is passed over', () => {
  const view = situation<{ x?: number }>({ n1: { state: {} }, n2: { state: { x: 1 } } });
  expect(withState(view).map(({ id }) => id)).toEqual(['n2']);
  expect(stateOf(view, 'n1')).toBeUndefined();
  expect(stateOf(view, 'n2')).toEqual({ x: 1 });
  expect(stateOf(view, 'n3')).toBeUndefined();
});

test('finished and terminated nodes have done their part', () => {
  const done = (['running', 'finished', 'terminated', 'timeout'] as const).map((status) =>
    hasFinished({ status }),
  );
  expect(done).toEqual([false, true, true, false]);
});

test('names count from one', () => {
  expect(nodeNames(3)).toEqual(['n1', 'n2', 'n3']);
});
