/** How near the nodes are to the mean, and whether it is still the mean. */

import type { Dashboard, Measure } from '../../core/chapter.ts';
import { convergenceOf } from '../convergence.ts';
import { driftOf, meanVector, spreadOf } from '../spread.ts';
import type { VisibleState } from './invariants.ts';

/** Measures of {@link GossipAverage}. */
export const measures: readonly Measure<VisibleState>[] = [
  {
    name: 'Spread of the values',
    unit: '',
    of: (states) => spreadOf(states.map(({ value }) => [value])),
  },
  {
    // With values in mid-exchange the mean of those that are there moves, and comes back.
    name: 'Drift of the mean',
    unit: '',
    of: (states) =>
      driftOf(
        states.map(({ initial }) => [initial]),
        states.map(({ value }) => [value]),
      ),
  },
];

/** Dashboards of {@link GossipAverage}. */
export const dashboards: readonly Dashboard<VisibleState>[] = [
  convergenceOf({
    name: 'Value of each node',
    value: ({ value }) => value,
    aim: {
      name: 'mean at the start',
      of: (states) => meanVector(states.map(({ initial }) => [initial]))[0],
    },
  }),
];
