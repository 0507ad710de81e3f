import { expect, test } from 'vitest';
import { parseLatency } from '../../../src/cli/run/latency.ts';

test.each([
  ['10-50', { min: 10, max: 50 }],
  ['20', { min: 20, max: 20 }],
  ['0', { min: 0, max: 0 }],
  ['0.5-2.25', { min: 0.5, max: 2.25 }],
  [' 10-50ms ', { min: 10, max: 50 }],
])('%s is a latency', (text, latency) => {
  expect(parseLatency(text)).toEqual(latency);
});

test.each(['', '-', '10-', '-10', '10--20', 'ten', '10-50-90', '1e3', 'NaN', 'Infinity', '10..20'])(
  "'%s' is none, and the answer says what one looks like",
  (text) => {
    expect(parseLatency(text)).toMatch(/10-50/);
  },
);

test('the wrong order is turned round in the answer', () => {
  expect(parseLatency('50-10')).toBe('The smaller number comes first: 10-50.');
});

test('a latency above a minute is taken for a mistake', () => {
  expect(parseLatency('60001')).toMatch(/at most 60000 ms/);
  expect(parseLatency('60000')).toEqual({ min: 60_000, max: 60_000 });
});
