/** Mistakes that are made in Plumtree. */

import { bug, GOOD_END } from '../../core/bug.ts';
import { DELIVERED_ONCE } from '../dissemination/invariants.ts';
import { group } from '../dissemination/scenarios.ts';
import { countOf, delivered } from '../dissemination/verdicts.ts';
import { nodeNames, within } from '../verdict.ts';
import { Plumtree } from './plumtree.ts';
import { membership } from './scenarios.ts';

const all = { topics: ['news'], membership, publish_after: 5 };
const calm = { config: group(10, all, { n4: { publishes: 20 } }), faults: { latency: '1-30' } };

/** Bugs of {@link Plumtree}. */
export const bugs = [
  bug(Plumtree, {
    name: 'forget-what-was-seen',
    title: 'Whatever comes is new',
    story: 'Without a memory no link is ever redundant, and what is published runs in circles.',
    replaces: { noveltyOf: () => 'new' },
    violates: DELIVERED_ONCE,
    shows: calm,
    seeds: 5,
  }),
  bug(Plumtree, {
    name: 'never-prune',
    title: 'Every link stays in the tree',
    story: 'What comes twice is dropped and nobody is told: it is no tree but a flood, for ever.',
    replaces: { isRedundant: () => false },
    violates: GOOD_END,
    shows: {
      ...calm,
      ends: (result) => within('copies of all', countOf(result, 'duplicates'), 0, 20 * 9 * 0.6),
    },
    seeds: 5,
  }),
  bug(Plumtree, {
    name: 'never-graft',
    title: 'Names are heard, and nothing is asked for',
    story:
      'A tree is fast and fragile: when a node dies its branches are cut off, though their neighbours outside have said what there is.',
    replaces: { firstAnnouncer: () => undefined },
    violates: GOOD_END,
    shows: {
      config: group(10, all, { n4: { publishes: 40 } }),
      faults: { latency: '1-30', crashes: [{ node: 'n7', at: '6s' }] },
      ends: (result) =>
        delivered(
          result,
          'news',
          nodeNames(10).filter((id) => id !== 'n7'),
          { n4: 40 },
        ),
    },
    seeds: 20,
  }),
];
