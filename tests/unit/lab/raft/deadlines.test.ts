/** Many deadlines with one timer, and many questions in one turn. */

import { expect, test } from 'vitest';
import { Deadlines } from '../../../../src/lab/raft/deadlines.ts';
import { Together } from '../../../../src/lab/raft/together.ts';
import { fc } from '../../../support/property.ts';
import { HandClock } from '../../../support/hand-clock.ts';

test('each deadline is over at its time, in order, unless it was given up', async () => {
  const delays = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.boolean()), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(delays, async (wanted) => {
      const clock = new HandClock();
      const deadlines = new Deadlines(clock);
      const over: (readonly [number, number])[] = [];
      wanted.forEach(([ms, isKept], at) => {
        const giveUp = deadlines.at(ms, () => over.push([at, clock.now()]));
        if (!isKept) giveUp();
      });
      await clock.advance(60);
      const kept = wanted.map(([ms, isKept], at) => [at, ms, isKept] as const);
      const expected = kept.filter(([, , isKept]) => isKept).map(([at, ms]) => [at, ms]);
      expect(over.toSorted(([a], [b]) => a - b)).toEqual(expected);
      expect(over.map(([, ms]) => ms)).toEqual(over.map(([, ms]) => ms).toSorted((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

test('what is asked in one turn is asked together, and each has its own answer', async () => {
  const asked: (readonly number[])[] = [];
  const together = new Together<number, string>((numbers) => {
    asked.push(numbers);
    return numbers.map((number) => Promise.resolve(`answer ${number}`));
  });
  expect(await Promise.all([together.ask(1), together.ask(2)])).toEqual(['answer 1', 'answer 2']);
  expect(await together.ask(3)).toBe('answer 3');
  expect(asked).toEqual([[1, 2], [3]]);
});
