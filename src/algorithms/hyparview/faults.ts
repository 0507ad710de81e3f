/** What HyParView withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Messages that come late, twice or not at all make neighbours that are not mutual, until one asks the other; nodes that stand still are replaced. */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
