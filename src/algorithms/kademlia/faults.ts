/** What Kademlia withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Questions without an answer cost a lookup time, and a contact its place. */
export const faults: Faults = {
  latency: '1-100',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
