/** The overlay as a graph: who is in whose view, among the nodes that count. */

import type { Links } from './links.ts';

/** An undirected graph in compressed rows: the neighbours of `i` stand from `offsets[i]` to before `offsets[i + 1]`. */
export interface Graph {
  readonly nodes: number;
  readonly offsets: Int32Array;
  /** Each neighbour once, whichever of the two has the other in its view. */
  readonly neighbours: Int32Array;
}

/** Of how many parts a graph consists. */
export interface Parts {
  readonly components: number;
  readonly largest_component: number;
}

/** Writes down the links of an overlay. */
export function graphOf(links: Links): Graph {
  const { nodes } = links;
  const offsets = new Int32Array(nodes + 2);
  // Rows are counted one place further on, so that filling them moves each offset to where it belongs.
  links.each((from, to) => {
    offsets[from + 2]!++;
    offsets[to + 2]!++;
  });
  for (let i = 2; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  const neighbours = new Int32Array(offsets[nodes + 1]!);
  links.each((from, to) => {
    neighbours[offsets[from + 1]!++] = to;
    neighbours[offsets[to + 1]!++] = from;
  });
  return { nodes, ...withoutTwins(nodes, offsets, neighbours) };
}

/** Two that have each other in their views are neighbours once. */
function withoutTwins(
  count: number,
  offsets: Int32Array,
  neighbours: Int32Array,
): { readonly offsets: Int32Array; readonly neighbours: Int32Array } {
  const metBy = new Int32Array(count).fill(-1);
  let kept = 0;
  let from = 0;
  for (let node = 0; node < count; node++) {
    const to = offsets[node + 1]!;
    offsets[node] = kept;
    for (let i = from; i < to; i++) {
      const other = neighbours[i]!;
      if (metBy[other] === node) continue;
      metBy[other] = node;
      neighbours[kept++] = other;
    }
    from = to;
  }
  offsets[count] = kept;
  return { offsets: offsets.subarray(0, count + 1), neighbours: neighbours.subarray(0, kept) };
}
