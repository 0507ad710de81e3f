/** What sharing withstands: anything that takes, delays or doubles a message, for every message stands alone. */

import type { Faults } from '../../core/faults/faults.ts';

/** A lost vector is one mean less, a doubled one a mean more. Crashed nodes are missed by nobody. */
export const faults: Faults = {
  latency: '1-200',
  loss: '20%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
