/** What the detector withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Heartbeats that are so late that the next comes first, doubled or lost; nodes that stand still are suspected, and cleared by their next heartbeat. */
export const faults: Faults = {
  latency: '1-400',
  loss: '10%',
  duplication: '10%',
  pauses: [{ every: '3s', for: '100-800ms' }],
};
