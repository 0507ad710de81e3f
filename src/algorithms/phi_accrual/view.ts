/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisiblePeer, VisibleState } from './invariants.ts';

/** A pure function of the node's state: arrows go to those that it holds for alive. */
export function view({ peers, awake, ...state }: VisibleState): NodePicture {
  const all = Object.entries(peers);
  const count = (verdict: string) => all.filter(([, peer]) => peer.verdict === verdict).length;
  const [suspects, dead] = [count('suspect'), count('dead')];
  return {
    role: !awake ? 'asleep' : state.left ? 'gone' : suspects > 0 ? 'doubtful' : 'member',
    badges: [
      `♥${state.beat}`,
      ...(suspects > 0 ? [`${suspects} suspect`] : []),
      ...(dead > 0 ? [`${dead} dead`] : []),
    ],
    rows: { ...state, peers: all.map(([id, peer]) => `${id} ${inWords(peer)}`) },
    edges: all.flatMap(([id, { verdict }]) => (verdict === 'alive' ? [id] : [])),
  };
}

function inWords({ verdict, left, mean_ms: mean, deviation_ms: deviation }: VisiblePeer): string {
  const standing = left ? 'left' : verdict;
  return mean === undefined ? standing : `${standing}, every ${mean} ± ${deviation} ms`;
}
