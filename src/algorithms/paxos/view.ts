/** How a node of Paxos looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { shown } from './ballot.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state. */
export function view({ wanted, promised, accepted, chosen, round }: VisibleState): NodePicture {
  return {
    role: chosen !== null ? 'learner' : round !== null ? 'proposer' : 'acceptor',
    badges: [
      `promised ${shown(promised)}`,
      ...(accepted === null ? [] : [`'${accepted.value}' in ${shown(accepted.ballot)}`]),
      ...(chosen === null ? [] : [`chosen '${chosen.value}'`]),
    ],
    rows: {
      wanted,
      promised: shown(promised),
      accepted: accepted === null ? null : `'${accepted.value}' in ${shown(accepted.ballot)}`,
      chosen: chosen?.value ?? null,
      ...(round === null
        ? {}
        : {
            ballot: shown(round.ballot),
            promises: Object.keys(round.promises).join(', '),
            proposes: round.value,
            acceptances: round.acceptances.join(', '),
          }),
    },
  };
}
