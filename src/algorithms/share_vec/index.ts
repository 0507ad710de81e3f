/** The chapter on sharing vectors. */

import type { Chapter } from '../../core/chapter.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { dashboards, measures } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { ShareVec, ShareVecNode } from './share-vec.ts';
import { view } from './view.ts';

export { ShareVec, ShareVecNode };

/** An application over a sampler, the simplest there is. */
export const chapter: Chapter<VisibleState> = {
  name: 'share_vec',
  title: 'Sharing vectors',
  summary:
    'Everybody sends its vector to somebody, who takes the mean: all end alike, and a little off.',
  subject: 'computing',
  algorithm: ShareVecNode,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: [...measures, ...overlayMeasures],
  dashboards,
  view,
};
