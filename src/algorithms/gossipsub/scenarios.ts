/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { commonScenarios, group, nobodyListens } from '../dissemination/scenarios.ts';
import { delivered } from '../dissemination/verdicts.ts';
import { first, firstOf, nodeNames, within } from '../verdict.ts';

/** A small mesh among ten, so that it has an outside. */
export const small = { D: 3, D_low: 2, D_high: 4, D_score: 2, D_out: 1, D_lazy: 3 };

/** Scenarios of {@link Gossipsub}. */
export const scenarios: readonly Scenario[] = [
  ...commonScenarios({}),
  nobodyListens({}),
  {
    name: 'A mesh of three among ten',
    story: 'Each keeps two to four in its mesh, and everybody has everything.',
    config: group(
      10,
      { topics: ['news'], flood_publish: false, ...small },
      { n1: { publishes: 5 }, n7: { publishes: 5 } },
    ),
    faults: { latency: '1-30', loss: '5%' },
    ends: (result) =>
      first(
        delivered(result, 'news', nodeNames(10), { n1: 5, n7: 5 }),
        firstOf(Object.entries(result.nodes), ([id, { report }]) => {
          const { news = [] } = report['mesh'] as Readonly<Record<string, readonly string[]>>;
          return within(`mesh of ${id}`, news.length, 1, 7);
        }),
      ),
  },
];
