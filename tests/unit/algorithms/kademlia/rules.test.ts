/** The space, the table and the lookup of Kademlia, by the properties that the paper rests on. */

import { describe, expect, test } from 'vitest';
import {
  beginLookup,
  closestOf,
  isOver,
  nextToAsk,
  noteAnswer,
  noteSilence,
} from '../../../../src/algorithms/kademlia/lookup.ts';
import {
  commonPrefix,
  compareDistance,
  POSITION_WORDS,
  positionIn,
  positionOf,
  type Position,
} from '../../../../src/algorithms/kademlia/positions.ts';
import {
  closestIn,
  emptyTable,
  noteFailed,
  noteSeen,
} from '../../../../src/algorithms/kademlia/routing-table.ts';
import { fc } from '../../../support/property.ts';

const word = fc.oneof(fc.constantFrom(0, 1, 0x80000000, 0xffffffff), fc.nat({ max: 0xffffffff }));
const positions = fc.array(word, { minLength: POSITION_WORDS, maxLength: POSITION_WORDS });

const number = (position: Position) =>
  position.reduce((all, one) => (all << 32n) | BigInt(one), 0n);

describe('the space', () => {
  test('distances are compared as the numbers that they are', () => {
    fc.assert(
      fc.property(positions, positions, positions, (target, a, b) => {
        const [toA, toB] = [number(target) ^ number(a), number(target) ^ number(b)];
        expect(Math.sign(compareDistance(target, a, b))).toBe(toA < toB ? -1 : toA > toB ? 1 : 0);
      }),
    );
  });

  test('the closer of two has no fewer bits in common', () => {
    fc.assert(
      fc.property(positions, positions, positions, (target, a, b) => {
        if (compareDistance(target, a, b) > 0) return;
        expect(commonPrefix(target, a)).toBeGreaterThanOrEqual(commonPrefix(target, b));
      }),
    );
  });

  test('a position of a bucket lies in it', () => {
    fc.assert(
      fc.property(positions, fc.nat({ max: 159 }), positions, (own, bucket, rest) => {
        const found = positionIn(own, bucket, rest);
        expect(commonPrefix(own, found)).toBe(bucket);
        expect(found.every((one) => Number.isInteger(one) && one >= 0 && one <= 0xffffffff)).toBe(
          true,
        );
      }),
    );
  });

  test('a key lies where its SHA-256 begins', () => {
    // sha256('abc') = ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 …
    expect(positionOf('abc')).toEqual([0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3]);
  });
});

describe('a bucket', () => {
  const hasRoom = (size: number) => size < 3;

  test('keeps those who were there, in the order in which they were heard of', () => {
    const table = emptyTable<string>(1);
    for (const peer of ['a', 'b', 'c', 'd', 'a', 'e']) noteSeen(table, 0, peer, hasRoom, 2);
    expect(table.buckets[0]).toEqual(['b', 'c', 'a']);
    expect(table.spares[0]).toEqual(['d', 'e']);
    noteSeen(table, 0, 'f', hasRoom, 2);
    noteFailed(table, 0, 'c');
    expect(table.buckets[0]).toEqual(['b', 'a', 'f']);
    noteFailed(table, 0, 'e');
    noteFailed(table, 0, 'stranger');
    expect(table).toEqual({ buckets: [['b', 'a', 'f']], spares: [[]] });
  });
});

describe('a lookup', () => {
  const at = (value: number): Position => [0, 0, 0, 0, value];
  const rules = { k: 2, alpha: 2 };
  const mayAsk = (asking: number) => asking < rules.alpha;

  test('asks the closest, goes on with whom they know, passes over who is silent, and ends', () => {
    const lookup = beginLookup(at(0), [8, 9]);
    const next = () => nextToAsk(lookup, rules, mayAsk);
    expect(next()).toEqual([8, 9]);
    expect(next()).toEqual([]);
    noteAnswer(lookup, 8, [1, 4, 9], rules, at);
    expect(next()).toEqual([1]);
    noteSilence(lookup, 1);
    noteAnswer(lookup, 9, [], rules, at);
    expect(isOver(lookup, rules)).toBe(false);
    expect(next()).toEqual([4]);
    noteAnswer(lookup, 4, [1, 8], rules, at);
    expect(isOver(lookup, rules)).toBe(true);
    expect(closestOf(lookup, 2)).toEqual([
      { peer: 4, state: 'answered', depth: 2 },
      { peer: 8, state: 'answered', depth: 1 },
    ]);
  });

  test('an answer that nobody asked for is none', () => {
    const lookup = beginLookup(at(0), [8]);
    noteAnswer(lookup, 3, [1, 2], rules, at);
    expect(lookup.candidates).toHaveLength(1);
  });

  test('the closest of a table come first, whatever their buckets', () => {
    const table = emptyTable<number>(4);
    for (const [bucket, peers] of [[12, 9], [5, 6], [3], [1]].entries()) {
      for (const peer of peers) noteSeen(table, bucket, peer, () => true, 1);
    }
    expect(closestIn(table, at(4), 3, at)).toEqual([5, 6, 1]);
  });
});
