/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the contacts are what the node's arrows are. */
export function view({ buckets, searches, rooms, ...state }: VisibleState): NodePicture {
  const contacts = Object.values(buckets).flat();
  return {
    role: searches.length > 0 ? 'searching' : 'member',
    badges: [
      `${contacts.length} contacts`,
      ...(state.values.length > 0 ? [`${state.values.length} kept`] : []),
    ],
    rows: {
      ...state,
      ...(Object.keys(rooms).length > 0 ? { rooms } : {}),
      buckets: Object.entries(buckets).map(([bits, peers]) => `${bits} bits: ${peers.join(', ')}`),
      searches: searches.map(({ kind, asking, known }) => `${kind}: asks ${asking} of ${known}`),
    },
    edges: contacts,
  };
}
