/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { applicationNetwork, nearly, reportsOf } from '../application-verdict.ts';
import { happened } from '../overlay-verdict.ts';
import { first, firstOf, same, type Verdict } from '../verdict.ts';
import { faults } from './faults.ts';

const SAMPLING =
  'algorithm: gbps, delay: 0.5, view_size: 4, heal: 1, swap: 1, selection_policy: rand';
const APP = 'elapsed_time: 0.3, cycles: 16';

/** Every node is that near to the mean with which all began. */
function atTheMean(result: RunResult, tolerance: number): Verdict {
  const initial = [...reportsOf<number>(result, 'initial').values()];
  const mean = initial.reduce((sum, value) => sum + value, 0) / initial.length;
  return firstOf(reportsOf<number>(result, 'value'), ([id, value]) =>
    nearly(`the mean at ${id}`, value, mean, tolerance),
  );
}

/** Scenarios of {@link GossipAverage}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'One to six',
    story: 'Six nodes with 1 to 6: each exchange leaves the sum as it is, and all end at 3.5.',
    config: applicationNetwork(6, { app: APP, sampling: SAMPLING }, (at) => `value: ${at + 1}`),
    // Whoever is cut off in the middle of an exchange waits, and loses nothing.
    faults: { ...faults, partitions: [{ split: 'one', every: '3s', for: '200-800ms' }] },
    ends: (result) => first(atTheMean(result, 0.5), happened(result, 'exchanges')),
  },
  {
    name: 'Push-sum',
    story: 'Nobody waits: half of what a node has goes to somebody in each cycle.',
    config: applicationNetwork(
      6,
      { app: `${APP}, exchange: pushsum`, sampling: SAMPLING },
      (at) => `value: ${at * at}`,
    ),
    ends: (result) => atTheMean(result, 4),
  },
  {
    name: 'How many are we?',
    story: 'One node begins with 1, all others with 0: the mean is one over the number of nodes.',
    config: applicationNetwork(
      5,
      { app: APP, sampling: 'algorithm: cyclon, delay: 0.5, view_size: 4' },
      (at) => `value: ${at === 0 ? 1 : 0}`,
    ),
    ends: (result) => atTheMean(result, 0.08),
  },
  {
    name: 'Alone',
    story: 'One value is its own mean.',
    config: applicationNetwork(1, { app: `${APP}, value: 7`, sampling: SAMPLING }),
    ends: (result) => same('n1 reports', result.nodes['n1']?.report['value'], 7),
  },
];
