/** How a node of a transaction looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state. */
export function view(state: VisibleState): NodePicture {
  const { role, phase } = state;
  if (role === 'participant') {
    return {
      role,
      badges: [phase === 'prepared' ? 'prepared, in doubt' : (phase ?? 'recovering')],
    };
  }
  const { yes, acks } = state;
  return {
    role,
    badges: [
      phase ?? 'recovering',
      ...(phase === 'working' ? [`${yes.length} yes`] : [`${acks.length} know`]),
    ],
    rows: { role, phase, yes: yes.join(', '), acks: acks.join(', ') },
  };
}
