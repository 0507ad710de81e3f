/** The chapter: everything that the command line and the lab know of the algorithm. */

import type { Chapter } from '../../core/chapter.ts';
import { ChapterName, type ChapterNameState } from './chapter-name.ts';
import { invariants } from './invariants.ts';
import { scenarios } from './scenarios.ts';

export { ChapterName };

/** Flooding, to be changed into something of your own. */
export const chapter: Chapter<ChapterNameState> = {
  name: 'chapter_name',
  title: 'Chapter name',
  summary: 'A rumour that everybody passes on when they first hear it.',
  algorithm: ChapterName,
  invariants,
  scenarios,
  // How a node looks in the lab: a pure function of what state() returns.
  view: ({ heard, hops }) => ({
    role: heard === null ? 'waiting' : 'informed',
    badges: heard === null ? [] : [`${hops} hops`],
  }),
};
