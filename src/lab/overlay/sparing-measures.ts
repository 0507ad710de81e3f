/**
 * Clustering, paths and parts of a network that is too large to be written down as a graph of both directions: its views are read again and
 * again instead. The figures are the same.
 */

import type { Parts } from './graph.ts';
import type { Links } from './links.ts';

/** Hops of a node that was not reached. */
const FAR = 255;
/** Each hop reads all views once: where paths are longer than this, a graph is cheaper, whatever it takes. */
const HOPS_MAX = 64;

/** Parts that meet become one, link by link. */
export function partsOf(links: Links): Parts {
  const parent = Int32Array.from({ length: links.nodes }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  links.each((from, to) => {
    const [one, other] = [rootOf(from), rootOf(to)];
    // The smaller number leads, so that a root is met before those that it leads.
    if (one < other) parent[other] = one;
    else parent[one] = other;
  });
  const sizes = new Int32Array(links.nodes);
  let [components, largest] = [0, 0];
  for (let node = 0; node < links.nodes; node++) {
    const root = rootOf(node);
    if (root === node) components++;
    largest = Math.max(largest, ++sizes[root]!);
  }
  return { components, largest_component: largest };
}

/** Hops from these nodes to all that they reach, on average; undefined where they are too many to be counted in this way. */
export function pathLengthFrom(links: Links, sources: Int32Array): number | undefined {
  const searches = Array.from(sources, (source) => {
    const hops = new Uint8Array(links.nodes).fill(FAR);
    hops[source] = 0;
    return hops;
  });
  let [total, pairs] = [0, 0];
  for (let hop = 0; hop < HOPS_MAX; hop++) {
    let reached = 0;
    links.each((from, to) => {
      for (let i = 0; i < searches.length; i++) {
        const hops = searches[i]!;
        const next = hops[from] === hop ? to : hops[to] === hop ? from : -1;
        if (next < 0 || hops[next] !== FAR) continue;
        hops[next] = hop + 1;
        reached++;
      }
    });
    if (reached === 0) return pairs === 0 ? 0 : total / pairs;
    total += reached * (hop + 1);
    pairs += reached;
  }
  return undefined;
}

/** How many of the pairs of neighbours of these nodes are neighbours themselves, on average. */
export function clusteringOf(links: Links, chosen: Int32Array): number {
  const neighbourhoods = new Map(Array.from(chosen, (node) => [node, new Set<number>()]));
  links.each((from, to) => {
    neighbourhoods.get(from)?.add(to);
    neighbourhoods.get(to)?.add(from);
  });
  /** In whose neighbourhoods a node is. */
  const around = new Map<number, number[]>();
  for (const [node, neighbours] of neighbourhoods) {
    for (const neighbour of neighbours) {
      const nodes = around.get(neighbour);
      if (nodes === undefined) around.set(neighbour, [node]);
      else nodes.push(node);
    }
  }
  const linked = new Map(Array.from(chosen, (node) => [node, new Set<number>()]));
  links.each((from, to) => {
    for (const node of around.get(from) ?? []) {
      if (!neighbourhoods.get(node)!.has(to)) continue;
      // A link that is in both views is one.
      linked.get(node)!.add(Math.min(from, to) * links.nodes + Math.max(from, to));
    }
  });
  let total = 0;
  for (const [node, { size }] of neighbourhoods) {
    if (size > 1) total += (2 * linked.get(node)!.size) / (size * (size - 1));
  }
  return chosen.length === 0 ? 0 : total / chosen.length;
}
