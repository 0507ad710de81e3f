/** What Plumtree withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/** Late and doubled messages are told from new ones; a lost one is asked for where it was named. Crashed nodes are replaced by HyParView. */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
  crashes: [{ every: '4s', for: '200ms-1s' }],
};
