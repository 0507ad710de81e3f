/** What two-phase commit withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Lost, doubled and overtaken messages, a network in pieces, and nodes that crash, the coordinator
 * among them, if they come back with what they had stored. While the coordinator is down those who
 * said yes can only wait, and if it stays down they wait for ever.
 */
export const faults: Faults = {
  latency: '1-50',
  loss: '20%',
  duplication: '10%',
  reordering: '10%',
  partitions: [{ split: 'random', every: '400ms', for: '100-400ms' }],
  crashes: [{ every: '150ms', for: '50-400ms', disk: 'unsynced' }],
  disk: { sync: '1-10' },
  pauses: [{ every: '500ms', for: '50-200ms' }],
  heal: '3s',
};
