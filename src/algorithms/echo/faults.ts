/** What an echo withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Everything that links can do, and a node that crashes for good: a call that is not answered is
 * given up, and a second copy of a call is answered once more, which hurts nobody. A lost message
 * costs its caller ten seconds.
 */
export const faults: Faults = {
  latency: '1-200',
  loss: '15%',
  duplication: '15%',
  reordering: '15%',
  partitions: [{ split: 'random', every: '500ms', for: '50-500ms' }],
  pauses: [{ every: '300ms', for: '50-500ms' }],
  crashes: [{ nodes: 'any 1', at: '100ms' }],
};
