/** Topologies of Maelstrom's broadcast workload: whom each node is told to call its neighbours. */

import type { NodeId } from '../core/id.ts';

/** Neighbours of each node. */
export type Topology = Readonly<Record<NodeId, readonly NodeId[]>>;

/** Whether the nodes at two places are neighbours, the first before the second. */
type Joined = (low: number, high: number, n: number) => boolean;

const JOINED = {
  line: (low, high) => high === low + 1,
  grid: (low, high, n) => {
    const side = Math.ceil(Math.sqrt(n));
    return high === low + side || (high === low + 1 && high % side !== 0);
  },
  tree2: tree(2),
  tree3: tree(3),
  tree4: tree(4),
  total: () => true,
} satisfies Readonly<Record<string, Joined>>;

/** A topology's name. */
export type TopologyName = keyof typeof JOINED;

/** All names. */
export const TOPOLOGY_NAMES = Object.keys(JOINED) as readonly TopologyName[];

/** The topology of this name; grids are as square as they can be, trees are filled level by level. */
export function topologyOf(name: TopologyName, nodes: readonly NodeId[]): Topology {
  const joined: Joined = JOINED[name];
  const entries = nodes.map((node, at): [NodeId, readonly NodeId[]] => {
    const neighbours = nodes.filter((_, other) => {
      return other !== at && joined(Math.min(at, other), Math.max(at, other), nodes.length);
    });
    return [node, neighbours];
  });
  return Object.fromEntries(entries);
}

function tree(branches: number): Joined {
  return (low, high) => Math.floor((high - 1) / branches) === low;
}
