/** The flooding chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { Flood, flood } from './flood.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Flood, flood };

/** Everybody tells everybody. */
export const chapter: Chapter<VisibleState> = {
  name: 'flood',
  title: 'Flooding',
  summary: 'Whoever hears something new tells all who want to know.',
  subject: 'spreading',
  algorithm: Flood,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
