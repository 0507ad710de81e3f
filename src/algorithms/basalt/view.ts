/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the view is what the node's arrows are. */
export function view({ view_size, view, hits, ...state }: VisibleState): NodePicture {
  const peers = [...new Set(view.filter((peer) => peer !== null))];
  return {
    role: peers.length === 0 ? 'alone' : 'member',
    badges: [`${peers.length}/${view_size}`],
    rows: {
      ...state,
      slots: view.map((peer, at) => (peer === null ? 'empty' : `${peer}, hit ${hits[at]}`)),
    },
    edges: peers,
  };
}
