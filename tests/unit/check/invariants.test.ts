import { describe, expect, test } from 'vitest';
import { firstViolation } from '../../../src/check/invariants.ts';
import type { GlobalView, Invariant } from '../../../src/core/invariant.ts';

const view: GlobalView = {
  nodes: [{ id: 'n1', status: 'running', state: { leader: true }, settings: {} }],
};
const holds: Invariant = { name: 'Something is true', check: () => undefined };
const broken = (name: string): Invariant => ({
  name,
  check: ({ nodes }) => `${nodes[0]!.id} lies`,
});

describe('firstViolation', () => {
  test('is undefined when everything holds', () => {
    expect(firstViolation([holds, holds], view)).toBeUndefined();
  });

  test('names the first that does not hold, and why', () => {
    expect(firstViolation([holds, broken('Nobody lies'), broken('Later')], view)).toEqual({
      invariant: 'Nobody lies',
      detail: 'n1 lies',
    });
  });

  test('takes a check that throws for one that does not hold', () => {
    const careless: Invariant = {
      name: 'A log is never empty',
      check: () => {
        throw new Error('log is undefined');
      },
    };
    expect(firstViolation([careless], view)?.detail).toMatch(/log is undefined/);
  });
});
