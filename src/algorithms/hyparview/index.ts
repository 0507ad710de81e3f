/** The HyParView chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { Hyparview, hyparview } from './hyparview.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Hyparview, hyparview };

/** A few neighbours, and names to replace them from. */
export const chapter: Chapter<VisibleState> = {
  name: 'hyparview',
  title: 'HyParView',
  summary: 'Five mutual neighbours to talk to, thirty names to replace them from.',
  subject: 'membership',
  algorithm: Hyparview,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: overlayMeasures,
  view,
};
