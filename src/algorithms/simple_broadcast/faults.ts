/** What a broadcast with acknowledgements withstands. */

import type { Faults } from '../../core/faults/faults.ts';

/**
 * Copies and late messages: texts bear numbers. A node that crashes for good: the speaker hears of
 * it and goes on. Loss it survives as well, but a speaker says one text after the other, and each
 * one lost costs it ten seconds, which is soon more than a run usually has.
 */
export const faults: Faults = {
  latency: '1-200',
  duplication: '15%',
  reordering: '15%',
  pauses: [{ every: '300ms', for: '50-500ms' }],
  crashes: [{ nodes: 'any 1', at: '300ms' }],
};
