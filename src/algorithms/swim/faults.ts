/** What SWIM withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Nobody that is there is taken for dead for good: suspicions are contradicted, by pauses and losses alike. */
export const faults: Faults = {
  latency: '1-100',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-800ms' }],
};
