/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { commonScenarios, group } from '../dissemination/scenarios.ts';
import { countOf, delivered } from '../dissemination/verdicts.ts';
import { first, nodeNames, within } from '../verdict.ts';

/** A layer below that is quick to find neighbours, three each. */
export const membership = { delay: 1, active_size: 3, passive_size: 8 };

const PUBLISHED = 20;

/** Scenarios of {@link Plumtree}. */
export const scenarios: readonly Scenario[] = [
  ...commonScenarios({ membership: { delay: 1 }, publish_after: 4 }),
  {
    name: 'A tree among ten',
    story:
      'The first of twenty texts comes over every link, and what comes twice prunes: the others come about once to each.',
    config: group(
      10,
      { topics: ['news'], membership, publish_after: 5 },
      { n4: { publishes: PUBLISHED } },
    ),
    faults: { latency: '1-30' },
    ends: (result) =>
      first(
        delivered(result, 'news', nodeNames(10), { n4: PUBLISHED }),
        // A flood over three links each would be twice as many.
        within('copies of all', countOf(result, 'duplicates'), 0, PUBLISHED * 9 * 0.6),
      ),
  },
];
