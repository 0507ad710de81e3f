/** The SWIM chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { Swim, swim } from './swim.ts';
import { view } from './view.ts';

export { Swim, swim };

/** Who is there, from a probe a period. */
export const chapter: Chapter<VisibleState> = {
  name: 'swim',
  title: 'SWIM',
  summary: 'A probe a period, news that rides on it, and nobody is condemned unheard.',
  subject: 'membership',
  algorithm: Swim,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
