/** What an election withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Copies of numbers and numbers that come late: a second copy goes the way of the first, and the
 * winner's ends at home. Nothing that a message is lost by: the ring is the only way, and nobody
 * sends a number again. A node that crashes breaks the ring.
 */
export const faults: Faults = {
  latency: '1-200',
  duplication: '15%',
  reordering: '15%',
  pauses: [{ every: '300ms', for: '50-500ms' }],
};
