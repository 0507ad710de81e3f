/** What gossipsub withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Late and doubled messages are told from new ones; a lost one is asked for. A node that crashes is missed when it does not answer, and grafted when it is back. */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
  crashes: [{ every: '4s', for: '200ms-1s' }],
};
