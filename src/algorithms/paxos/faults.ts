/** What Paxos withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Nearly everything but lies: lost, doubled and overtaken messages, a network in two halves, nodes
 * that crash and come back with what they had stored, though not with what was still being written.
 * In the end the weather must clear: in a network that always interferes nobody can promise a
 * decision (Fischer, Lynch and Paterson).
 */
export const faults: Faults = {
  latency: '1-50',
  loss: '20%',
  duplication: '10%',
  reordering: '10%',
  partitions: [{ split: 'halves', every: '500ms', for: '200-600ms' }],
  crashes: [{ nodes: 'any minority', every: '300ms', for: '50-300ms', disk: 'unsynced' }],
  disk: { sync: '1-10' },
  pauses: [{ every: '500ms', for: '50-200ms' }],
  heal: '3s',
};
