/** The Brahms chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { Brahms, brahms } from './brahms.ts';
import { overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

/** nodemanager spells it so. */
export { Brahms as Brahams };
export { Brahms, brahms };

/** Uniform samples although some lie. */
export const chapter: Chapter<VisibleState> = {
  name: 'brahms',
  title: 'Brahms',
  summary: 'Views may be biased by liars; min-wise samplers over all that passes by are not.',
  subject: 'membership',
  algorithm: Brahms,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: overlayMeasures,
  view,
};
