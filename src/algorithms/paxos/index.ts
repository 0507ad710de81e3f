/** The Paxos chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { Paxos, paxos } from './paxos.ts';
import { scenarios } from './scenarios.ts';
import { smallWorlds } from './small-worlds.ts';
import { view } from './view.ts';

export { Paxos, paxos };

/** Agreement on one value. */
export const chapter: Chapter<VisibleState> = {
  name: 'paxos',
  title: 'Single-decree Paxos',
  summary: 'Nodes agree on one value, though messages are lost and nodes crash and come back.',
  subject: 'agreement',
  algorithm: Paxos,
  invariants,
  scenarios,
  faults,
  bugs,
  smallWorlds,
  view,
};
