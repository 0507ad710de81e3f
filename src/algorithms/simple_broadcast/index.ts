/** The simple broadcast chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { SimpleBroadcastUpper, type SimpleBroadcastState } from './simple-broadcast-upper.ts';
import { SimpleBroadcast } from './simple-broadcast.ts';
import { view } from './view.ts';

export { SimpleBroadcast, SimpleBroadcastUpper };

/** Layers: one algorithm on top of another. */
export const chapter: Chapter<SimpleBroadcastState> = {
  name: 'simple_broadcast',
  title: 'Simple broadcast',
  summary:
    'Two layers: the lower carries anything to all neighbours, the upper says texts and counts.',
  subject: 'basics',
  algorithm: SimpleBroadcastUpper,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
