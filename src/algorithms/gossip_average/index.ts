/** The chapter on averaging by gossip. */

import type { Chapter } from '../../core/chapter.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { GossipAverage, GossipAverageNode } from './gossip-average.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { dashboards, measures } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { GossipAverage, GossipAverageNode };

/** A number that depends on everybody, without anybody who knows all. */
export const chapter: Chapter<VisibleState> = {
  name: 'gossip_average',
  title: 'The mean, by gossip',
  summary:
    'Two nodes at a time take the mean of their values; soon all have that of the whole network, exactly.',
  subject: 'computing',
  algorithm: GossipAverageNode,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: [...measures, ...overlayMeasures],
  dashboards,
  view,
};
