/** How a node of the message chain looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { MessageChainState } from './message-chain.ts';

/** A pure function of the node's state. */
export function view(state: MessageChainState): NodePicture {
  const { is_initiator, chains, values, deficit, unanswered, rejected } = state;
  const liars = Object.entries(values).filter(([, said]) => said.length > 1);
  return {
    role: is_initiator ? 'initiator' : 'relay',
    badges: [
      `${chains.length} chains`,
      ...(deficit > 0 ? [`waits for ${deficit}`] : []),
      ...liars.map(([id]) => `${id} lies`),
    ],
    rows: {
      chains: chains.map((path) => path.join(' → ')),
      values,
      deficit,
      unanswered,
      rejected,
    },
  };
}
