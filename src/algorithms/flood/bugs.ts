/** Mistakes that are made in flooding. */

import { bug } from '../../core/bug.ts';
import { DELIVERED_ONCE } from '../dissemination/invariants.ts';
import { group } from '../dissemination/scenarios.ts';
import { Flood } from './flood.ts';

const four = { config: group(4, { topics: ['news'] }, { n1: { publishes: 3 } }) };

/** Bugs of {@link Flood}. */
export const bugs = [
  bug(Flood, {
    name: 'forget-what-was-seen',
    title: 'Whatever comes is new',
    story:
      'Without a memory every copy is delivered and sent on to all again: the flood never ends.',
    replaces: { noveltyOf: () => 'new' },
    violates: DELIVERED_ONCE,
    shows: four,
    seeds: 5,
  }),
];
