import { expect, test } from 'vitest';
import { chapter } from '../../../src/algorithms/bracha/index.ts';
import {
  invariants,
  type VisibleInstance,
  type VisibleState,
} from '../../../src/algorithms/bracha/invariants.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';

/** A broadcast of `value` as it looks when all four have said all. */
const whole = (value: string): VisibleInstance => ({
  echoed: value,
  readied: value,
  echoes: { n1: value, n2: value, n3: value, n4: value },
  readies: { n1: value, n2: value, n3: value, n4: value },
});

const done = (value: string, more: Partial<VisibleState> = {}): Sketch<VisibleState> => ({
  state: {
    f: 1,
    value: null,
    instances: { n1: whole(value) },
    deliveries: [{ origin: 'n1', value }],
    ...more,
  },
});

const good = { n1: done('x', { value: 'x' }), n2: done('x'), n3: done('x'), n4: done('x') };

describeInvariants(invariants, situation(good), {
  'Agreement: no two nodes deliver different values of one origin': [
    situation({ ...good, n3: done('y') }),
    /n1 delivered 'x' and n3 'y'/,
  ],
  'Integrity: a node delivers once for an origin, and what that origin broadcast': [
    situation({
      ...good,
      n2: done('x', {
        deliveries: [
          { origin: 'n1', value: 'x' },
          { origin: 'n1', value: 'x' },
        ],
      }),
    }),
    /n2 delivered 2 times for n1/,
  ],
  'No two nodes are ready for different values of one origin': [
    situation({ ...good, n4: done('y', { deliveries: [] }) }),
    /n1 was ready for 'x' and n4 'y'/,
  ],
  'A ready has a quorum of echoes or f + 1 readies behind it, a delivery 2f + 1 readies': [
    situation({
      ...good,
      n2: done('x', { instances: { n1: { ...whole('x'), readies: { n2: 'x', n3: 'x' } } } }),
    }),
    /n2 delivered 'x' of n1 on 2 readies/,
  ],
  'Nobody is quoted with an echo or a ready that it did not send': [
    situation({
      ...good,
      n2: done('x', { instances: { n1: { ...whole('x'), echoes: { n1: 'x', n3: 'y' } } } }),
    }),
    /n2 holds that n3 echoed 'y'/,
  ],
});

test('integrity: another value than the origin’s, and a value of an origin that said nothing', () => {
  const integrity = invariants[1]!;
  expect(integrity.check(situation({ ...good, n1: done('x', { value: 'z' }) }))).toMatch(
    /broadcast z/,
  );
  expect(integrity.check(situation({ ...good, n1: done('x') }))).toMatch(/broadcast nothing/);
});

test('a ready on one echo and one ready has no quorum', () => {
  const lonely = { ...whole('x'), echoes: { n2: 'x' }, readies: { n2: 'x' } };
  const n2 = done('x', { instances: { n1: lonely }, deliveries: [] });
  expect(invariants[3]!.check(situation({ ...good, n2 }))).toMatch(
    /n2 was ready .* without a quorum/,
  );
});

test('the picture says how far each broadcast is', () => {
  const state = (
    instance: Partial<VisibleInstance>,
    deliveries: VisibleState['deliveries'] = [],
  ) => ({
    f: 1,
    value: null,
    instances: { n1: { echoed: null, readied: null, echoes: {}, readies: {}, ...instance } },
    deliveries,
  });
  const badge = (shown: VisibleState) => chapter.view!(shown).badges;
  expect(badge(state({}))).toEqual(['n1 heard of']);
  expect(badge(state({ echoed: 'x', echoes: { n2: 'x' } }))).toEqual(['n1 echo 1']);
  expect(badge(state({ readied: 'x', readies: { n2: 'x' } }))).toEqual(['n1 ready 1']);
  expect(badge(state({}, [{ origin: 'n1', value: 'x' }]))).toEqual(['n1 delivered']);
  expect(chapter.view!({ ...state({}), value: 'x' }).role).toBe('sender');
});
