/** Worlds of two-phase commit in which everything that can happen is tried. */

import type { SmallWorld } from '../../core/small-world.ts';
import type { VisibleState } from './invariants.ts';

const three = 'n1: { coordinator: true }\nn2: {}\nn3: {}';

/** Small worlds of {@link TwoPhaseCommit}. */
export const smallWorlds: readonly SmallWorld<VisibleState>[] = [
  {
    name: 'Two participants',
    story: 'Anybody may lose patience at any time; any message may come again, or never.',
    config: three,
    adversary: { duplicates: true },
  },
  {
    name: 'Three participants',
    story: 'The same with one more: a majority is not all.',
    config: `${three}\nn4: {}`,
    adversary: { duplicates: true },
  },
  {
    name: 'One says no',
    story: 'The other has said yes, and must hear of it.',
    config: 'n1: { coordinator: true }\nn2: {}\nn3: { vote: no }',
    adversary: { duplicates: true },
  },
  {
    name: 'Anybody crashes',
    story: 'Two crashes, of whomever, each with its disk: also twice the same.',
    config: three,
    adversary: { duplicates: true, crashes: 2 },
  },
  {
    name: 'Before it is written',
    story: 'The same, and what was being written is lost.',
    config: three,
    adversary: { duplicates: true, crashes: 2, slowDisks: true },
  },
];
