/** The links of a run, as they are counted. */

import { expect, test } from 'vitest';
import { LinkTally } from '../../../../src/lab/live/link-tally.ts';

test('comings and goings, what is there, and the most at once', () => {
  const links = new LinkTally();
  expect(links.counts).toEqual({ opened: 0, closed: 0, mean: 0, most: 0 });
  links.note('n1', 'n2', true);
  links.note('n2', 'n1', true);
  links.note('n1', 'n3', true);
  // Said twice, or of a link that there never was: nothing has changed.
  links.note('n1', 'n3', true);
  links.note('n1', 'n4', false);
  links.note('n1', 'n2', false);
  expect(links.counts).toEqual({ opened: 3, closed: 1, mean: 1, most: 2 });
  expect([...links.of('n1')]).toEqual(['n3']);
  expect(links.of('n9').size).toBe(0);
  links.reset();
  expect(links.counts).toEqual({ opened: 0, closed: 0, mean: 1, most: 1 });
});
