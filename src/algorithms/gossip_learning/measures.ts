/** How good the models are, and how alike. */

import type { Dashboard, Measure } from '../../core/chapter.ts';
import { convergenceOf } from '../convergence.ts';
import { spreadOf } from '../spread.ts';
import type { VisibleState } from './invariants.ts';

/** Measures of {@link GossipLearning}. */
export const measures: readonly Measure<VisibleState>[] = [
  {
    name: 'Accuracy, mean',
    unit: '',
    of: (states) => states.reduce((sum, { accuracy }) => sum + accuracy, 0) / states.length,
  },
  {
    name: 'Accuracy, worst',
    unit: '',
    of: (states) => Math.min(...states.map(({ accuracy }) => accuracy)),
  },
  {
    name: 'Spread of the models',
    unit: '',
    of: (states) => spreadOf(states.map(({ model }) => model)),
  },
];

/** Dashboards of {@link GossipLearning}. */
export const dashboards: readonly Dashboard<VisibleState>[] = [
  convergenceOf({ name: 'Accuracy of each node', value: ({ accuracy }) => accuracy }),
];
