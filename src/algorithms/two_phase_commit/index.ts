/** The chapter of two-phase commit. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { smallWorlds } from './small-worlds.ts';
import { TwoPhaseCommit, twoPhaseCommit } from './two-phase-commit.ts';
import { view } from './view.ts';

export { TwoPhaseCommit, twoPhaseCommit };

/** All or nothing, on several nodes. */
export const chapter: Chapter<VisibleState> = {
  name: 'two_phase_commit',
  title: 'Two-phase commit',
  summary: 'All participants of a transaction commit it or all abort it, though nodes crash.',
  subject: 'agreement',
  algorithm: TwoPhaseCommit,
  invariants,
  scenarios,
  faults,
  bugs,
  smallWorlds,
  view,
};
