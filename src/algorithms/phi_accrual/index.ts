/** The chapter of the φ-accrual detector. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { PhiAccrual, phiAccrual } from './phi-accrual.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { PhiAccrual, phiAccrual };

/** How improbable it is that somebody is still there. */
export const chapter: Chapter<VisibleState> = {
  name: 'phi_accrual',
  title: 'The φ-accrual failure detector',
  summary: 'Not whether a node is dead, but how surprising its silence is.',
  subject: 'membership',
  algorithm: PhiAccrual,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
