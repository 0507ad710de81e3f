/** The Raft chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { Raft, raft } from './raft.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Raft, raft };

/** Agreement on a log. */
export const chapter: Chapter<VisibleState> = {
  name: 'raft',
  title: 'Raft',
  summary: 'A majority elects a leader, and keeps its log: commands are applied alike everywhere.',
  subject: 'agreement',
  algorithm: Raft,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
