/** The Bracha chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { Bracha, bracha } from './bracha.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Bracha, bracha };

/** Agreement on what was said, though some lie. */
export const chapter: Chapter<VisibleState> = {
  name: 'bracha',
  title: 'Bracha’s reliable broadcast',
  summary: 'All correct nodes deliver the same value, though the sender and others may lie.',
  subject: 'agreement',
  algorithm: Bracha,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
