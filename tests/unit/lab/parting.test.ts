import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { partingOfTraces } from '../../../src/lab/parting.ts';

function said(times: readonly number[], texts: readonly string[]): TraceEvent[] {
  return texts.map((text, index) => ({
    ...{ time: times[index] ?? index, node: 'n1', sequence: index + 1 },
    ...{ kind: 'log', path: 'talk', level: 'info', text },
  }));
}

test('traces part at the first event that differs, and where one of them ends', () => {
  const a = said([], ['one', 'two', 'three']);
  expect(partingOfTraces(a, said([], ['one', 'two', 'three']))).toBeUndefined();
  expect(partingOfTraces(a, said([], ['one', 'other']))).toEqual({ index: 1, timeMs: 1 });
  expect(partingOfTraces(a, a.slice(0, 2))).toEqual({ index: 2, timeMs: 2 });
});

test('clocks that do not agree are passed over, unless nothing else differs', () => {
  const a = said([0, 5, 9], ['one', 'two', 'three']);
  const parting = partingOfTraces(a, said([1, 4, 8], ['one', 'two', 'other']));
  expect(parting).toEqual({ index: 2, timeMs: 8, isTimeless: true });
  const late = partingOfTraces(a, said([0, 6, 9], ['one', 'two', 'three']));
  expect(late).toEqual({ index: 1, timeMs: 5 });
});
