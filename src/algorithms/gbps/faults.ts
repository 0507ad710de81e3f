/** What peer sampling withstands: almost everything, for the next cycle begins anew. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Lost, late and doubled messages cost an exchange. Nodes that crash are forgotten when they do not
 * answer, and those that come back are known again from their first exchange on. Liars are another
 * matter: whoever calls its friends new in every message fills all views with them. That is what
 * `brahms` and `basalt` are for.
 */
export const faults: Faults = {
  latency: '1-200',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  pauses: [{ every: '3s', for: '100-500ms' }],
};
