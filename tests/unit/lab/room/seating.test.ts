/** Who runs which node. */

import { describe, expect, test } from 'vitest';
import { seatNodes, type Candidate, type SeatlessNode } from '../../../../src/lab/room/seating.ts';
import { LINKS_PER_NODE_MAX, NODES_PER_PAGE_MAX } from '../../../../src/net/limits.ts';
import { fc } from '../../../support/property.ts';

const nodes = (count: number, links = 1): readonly SeatlessNode[] =>
  Array.from({ length: count }, (_, at) => ({ id: `n${at + 1}`, links }));
const tabs = (count: number): readonly Candidate[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ member: `m${at + 1}`, key: `${at + 1}`.repeat(8), name: `Tab ${at + 1}` },
  }));
const seats = (...args: Parameters<typeof seatNodes>) =>
  Object.fromEntries(seatNodes(...args).map(({ node, member }) => [node, member]));

describe('seats', () => {
  test('are given in the order of joining, one each when there are enough tabs', () => {
    expect(seats(nodes(3), tabs(4))).toEqual({ n1: 'm1', n2: 'm2', n3: 'm3' });
  });

  test('are spread evenly over fewer tabs', () => {
    expect(seats(nodes(5), tabs(2))).toEqual({ n1: 'm1', n2: 'm2', n3: 'm1', n4: 'm2', n5: 'm1' });
  });

  test('differ by at most one node, never exceed a page, and leave no node out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }), (page, run) => {
        fc.pre(run <= page * NODES_PER_PAGE_MAX);
        const given = seatNodes(nodes(run), tabs(page));
        expect(given.map(({ node }) => node)).toEqual(nodes(run).map(({ id }) => id));
        const counts = tabs(page).map(
          ({ member }) => given.filter((seat) => seat.member === member).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(Math.max(...counts)).toBeLessThanOrEqual(NODES_PER_PAGE_MAX);
      }),
    );
  });

  test('go to whom they are pinned, by hand or by key', () => {
    const [first, ...rest] = nodes(3);
    const pinned = [{ ...first!, publicKey: '3'.repeat(8) }, ...rest];
    expect(seats(pinned, tabs(3), { n3: 'm2' })).toEqual({ n1: 'm3', n2: 'm1', n3: 'm2' });
  });

  test('are refused when tabs are missing, with how many', () => {
    expect(() => seatNodes(nodes(17), tabs(1))).toThrow(/17 nodes and 1 tab is here.*2 more tabs/);
    expect(() => seatNodes(nodes(17), tabs(2))).toThrow(/2 tabs are here.*one more tab/);
    expect(() => seatNodes(nodes(1), [])).toThrow(/open the link in another tab/i);
  });

  test('are refused when a node would have too many links', () => {
    const crowd = nodes(2, LINKS_PER_NODE_MAX + 1);
    expect(() => seatNodes(crowd, tabs(2))).toThrow(/65 links.*at most 64.*fewer neighbours/);
  });

  test('are refused when a pin cannot be kept', () => {
    expect(() => seatNodes(nodes(2), tabs(2), { n1: 'm9' })).toThrow(/n1 is given to a tab/);
    const keyed = [{ id: 'n1', links: 1, publicKey: 'f'.repeat(64) }];
    expect(() => seatNodes(keyed, tabs(2))).toThrow(/public_key/);
    const pins = Object.fromEntries(nodes(9).map(({ id }) => [id, 'm1']));
    expect(() => seatNodes(nodes(9), tabs(2), pins)).toThrow(/Tab 1 would run more than 8/);
  });
});
