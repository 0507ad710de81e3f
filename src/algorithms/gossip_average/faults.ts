/** What averaging withstands without losing anything: all that can happen to messages, and nodes that stand still. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * An offer is repeated until it is answered, and answered the same each time; a share says all that was ever given. A node that crashes for
 * good takes its value with it, and leaves whoever waits for it waiting: that is what `patience` is for.
 */
export const faults: Faults = {
  latency: '1-200',
  loss: '20%',
  duplication: '20%',
  reordering: '20%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
