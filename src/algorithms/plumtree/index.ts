/** The plumtree chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { Plumtree, plumtree } from './plumtree.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Plumtree, plumtree };

/** A tree for what is new, mended by those who have heard of it. */
export const chapter: Chapter<VisibleState> = {
  name: 'plumtree',
  title: 'Plumtree',
  summary:
    'A tree that grows where messages come first; the other links say what there is, and mend it.',
  subject: 'spreading',
  algorithm: Plumtree,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
