/** The gossip chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { dashboards } from './dashboards.ts';
import { faults } from './faults.ts';
import { Gossip, gossip } from './gossip.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Gossip, gossip };

/** Everybody tells a few, and asks for what it missed. */
export const chapter: Chapter<VisibleState> = {
  name: 'gossip',
  title: 'Gossip',
  summary: 'Rumours are told to a few at once; who is left out asks for them after a round.',
  subject: 'spreading',
  algorithm: Gossip,
  invariants,
  scenarios,
  faults,
  bugs,
  dashboards,
  view,
};
