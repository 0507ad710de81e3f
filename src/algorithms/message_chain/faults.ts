/** What message chains withstand. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Fewer than a third that lie with what they may sign, forge what they may not, and say old things
 * again; copies, late messages, and a node that crashes for good. Loss it survives as well, but not
 * within a run's usual time: whoever waits for a whole tree of chains waits ten seconds for each of
 * its levels.
 */
export const faults: Faults = {
  latency: '1-200',
  duplication: '15%',
  reordering: '15%',
  pauses: [{ every: '300ms', for: '50-500ms' }],
  crashes: [{ nodes: 'any 1', at: '200ms' }],
  byzantine: { 'any third': ['equivocate', 'forge', 'replay'] },
};
