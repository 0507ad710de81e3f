import { describe, expect, test } from 'vitest';
import { fc } from '../../support/property.ts';
import {
  answerTo,
  pushPull,
  takeAnswer,
  type Answered,
} from '../../../src/algorithms/gossip_average/push-pull.ts';
import {
  estimateOf,
  giveHalf,
  pushSum,
  take,
  type Total,
} from '../../../src/algorithms/gossip_average/push-sum.ts';
import { rules } from '../../../src/algorithms/gossip_average/rules.ts';
import { driftOf, spreadOf } from '../../../src/algorithms/spread.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 6,
});
/** What a network does next: picks of nodes and of messages, any number of times each. */
const moves = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 60 });

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('push-pull', () => {
  test('whatever is delivered, in whatever order and however often: once all is answered the sum is what it was', () => {
    fc.assert(
      fc.property(values, moves, (initial, picks) => {
        const nodes = initial.map((value) => pushPull(value));
        const offers: { from: number; to: number; number: number; value: number }[] = [];
        const answers: { from: number; to: number; answer: Answered }[] = [];
        const deliverOffer = (at: number) => {
          const { from, to, number, value } = offers[at]!;
          const answer = answerTo(nodes[to]!, String(from), { number, value }, rules);
          if (answer !== undefined) answers.push({ from: to, to: from, answer });
        };
        const deliverAnswer = (at: number) => {
          const { from, to, answer } = answers[at]!;
          takeAnswer(nodes[to]!, String(from), answer, rules);
        };
        for (const [what, which] of picks) {
          const node = nodes[which % nodes.length]!;
          if (what % 3 === 0 && node.pending === null) {
            const from = which % nodes.length;
            const to = (from + 1 + (what % (nodes.length - 1))) % nodes.length;
            node.pending = { peer: String(to), number: ++node.offers, waited: 0 };
            offers.push({ from, to, number: node.offers, value: node.value });
          } else if (what % 3 === 1 && offers.length > 0) {
            deliverOffer(which % offers.length);
          } else if (what % 3 === 2 && answers.length > 0) {
            deliverAnswer(which % answers.length);
          }
        }
        // Everything comes at last: offers that wait are said again, until nobody waits.
        for (let round = 0; round < nodes.length + 1; round++) {
          for (const at of offers.keys()) deliverOffer(at);
          for (const at of answers.keys()) deliverAnswer(at);
        }
        expect(nodes.every(({ pending }) => pending === null)).toBe(true);
        const scale = sum(initial.map((value) => 1 + Math.abs(value)));
        expect(Math.abs(sum(nodes.map(({ value }) => value)) - sum(initial))).toBeLessThan(
          1e-9 * scale,
        );
      }),
    );
  });
});

describe('push-sum', () => {
  test('totals that come late, twice or never cost nothing but time', () => {
    fc.assert(
      fc.property(values, moves, (initial, picks) => {
        const nodes = initial.map((value) => pushSum(value));
        const shares: { from: number; to: number; total: Total }[] = [];
        for (const [what, which] of picks) {
          if (what % 2 === 0) {
            const from = which % nodes.length;
            const to = (from + 1 + (what % (nodes.length - 1))) % nodes.length;
            shares.push({ from, to, total: giveHalf(nodes[from]!, String(to)) });
          } else if (shares.length > 0) {
            const { from, to, total } = shares[which % shares.length]!;
            take(nodes[to]!, String(from), total, rules);
          }
        }
        // The last share of each pair brings all that is missing.
        for (const { from, to, total } of shares) take(nodes[to]!, String(from), total, rules);
        expect(sum(nodes.map(({ weight }) => weight))).toBeCloseTo(nodes.length, 9);
        const scale = sum(initial.map((value) => 1 + Math.abs(value)));
        const total = sum(nodes.map((node) => node.sum));
        expect(Math.abs(total - sum(initial))).toBeLessThan(1e-9 * scale);
        for (const node of nodes) expect(Number.isFinite(estimateOf(node))).toBe(true);
      }),
    );
  });
});

describe('spread and drift', () => {
  test('of vectors', () => {
    expect(spreadOf([[1], [3]])).toBe(1);
    expect(
      spreadOf([
        [1, 0],
        [3, 0],
      ]),
    ).toBeCloseTo(Math.SQRT1_2, 12);
    expect(spreadOf([])).toBeUndefined();
    expect(driftOf([[1], [3]], [[3], [3]])).toBe(1);
    expect(driftOf([], [])).toBeUndefined();
  });
});
