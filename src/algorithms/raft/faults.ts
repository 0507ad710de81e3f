/** What Raft withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Everything that a network can do to messages, nodes that stand still, and nodes that crash again and again, on disks that lose
 * what was not synced. Not a disk that forgets what it had promised to keep: a vote that is forgotten is given twice
 * (section 3.8). Nor liars: Raft believes what it is told.
 */
export const faults: Faults = {
  latency: '1-100',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  partitions: [
    { split: 'halves', every: '4s', for: '500-2500ms' },
    { split: 'one', every: '5s', for: '500-2500ms', one_way: true },
  ],
  pauses: [{ every: '3s', for: '50-1500ms' }],
  crashes: [{ nodes: 'n*', every: '1500ms', for: '100-1000ms', disk: 'unsynced' }],
  disk: { sync: '1-60ms' },
  heal: '6s',
};
