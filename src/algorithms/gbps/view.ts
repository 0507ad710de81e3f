/** How a node of the overlay looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the view is what the node's arrows are. */
export function view({
  view_size,
  view,
  cycles,
  exchanges,
  unanswered,
  refused,
}: VisibleState): NodePicture {
  const peers = view.map(({ peer }) => peer);
  return {
    role: peers.length === 0 ? 'alone' : 'member',
    badges: [`${peers.length}/${view_size}`],
    rows: {
      ...{ cycles, exchanges, unanswered, refused },
      view: Object.fromEntries(view.map(({ peer, age }) => [peer, age])),
    },
    edges: peers,
  };
}
