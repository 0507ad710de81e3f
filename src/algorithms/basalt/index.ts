/** The Basalt chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { Basalt, basalt } from './basalt.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Basalt, basalt };

/** Views by rank, not by who speaks loudest. */
export const chapter: Chapter<VisibleState> = {
  name: 'basalt',
  title: 'Basalt',
  summary:
    'Each slot keeps the peer that it ranks least of all it ever saw: flooding it is useless.',
  subject: 'membership',
  algorithm: Basalt,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: overlayMeasures,
  view,
};
