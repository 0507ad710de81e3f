/** The chapter on gossip-based peer sampling. */

import type { Chapter } from '../../core/chapter.ts';
import { ageMeasure, overlayMeasures } from '../overlay-measures.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { Gbps, gbps } from './gbps.ts';
import { invariants, type VisibleState } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { Gbps, gbps };

/** Small random views, and nobody who hands them out. */
export const chapter: Chapter<VisibleState> = {
  name: 'gbps',
  title: 'Gossip-based peer sampling',
  summary: 'Every node keeps a few random peers, and trades half of them in every cycle.',
  subject: 'membership',
  algorithm: Gbps,
  invariants,
  scenarios,
  faults,
  bugs,
  measures: [...overlayMeasures, ageMeasure],
  view,
};
