/** The Kademlia chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { Kademlia, kademlia } from './kademlia.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Kademlia, kademlia };

/** Whoever knows anybody finds anybody. */
export const chapter: Chapter<VisibleState> = {
  name: 'kademlia',
  title: 'Kademlia',
  summary: 'A distributed hash table: the distance is an exclusive or, and each step halves it.',
  subject: 'membership',
  algorithm: Kademlia,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
