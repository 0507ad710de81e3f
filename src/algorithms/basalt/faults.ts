/** What Basalt withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Messages that come late, twice or not at all cost an exchange; nodes that stand still are forgotten when pulled in vain, and named again by others. */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
