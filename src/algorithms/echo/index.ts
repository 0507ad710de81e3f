/** The echo chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { Echo, type EchoState } from './echo.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Echo };

/** Start here: one question, one answer a neighbour. */
export const chapter: Chapter<EchoState> = {
  name: 'echo',
  title: 'Echo',
  summary: 'Start nodes call out to their neighbours and wait for every answer.',
  subject: 'basics',
  algorithm: Echo,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
