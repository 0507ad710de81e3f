/** How a node that spreads messages looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { CommonVisible } from './visible.ts';

/** The topics that it has joined, what it has delivered, and the neighbours with which it shares a topic. */
export function commonPicture({ topics, peers, counts, incarnation }: CommonVisible) {
  const joined = Object.keys(topics).filter((topic) => topics[topic]!.joined);
  const shares = (theirs: readonly string[]) => theirs.some((topic) => joined.includes(topic));
  const edges: NodeId[] = Object.keys(peers).filter((id) => shares(peers[id]!));
  return {
    role: joined.length > 0 ? 'member' : counts.published > 0 ? 'publisher' : 'stranger',
    badges: [`${counts.delivered}`],
    rows: { joined, incarnation, ...counts, peers },
    edges,
  } satisfies NodePicture;
}
