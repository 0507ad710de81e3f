/** The overlay as a graph: who is in whose view, among the nodes that count. */

import type { OverlayEngine } from './engine.ts';

/** An undirected graph in compressed rows: the neighbours of `i` stand from `offsets[i]` to before `offsets[i + 1]`. */
export interface Graph {
  /** Nodes that count: the living correct ones, numbered anew. */
  readonly nodes: number;
  readonly offsets: Int32Array;
  /** Each neighbour once, whichever of the two has the other in its view. */
  readonly neighbours: Int32Array;
  /** In how many views each node is. */
  readonly inDegrees: Int32Array;
  /** Links to nodes that are gone. */
  readonly deadLinks: number;
  /** Filled slots of the views, and how many of them hold a Byzantine node. */
  readonly slots: number;
  readonly byzantineSlots: number;
}

/** The views of the living correct nodes. A peer that is twice in a view is one link. */
export function graphOf(engine: OverlayEngine): Graph {
  const { alive, byzantine, nodes } = engine;
  const numbers = new Int32Array(nodes).fill(-1);
  let count = 0;
  for (let node = byzantine; node < nodes; node++) if (alive[node] === 1) numbers[node] = count++;
  const inDegrees = new Int32Array(count);
  const offsets = new Int32Array(count + 2);
  const tally = { deadLinks: 0, slots: 0, byzantineSlots: 0 };
  // Rows are counted one place further on, so that filling them moves each offset to where it belongs.
  eachLink(engine, numbers, tally, (from, to) => {
    inDegrees[to]!++;
    offsets[from + 2]!++;
    offsets[to + 2]!++;
  });
  for (let i = 2; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  const neighbours = new Int32Array(offsets[count + 1]!);
  eachLink(engine, numbers, { deadLinks: 0, slots: 0, byzantineSlots: 0 }, (from, to) => {
    neighbours[offsets[from + 1]!++] = to;
    neighbours[offsets[to + 1]!++] = from;
  });
  return { nodes: count, inDegrees, ...tally, ...withoutTwins(count, offsets, neighbours) };
}

interface Tally {
  deadLinks: number;
  slots: number;
  byzantineSlots: number;
}

function eachLink(
  engine: OverlayEngine,
  numbers: Int32Array,
  tally: Tally,
  link: (from: number, to: number) => void,
): void {
  const { alive, byzantine, nodes, capacity } = engine;
  const metBy = new Int32Array(nodes).fill(-1);
  for (let node = byzantine; node < nodes; node++) {
    if (alive[node] === 0) continue;
    const base = node * capacity;
    for (let i = base; i < base + engine.degree(node); i++) {
      const peer = engine.peerAt(i);
      if (peer < 0) continue;
      tally.slots++;
      if (peer < byzantine) tally.byzantineSlots++;
      if (metBy[peer] === node || peer === node) continue;
      metBy[peer] = node;
      if (alive[peer] === 0) tally.deadLinks++;
      else if (peer >= byzantine) link(numbers[node]!, numbers[peer]!);
    }
  }
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
