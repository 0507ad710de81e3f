/** What must be true of all nodes together, at every moment. The simulator checks it after each step. */

import type { Invariant } from '../../core/invariant.ts';
import type { ChapterNameState } from './chapter-name.ts';

/** Invariants of {@link ChapterName}: each returns undefined when it holds, otherwise what is wrong. */
export const invariants: readonly Invariant<ChapterNameState>[] = [
  {
    name: 'Nobody hears what nobody told',
    check: ({ nodes }) => {
      const told = new Set(nodes.map(({ settings }) => settings['rumour']));
      const misled = nodes.find(({ state }) => state.heard != null && !told.has(state.heard));
      return misled && `${misled.id} heard '${misled.state.heard}'`;
    },
  },
  {
    name: 'Nobody is further from a teller than there are other nodes',
    check: ({ nodes }) => {
      const last = nodes.find(({ state }) => state.hops >= nodes.length);
      return last && `${last.id} heard it after ${last.state.hops} hops`;
    },
  },
];
