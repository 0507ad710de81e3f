/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { commonScenarios, group, nobodyListens } from '../dissemination/scenarios.ts';
import { delivered } from '../dissemination/verdicts.ts';
import { first, firstOf, nodeNames, same, within } from '../verdict.ts';

/** Scenarios of {@link Gossip}. */
export const scenarios: readonly Scenario[] = [
  // A round names what there was in the last three.
  ...commonScenarios({}, true),
  nobodyListens({}),
  {
    name: 'Twelve, and little to say',
    story:
      'Eleven peers are four to tell. Whoever no rumour reaches asks for it after a round, and while nothing happens rounds become rare.',
    config: group(12, { topics: ['news'] }, { n1: { publishes: 4 } }),
    // Among so many the barriers alone would cost more than the gossip, if they had to fight for their lives.
    faults: { latency: '1-30', duplication: '10%' },
    ends: (result) =>
      first(
        delivered(result, 'news', nodeNames(12), { n1: 4 }),
        firstOf(Object.entries(result.nodes), ([id, { report }]) =>
          first(
            same(`fanout of ${id}`, report['fanout'], 4),
            within(`interval of ${id}`, Number(report['interval']), 2, 5),
          ),
        ),
      ),
  },
];
