/** What a game withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Copies and late messages: balls bear numbers. A node that crashes for good: the other side hears
 * of it, and the game is off. Not loss, nor a partition: whoever has its serve acknowledged waits
 * for the ball for ever, because a cast is not sent again.
 */
export const faults: Faults = {
  latency: '1-200',
  duplication: '15%',
  reordering: '15%',
  pauses: [{ every: '300ms', for: '50-500ms' }],
  crashes: [{ nodes: 'any 1', at: '300ms' }],
};
