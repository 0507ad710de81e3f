/** How alike the vectors are, and what that has cost. */

import type { Dashboard, Measure } from '../../core/chapter.ts';
import { convergenceOf } from '../convergence.ts';
import { driftOf, meanVector, spreadOf } from '../spread.ts';
import type { VisibleState } from './invariants.ts';

/** Measures of {@link ShareVec}. */
export const measures: readonly Measure<VisibleState>[] = [
  {
    name: 'Spread of the vectors',
    unit: '',
    of: (states) => spreadOf(states.map(({ vector }) => vector)),
  },
  {
    name: 'Drift of the mean',
    unit: '',
    of: (states) =>
      driftOf(
        states.map(({ initial }) => initial),
        states.map(({ vector }) => vector),
      ),
  },
];

/** Dashboards of {@link ShareVec}. */
export const dashboards: readonly Dashboard<VisibleState>[] = [
  convergenceOf({
    name: 'First number of each vector',
    value: ({ vector }) => vector[0],
    aim: {
      name: 'mean at the start',
      of: (states) => meanVector(states.map(({ initial }) => initial))[0],
    },
  }),
];
