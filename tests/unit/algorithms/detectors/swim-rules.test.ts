/** The arithmetic of SWIM, Lifeguard and memberlist, and what knowledge does when it meets. */

import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../../../src/algorithms/swim/messages.ts';
import { publish, takeNews, type NewsDesk } from '../../../../src/algorithms/swim/news-desk.ts';
import {
  enterOrder,
  nextInOrder,
  type ProbeOrder,
} from '../../../../src/algorithms/swim/probe-order.ts';
import {
  retransmitLimit,
  rules,
  suspicionTerms,
  type Standing,
} from '../../../../src/algorithms/swim/rules.ts';
import { Random } from '../../../../src/core/random.ts';
import { fc } from '../../../support/property.ts';

const standings = fc.record({
  status: fc.constantFrom(...STATUSES),
  incarnation: fc.integer({ min: 0, max: 3 }),
});

const merged = (known: Standing, news: Standing) => (rules.overrides(news, known) ? news : known);

test('knowledge is a maximum: order and repetition of news make no difference', () => {
  fc.assert(
    fc.property(fc.array(standings, { minLength: 1 }), fc.infiniteStream(fc.nat()), (all, at) => {
      const heard = all.reduce(merged);
      const shuffled = [...all, ...all]
        .map((standing) => ({ standing, at: at.next().value! }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ standing }) => standing);
      expect(shuffled.reduce(merged)).toEqual(heard);
    }),
  );
});

test('a contradiction overrides what it contradicts, and only that is contradicted which could stand', () => {
  fc.assert(
    fc.property(standings, fc.integer({ min: 0, max: 3 }), (said, own) => {
      const incarnation = rules.refutation(own, said);
      if (incarnation === undefined) {
        expect(said.status === 'alive' || said.incarnation < own).toBe(true);
        return;
      }
      expect(incarnation).toBeGreaterThan(own);
      expect(rules.overrides({ status: 'alive', incarnation }, said)).toBe(true);
    }),
  );
});

describe('memberlist’s timeouts', () => {
  const lan = { mult: 4, maxMult: 6 };

  test.each([
    [3, 4, 24],
    [5, 4, 24],
    [10, 4, 24],
    [100, 8, 48],
    [1000, 12, 72],
    [10_000, 16, 96],
  ])('%i nodes: %i to %i s', (count, min, max) => {
    const { minMs, maxMs } = suspicionTerms(count, 1000, lan);
    expect(minMs).toBeCloseTo(min * 1000, 6);
    expect(maxMs).toBeCloseTo(max * 1000, 6);
  });

  test('few to agree, nobody to wait for', () => {
    expect(suspicionTerms(3, 1000, lan).confirmations).toBe(0);
    expect(suspicionTerms(4, 1000, lan).confirmations).toBe(2);
    expect(rules.suspicionMs(suspicionTerms(3, 1000, lan), 0)).toBe(4000);
  });

  test('each that shares a suspicion shortens it, by the logarithm', () => {
    const terms = { minMs: 2000, maxMs: 30_000, confirmations: 3 };
    // max − (max − min) · log(C + 1) / log(k + 1), with k = 3.
    const lengths = [0, 1, 2, 3, 4].map((shared) => Math.round(rules.suspicionMs(terms, shared)));
    expect(lengths).toEqual([30_000, 16_000, 7811, 2000, 2000]);
  });

  test('news is passed on 4 · ⌈log₁₀(n + 1)⌉ times', () => {
    for (const count of [1, 2, 9, 10, 99, 100, 999, 1000, 12_345]) {
      expect(retransmitLimit(count, 4)).toBe(4 * Math.ceil(Math.log10(count + 1)));
    }
  });
});

test('local health: an answer is a point less, silence counts for those who did not even say no', () => {
  const after = (answered: boolean, asked: number, heardBack: number) =>
    rules.healthAfter(3, { answered, asked, heardBack }, 7);
  expect(after(true, 0, 0)).toBe(2);
  expect(after(false, 0, 0)).toBe(4);
  expect(after(false, 3, 3)).toBe(3);
  expect(after(false, 3, 1)).toBe(5);
  expect(rules.healthAfter(6, { answered: false, asked: 3, heardBack: 0 }, 7)).toBe(7);
  expect(rules.healthAfter(0, { answered: true, asked: 0, heardBack: 0 }, 7)).toBe(0);
});

test('everybody is probed within 2n − 1 periods, whoever joins meanwhile', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (count, seed) => {
      const random = Random.stream(seed, 'order');
      const order: ProbeOrder<number> = { peers: [], at: 0 };
      for (let peer = 0; peer < count; peer++) enterOrder(order, peer, random);
      const last = new Map<number, number>();
      for (let period = 0; period < 100; period++) {
        const probed = nextInOrder(order, () => true, random)!;
        expect(period - (last.get(probed) ?? -1)).toBeLessThanOrEqual(2 * count - 1);
        last.set(probed, period);
      }
      expect(last.size).toBe(count);
      // One newcomer is met in the round that goes on, or the next.
      enterOrder(order, count, random);
      const met = Array.from({ length: 2 * count + 1 }, () =>
        nextInOrder(order, () => true, random),
      );
      expect(met).toContain(count);
      expect(nextInOrder(order, (peer) => peer === count, random)).toBe(count);
      expect(nextInOrder(order, () => false, random)).toBeUndefined();
    }),
  );
});

test('news: the least told first, what concerns the receiver in any case, each so often and no more', () => {
  const desk: NewsDesk = new Map();
  const item = (node: string, incarnation = 0) => {
    return { node, status: 'alive', incarnation, by: node } as const;
  };
  for (const node of ['a', 'b', 'c']) publish(desk, item(node));
  const take = (to: string) => takeNews(desk, 2, to, (sends) => sends >= 2).map(({ node }) => node);
  expect(take('x')).toEqual(['a', 'b']);
  expect(take('x')).toEqual(['c', 'a']);
  expect(take('c')).toEqual(['c', 'b']);
  expect(take('x')).toEqual([]);
  publish(desk, item('a', 1));
  publish(desk, item('a', 2));
  expect(takeNews(desk, 9, 'x', () => false)).toEqual([item('a', 2)]);
});
