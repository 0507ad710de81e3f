/** How many nodes can be taken out of an overlay, one at a time and whoever it hits, until what is left falls apart. */

import type { Random } from '../../core/random.ts';
import type { OverlayEngine } from './engine.ts';
import { graphOf, type Graph } from './graph.ts';
import { Links } from './links.ts';

/** Removals, repeated. */
export interface Removal {
  /** Share of the nodes that was gone when the first part fell off, smallest first; nobody is told and nothing is repaired. */
  readonly firstPartitions: readonly number[];
  /** Nodes outside the largest part, on average, when such a share is gone. */
  readonly outside: Readonly<Record<string, number>>;
}

/** Shares at which the parts are looked at. */
const SHARES = [0.5, 0.8, 0.9, 0.95];

/** Removes all nodes in random order, so many times over. */
export function removeAtRandom(engine: OverlayEngine, times: number, random: Random): Removal {
  const graph = graphOf(new Links(engine));
  const firstPartitions: number[] = [];
  const outside = new Map(SHARES.map((share) => [share, 0]));
  for (let time = 0; time < times; time++) {
    const order = random.shuffled(Array.from({ length: graph.nodes }, (_, node) => node));
    firstPartitions.push(refill(graph, order, outside) / graph.nodes);
  }
  return {
    firstPartitions: firstPartitions.toSorted((a, b) => a - b),
    outside: Object.fromEntries(
      Array.from(outside, ([share, sum]) => [`${Math.round(share * 100)}%`, sum / times]),
    ),
  };
}

/**
 * Puts the nodes back, the last removed first: parts that meet become one, which is quick to follow, where falling apart is not. How many had
 * been removed when there was more than one part for the first time.
 */
function refill(
  { nodes, offsets, neighbours }: Graph,
  order: readonly number[],
  outside: Map<number, number>,
): number {
  const parent = new Int32Array(nodes).fill(-1);
  const size = new Int32Array(nodes);
  const looks = new Map(SHARES.map((share) => [Math.round(share * nodes), share]));
  let [parts, largest, first] = [0, 0, nodes];
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  for (let removed = nodes - 1; removed >= 0; removed--) {
    const node = order[removed]!;
    parent[node] = node;
    size[node] = 1;
    parts++;
    let root = node;
    for (let i = offsets[node]!; i < offsets[node + 1]!; i++) {
      const other = neighbours[i]!;
      if (parent[other] === -1) continue;
      const found = rootOf(other);
      if (found === root) continue;
      const [small, large] = size[found]! < size[root]! ? [found, root] : [root, found];
      parent[small] = large;
      size[large]! += size[small]!;
      root = large;
      parts--;
    }
    largest = Math.max(largest, size[root]!);
    if (parts > 1) first = removed;
    const share = looks.get(removed);
    if (share !== undefined) outside.set(share, outside.get(share)! + (nodes - removed - largest));
  }
  return first;
}
