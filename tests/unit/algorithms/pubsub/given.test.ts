/** What a neighbour that asks is sent: what it is stuck without, and not what is on its way to it. */

import { expect, test } from 'vitest';
import { Given } from '../../../../src/algorithms/pubsub/given.ts';

test('where a neighbour comes further it has what it lacks on its way; where it stands still, or after a while, it lacks it', () => {
  const given = new Given(1000);
  expect(given.stuckAt('n2', { a: 3, b: 5 }, 0)).toEqual({ a: 3, b: 5 });
  expect(given.stuckAt('n2', { a: 4, b: 5, c: 1 }, 500)).toEqual({ a: Infinity, b: 5, c: 1 });
  expect(given.stuckAt('n2', { a: 4, b: 5, c: 1 }, 1000)).toEqual({ a: 4, b: 5, c: 1 });
  expect(given.stuckAt('n2', { a: 9, b: 9, c: 9 }, 2500)).toEqual({ a: 9, b: 9, c: 9 });
  // Others have nothing to do with it.
  expect(given.stuckAt('n3', { a: 9 }, 2600)).toEqual({ a: 9 });
});
