/** What publish and subscribe withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Everything that a network can do to messages, partitions in which both sides go on publishing, and nodes that crash again and again on
 * disks that lose what was not synced. Authors that lie can say different things to different members: each keeps what it heard first.
 */
export const faults: Faults = {
  latency: '1-60',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  partitions: [{ split: 'halves', every: '3s', for: '500-2000ms' }],
  crashes: [{ nodes: 'n*', every: '2s', for: '100-800ms', disk: 'unsynced' }],
  disk: { sync: '1-40ms' },
  heal: '5s',
};
