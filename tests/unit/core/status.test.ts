import { describe, expect, test } from 'vitest';
import {
  endedWell,
  hasEnded,
  hasReached,
  isNewer,
  missing,
  NODE_STATUSES,
  type NodeStatus,
  type Standing,
} from '../../../src/core/status.ts';
import { fc } from '../../support/property.ts';

const standings: fc.Arbitrary<Standing> = fc.record({
  incarnation: fc.nat({ max: 3 }),
  status: fc.constantFrom(...NODE_STATUSES),
});

/** What a table holds after both were learned, `a` first. */
const merge = (a: Standing, b: Standing): Standing => (isNewer(b, a) ? b : a);

describe('merging standings', () => {
  test('is idempotent: nothing is news twice', () => {
    fc.assert(
      fc.property(standings, (a) => {
        expect(isNewer(a, a)).toBe(false);
      }),
    );
  });

  test('does not depend on the order', () => {
    fc.assert(
      fc.property(standings, standings, (a, b) => {
        expect(merge(a, b)).toEqual(merge(b, a));
      }),
    );
  });

  test('does not depend on who told whom', () => {
    fc.assert(
      fc.property(standings, standings, standings, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  test('never goes back', () => {
    fc.assert(
      fc.property(standings, standings, (a, b) => {
        const after = merge(a, b);
        expect(after.incarnation).toBeGreaterThanOrEqual(a.incarnation);
        if (after.incarnation === a.incarnation) expect(hasReached(after, a.status)).toBe(true);
      }),
    );
  });

  test('a newer incarnation wins, however far the older one came', () => {
    const old: Standing = { incarnation: 0, status: 'departed' };
    expect(merge(old, { incarnation: 1, status: 'joining' }).status).toBe('joining');
  });

  test('the first thing that is heard is news', () => {
    expect(isNewer({ incarnation: 0, status: 'joining' }, undefined)).toBe(true);
  });
});

describe('how far a node has come', () => {
  const LIFE: readonly NodeStatus[] = ['joining', 'ready', 'running', 'finished', 'terminated'];
  const ENDS: readonly NodeStatus[] = ['terminated', 'stopped', 'timeout', 'departed', 'failed'];

  test('its life is a line', () => {
    for (const [i, status] of LIFE.entries()) {
      for (const [j, other] of LIFE.entries()) {
        expect(hasReached({ incarnation: 0, status }, other)).toBe(i >= j);
      }
    }
  });

  test('nobody waits for a node that has ended, however it ended', () => {
    for (const status of ENDS) {
      for (const other of LIFE) {
        expect(hasReached({ incarnation: 0, status }, other), `${status} for ${other}`).toBe(true);
      }
    }
  });

  test('a node that was never heard of has reached nothing', () => {
    for (const status of NODE_STATUSES) expect(hasReached(undefined, status)).toBe(false);
  });

  test('these are ends, and two of them are good ones', () => {
    expect(NODE_STATUSES.filter(hasEnded)).toEqual(ENDS);
    expect(NODE_STATUSES.filter(endedWell)).toEqual(['terminated', 'stopped']);
  });

  test('a barrier waits for those who are behind, and for those who were never heard of', () => {
    const table = new Map<string, Standing>([
      ['n1', { incarnation: 0, status: 'ready' }],
      ['n2', { incarnation: 0, status: 'joining' }],
      ['n4', { incarnation: 2, status: 'departed' }],
    ]);
    expect(missing(['n1', 'n2', 'n3', 'n4'], table, 'ready')).toEqual(['n2', 'n3']);
    expect(missing(['n1', 'n2', 'n3', 'n4'], table, 'finished')).toEqual(['n1', 'n2', 'n3']);
    expect(missing([], table, 'ready')).toEqual([]);
  });
});
