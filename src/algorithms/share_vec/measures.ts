/** How alike the vectors are, and what that has cost. */

import type { Measure } from '../../core/chapter.ts';
import { driftOf, spreadOf } from '../spread.ts';
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
