/** The journal against what it promises: each message once, in order, whatever comes in whatever order, however often. */

import { describe, expect, test } from 'vitest';
import { Journal } from '../../../../src/algorithms/pubsub/journal.ts';
import type { Batch } from '../../../../src/algorithms/pubsub/messages.ts';
import { rules } from '../../../../src/algorithms/pubsub/rules.ts';
import { streamOf } from '../../../../src/algorithms/pubsub/streams.ts';
import { signedValue } from '../../../../src/core/signed.ts';
import { fc } from '../../../support/property.ts';

const BOUNDS = { bytesMax: 1e9, ageMs: 1e9, gapMs: 1000 };

function batchOf(
  signer: string,
  first: number,
  { life = 1, count = 1, after = {}, lamport = first, text = 'x' }: Partial<Options> = {},
): Batch {
  const messages = Array.from({ length: count }, () => ({
    topic: 't',
    payload: text,
    retain: false,
  }));
  const fields = { life, first, lamport, after, sent_at: 0, messages };
  return signedValue<Batch>({
    ...{ type: 'Batch', path: 'pubsub', signer, fields },
    signature: undefined,
  });
}

interface Options {
  readonly life: number;
  readonly count: number;
  readonly after: Record<string, number>;
  readonly lamport: number;
  readonly text: string;
}

/** What three authors said who hear one another now and then. */
const conversation = fc
  .array(
    fc.record({
      author: fc.constantFrom('a', 'b', 'c'),
      hears: fc.boolean(),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((turns) => {
    const next: Record<string, number> = {};
    const said: Batch[] = [];
    for (const { author, hears, count } of turns) {
      const first = next[author] ?? 1;
      const after = Object.fromEntries(
        Object.entries(next)
          .filter(([other]) => hears && other !== author)
          .map(([other, number]) => [streamOf(other, 1), number - 1]),
      );
      said.push(batchOf(author, first, { count, after, lamport: said.length * 10 + 1 }));
      next[author] = first + count;
    }
    return said;
  });

describe('what comes in any order, and several times', () => {
  test('passes once, in the order of each author, and after what it depends on', () => {
    fc.assert(
      fc.property(conversation, fc.infiniteStream(fc.nat()), (said, chance) => {
        const journal = new Journal(BOUNDS, rules);
        const draws = chance[Symbol.iterator]();
        const draw = (below: number): number => (draws.next().value as number) % below;
        const waiting = [...said, ...said.filter(() => draw(2) === 0)];
        const passed: Batch[] = [];
        while (waiting.length > 0) {
          journal.take(waiting.splice(draw(waiting.length), 1)[0]!, 0);
          passed.push(...journal.ready().passed.map(({ batch }) => batch));
        }
        expect(new Set(passed).size).toBe(passed.length);
        expect(passed.length).toBe(said.length);
        const have: Record<string, number> = {};
        for (const { signer, life, first, messages, after } of passed) {
          const stream = streamOf(signer, life);
          expect(first).toBe((have[stream] ?? 0) + 1);
          for (const [other, number] of Object.entries(after)) {
            expect(have[other] ?? 0).toBeGreaterThanOrEqual(number);
          }
          have[stream] = first + messages.length - 1;
        }
      }),
      { numRuns: 200 },
    );
  });

  test('anti-entropy makes two journals alike, whatever each has, in answers of any size', () => {
    fc.assert(
      fc.property(
        conversation,
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 1, max: 2000 }),
        (said, coin, bytesMax) => {
          const coins = coin[Symbol.iterator]();
          const [one, other] = [new Journal(BOUNDS, rules), new Journal(BOUNDS, rules)];
          for (const batch of said) (coins.next().value === true ? one : other).take(batch, 0);
          const none = { stream: '', end: 0 };
          for (let round = 0; round < 2 * said.length + 2; round++) {
            for (const [from, to] of [
              [one, other],
              [other, one],
            ] as const) {
              const { batches } = from.missingFrom(to.have(), { bytesMax, countMax: 4 }, none);
              for (const batch of batches) to.take(batch, 0);
            }
          }
          // What comes before its predecessor is known, and not spoken of: so both have at least every beginning that one of them had.
          expect(one.have()).toEqual(other.have());
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what is wrong', () => {
  test('a second message under the same number is a conflict, and changes nothing', () => {
    const journal = new Journal(BOUNDS, rules);
    expect(journal.take(batchOf('a', 1), 0)).toBe('new');
    expect(journal.take(batchOf('a', 1), 0)).toBe('known');
    expect(journal.take(batchOf('a', 1, { text: 'something else' }), 0)).toBe('conflict');
    expect(journal.take(batchOf('a', 1, { count: 2 }), 0)).toBe('conflict');
    expect(journal.have()).toEqual({ '1/a': 1 });
  });

  test('a life that is older than the eight that are known is refused: nobody can play it again', () => {
    const journal = new Journal(BOUNDS, rules);
    for (let life = 10; life < 18; life++)
      expect(journal.take(batchOf('a', 1, { life }), 0)).toBe('new');
    expect(journal.take(batchOf('a', 1, { life: 9 }), 0)).toBe('stale');
    expect(journal.take(batchOf('a', 1, { life: 18 }), 0)).toBe('new');
    expect(journal.take(batchOf('a', 1, { life: 10 }), 0)).toBe('stale');
  });

  test('what waits for its predecessor is bounded', () => {
    const journal = new Journal(BOUNDS, rules);
    const receptions = Array.from({ length: 300 }, (_, i) => journal.take(batchOf('a', 2 + i), 0));
    expect(receptions.filter((each) => each === 'full').length).toBe(300 - 256);
    expect(journal.take(batchOf('a', 1), 0)).toBe('new');
    expect(journal.have()).toEqual({ '1/a': 257 });
  });
});

describe('retention', () => {
  test('drops the oldest when it is too much, and goes on knowing that it had it', () => {
    const journal = new Journal({ ...BOUNDS, bytesMax: 2000 }, rules);
    for (let first = 1; first <= 50; first++) journal.take(batchOf('a', first), first);
    expect(journal.bytes).toBeLessThanOrEqual(2000);
    const floor = journal.streams.get('1/a')!.floor;
    expect(floor).toBeGreaterThan(10);
    expect(journal.take(batchOf('a', 1), 60)).toBe('known');
    const { dropped, raised } = journal.trimmed();
    expect(dropped.length).toBe(floor);
    expect(raised.map(({ id }) => id)).toEqual(['1/a']);
  });

  test('goes on behind what nobody keeps, but not before time is over', () => {
    const journal = new Journal(BOUNDS, rules);
    journal.take(batchOf('a', 5), 0);
    expect(journal.tend(0, { '1/a': 4 })).toEqual([]);
    expect(journal.tend(999, { '1/a': 4 })).toEqual([]);
    expect(journal.tend(1000, { '1/a': 2 })).toEqual([]);
    journal.tend(1001, { '1/a': 2 });
    expect(journal.tend(2001, { '1/a': 4 })).toEqual([{ stream: '1/a', from: 1, to: 4 }]);
    expect(journal.have()).toEqual({ '1/a': 5 });
    expect(journal.ready().passed.map(({ first }) => first)).toEqual([5]);
  });
});
