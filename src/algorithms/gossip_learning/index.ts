/** The chapter on learning by gossip. */

import type { Chapter } from '../../core/chapter.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { GossipLearning, GossipLearningNode } from './gossip-learning.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { dashboards, measures } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { GossipLearning, GossipLearningNode };

/** A model of everybody’s examples, which nobody has shown to anybody. */
export const chapter: Chapter<VisibleState> = {
  name: 'gossip_learning',
  title: 'Gossip learning',
  summary:
    'Everybody trains on its own examples, and models meet by gossip: all come to know what each could not.',
  subject: 'computing',
  algorithm: GossipLearningNode,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: [...measures, ...overlayMeasures],
  dashboards,
  view,
};
