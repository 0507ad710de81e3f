/** Runs of sequence numbers come to what a plain set of numbers says, within their bounds. */

import { describe, expect, test } from 'vitest';
import {
  INCARNATIONS_MAX,
  noteSeen,
  noveltyOf,
  RUNS_MAX,
  seenCount,
  streamOf,
  type Stream,
} from '../../../../src/algorithms/dissemination/seen.ts';
import { fc } from '../../../support/property.ts';

const emptyStream = (): Stream => streamOf([], 1)!;

describe('what was seen of one incarnation', () => {
  test('is what a set of numbers would say', () => {
    const piece = fc.record({ sequence: fc.nat(60), count: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const stream = emptyStream();
        const set = new Set<number>();
        for (const { sequence, count } of pieces) {
          const numbers = Array.from({ length: count }, (_, i) => sequence + i);
          const known = numbers.filter((number) => set.has(number)).length;
          const expected = known === 0 ? 'new' : known === count ? 'seen' : 'overlap';
          const novelty = noveltyOf(stream, sequence, count);
          // Numbers that were seen in two pieces beside each other are one run.
          expect(novelty).toBe(expected);
          if (novelty !== 'new') continue;
          noteSeen(stream, sequence, count);
          for (const number of numbers) set.add(number);
          expect(seenCount(stream)).toBe(set.size);
        }
        const { runs } = stream;
        expect(runs).toEqual(runs.toSorted((a, b) => a - b));
        expect(new Set(runs).size).toBe(runs.length);
      }),
    );
  });

  test('is one run when nothing is missing, however much it is and in whatever order it came', () => {
    const stream = emptyStream();
    for (let i = 0; i < 10_000; i++) noteSeen(stream, i ^ 1, 1);
    expect(stream.runs).toEqual([0, 10_000]);
    expect(seenCount(stream)).toBe(10_000);
  });

  test('gives up its oldest gap when there are too many: what was missing there is old', () => {
    const stream = emptyStream();
    for (let i = 0; i <= RUNS_MAX; i++) noteSeen(stream, 2 * i, 1);
    expect(stream.runs.length).toBe(2 * RUNS_MAX);
    expect(noveltyOf(stream, 1, 1)).toBe('seen');
    expect(noveltyOf(stream, 3, 1)).toBe('new');
    expect(seenCount(stream)).toBe(RUNS_MAX + 1);
  });
});

describe('the incarnations of one origin', () => {
  test('are kept in order, the greatest of them; a lesser one never comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { maxLength: 40 }), (incarnations) => {
        const streams: Stream[] = [];
        const gone = new Set<number>();
        for (const incarnation of incarnations) {
          const before = streams.map((stream) => stream.incarnation);
          const stream = streamOf(streams, incarnation);
          if (stream === undefined) {
            expect(before.length).toBe(INCARNATIONS_MAX);
            expect(incarnation).toBeLessThan(Math.min(...before));
          } else {
            expect(stream.incarnation).toBe(incarnation);
            expect(gone.has(incarnation)).toBe(false);
          }
          const after = streams.map(({ incarnation: kept }) => kept);
          expect(after).toEqual([...new Set(after)].toSorted((a, b) => a - b));
          for (const one of before) if (!after.includes(one)) gone.add(one);
        }
      }),
    );
  });
});
