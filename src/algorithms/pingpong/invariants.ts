/** What must be true of all nodes together while balls fly. */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, hasFinished, stateOf, withState } from '../verdict.ts';
import type { PingPongState } from './ping-pong.ts';

/** Invariants of {@link PingPong}. */
export const invariants: readonly Invariant<PingPongState>[] = [
  {
    name: 'There is one ball in each game',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.games), ([opponent, { served, acknowledged, returned }]) => {
          if (returned <= served && served <= returned + 1 && acknowledged <= served)
            return undefined;
          return `${id} served ${served} balls to ${opponent}, and ${returned} came back`;
        }),
      ),
  },
  {
    name: 'Only balls that were served come back, and only those sent back arrive',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.returned_to), ([server, sentBack]) => {
          const other = stateOf(view, server);
          if (other === undefined) return undefined;
          const { served, returned } = other.games[id] ?? { served: 0, returned: 0 };
          if (returned <= sentBack && sentBack <= served) return undefined;
          return `${server} served ${served}, ${id} sent back ${sentBack}, ${returned} arrived`;
        }),
      ),
  },
  {
    name: 'A game is as long as the one who serves wants it',
    check: (view) =>
      firstOf(withState(view), (node) =>
        firstOf(Object.entries(node.state.games), ([opponent, { served, returned, abandoned }]) => {
          const rounds = node.state.max_rounds;
          const isShort = hasFinished(node) && abandoned === null && returned < rounds;
          if (served <= rounds && !isShort) return undefined;
          return `${node.id} (${node.status}) played ${returned} of ${rounds} with ${opponent}`;
        }),
      ),
  },
];
