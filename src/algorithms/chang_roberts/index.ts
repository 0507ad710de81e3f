/** The Chang–Roberts chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { ChangRoberts, changRoberts } from './chang-roberts.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { ChangRoberts, changRoberts };

/** An election on a ring. */
export const chapter: Chapter<VisibleState> = {
  name: 'chang_roberts',
  title: 'Chang and Roberts’ ring election',
  summary: 'On a one-way ring the greatest number comes home, and its owner leads.',
  subject: 'agreement',
  algorithm: ChangRoberts,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
