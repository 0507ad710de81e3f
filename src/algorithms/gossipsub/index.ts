/** The gossipsub chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { Gossipsub, gossipsub } from './gossipsub.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Gossipsub, gossipsub };

/** A mesh for what is new, gossip for what was missed, and scores. */
export const chapter: Chapter<VisibleState> = {
  name: 'gossipsub',
  title: 'Gossipsub',
  summary:
    'A mesh of six carries everything at once; others hear of it and ask; peers are judged by what they do.',
  subject: 'spreading',
  algorithm: Gossipsub,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
