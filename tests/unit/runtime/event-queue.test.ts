import { describe, expect, test } from 'vitest';
import { EventQueue } from '../../../src/runtime/event-queue.ts';
import { fc } from '../../support/property.ts';

/** Few different times, so that many are equal; pops in between. */
const operations = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 6 }) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 6, noNaN: true }) },
    { weight: 2, arbitrary: fc.constant('pop' as const) },
  ),
  { maxLength: 200 },
);

describe('the event queue', () => {
  test('gives what a list sorted by time and then by order of arrival gives', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const queue = new EventQueue<number>();
        let model: { readonly time: number; readonly event: number }[] = [];
        let count = 0;
        const pop = () => {
          expect(queue.size).toBe(model.length);
          if (model.length > 0) expect(queue.nextTime).toBe(model[0]!.time);
          expect(queue.pop()).toBe(model[0]?.event);
          model = model.slice(1);
        };
        for (const operation of list) {
          if (operation === 'pop') {
            pop();
            continue;
          }
          queue.push(operation, ++count);
          // A stable sort: events of one time stay in their order.
          model = [...model, { time: operation, event: count }].toSorted((a, b) => a.time - b.time);
        }
        while (model.length > 0) pop();
        pop();
      }),
      { numRuns: 300 },
    );
  });

  test('may be emptied and filled again', () => {
    const queue = new EventQueue<string>();
    for (const round of ['a', 'b']) {
      queue.push(2, `${round}2`);
      queue.push(1, `${round}1`);
      expect([queue.pop(), queue.pop(), queue.pop()]).toEqual([
        `${round}1`,
        `${round}2`,
        undefined,
      ]);
      expect(queue.size).toBe(0);
    }
  });
});
