/** What learning withstands: it needs some exchange or other, and none in particular. */

import type { Faults } from '../../core/faults/faults.ts';

/** A lost model is one merge less; copies are known by their numbers; nodes that crash are learned without. */
export const faults: Faults = {
  latency: '1-200',
  loss: '20%',
  duplication: '20%',
  reordering: '20%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
