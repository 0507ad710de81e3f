/** What the detector withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Heartbeats that are late, doubled or lost; nodes that stand still are suspected, and cleared by their next heartbeat. */
export const faults: Faults = {
  latency: '1-100',
  loss: '10%',
  duplication: '10%',
  reordering: { share: '10%', within: '500ms' },
  pauses: [{ every: '3s', for: '100-800ms' }],
};
