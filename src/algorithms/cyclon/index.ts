/** The Cyclon chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { faults } from '../gbps/faults.ts';
import { invariants, type VisibleState } from '../gbps/invariants.ts';
import { view } from '../gbps/view.ts';
import { ageMeasure, overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { Cyclon, cyclon } from './cyclon.ts';
import { scenarios } from './scenarios.ts';

export { Cyclon, cyclon };

/** Swapping with the oldest peer. */
export const chapter: Chapter<VisibleState> = {
  name: 'cyclon',
  title: 'Cyclon',
  summary:
    'Neighbours swap half of their views; everybody stays in about as many views as it has peers.',
  subject: 'membership',
  algorithm: Cyclon,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: [...overlayMeasures, ageMeasure],
  view,
};
