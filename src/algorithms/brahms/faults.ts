/** What Brahms withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Messages that come late, twice or not at all cost a part of a round; nodes that stand still are probed and found again. */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
