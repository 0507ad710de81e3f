/** What the papers measure of an overlay. All of it is read off the views at one moment. */

import type { Random } from '../../core/random.ts';
import type { OverlayEngine } from './engine.ts';
import { graphOf, type Graph } from './graph.ts';

/** How links are spread over the nodes. */
export interface InDegree {
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** One overlay at one moment, in the words of the command's JSON. Of the correct living nodes alone, and the links between them. */
export interface OverlayMetrics {
  readonly in_degree: InDegree;
  /** How many of the pairs of a node's neighbours are neighbours themselves, on average; null where it was not asked for. */
  readonly clustering: number | null;
  /** Hops between two nodes that can reach each other, on average; links go both ways. */
  readonly path_length: number | null;
  readonly dead_links: number;
  readonly components: number;
  readonly largest_component: number;
  readonly byzantine: {
    /** Share of Byzantine nodes in the views of correct ones. */
    readonly views: number;
    /** And in what these give out as samples; null where the sampler gives out none. */
    readonly samples: number | null;
  };
}

/** How much of a large network is looked at. */
export interface Effort {
  /** Nodes whose clustering is counted; all where there are no more. */
  readonly clusteringNodes: number;
  /** Nodes from which all paths are measured. */
  readonly pathSources: number;
}

/** Everything of which a few can be drawn to look at. */
export const EVERY_NODE: Effort = { clusteringNodes: Infinity, pathSources: Infinity };

/** Measures the overlay as it is now. */
export function measureOverlay(
  engine: OverlayEngine,
  random: Random,
  effort: Effort = EVERY_NODE,
): OverlayMetrics {
  const graph = graphOf(engine);
  const { clusteringNodes, pathSources } = effort;
  return {
    in_degree: spread(graph.inDegrees),
    clustering: clusteringNodes === 0 ? null : clustering(graph, clusteringNodes, random),
    path_length: pathSources === 0 ? null : pathLength(graph, pathSources, random),
    dead_links: graph.deadLinks,
    ...componentsOf(graph),
    byzantine: {
      views: graph.slots === 0 ? 0 : graph.byzantineSlots / graph.slots,
      samples: engine.sampledByzantine?.() ?? null,
    },
  };
}

/** Mean, standard deviation and extremes; zeros of nothing. */
export function spread(values: Int32Array): InDegree {
  if (values.length === 0) return { mean: 0, sd: 0, min: 0, max: 0 };
  let sum = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    sum += value;
    squares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = sum / values.length;
  return { mean, sd: Math.sqrt(Math.max(0, squares / values.length - mean * mean)), min, max };
}

function clustering({ nodes, offsets, neighbours }: Graph, count: number, random: Random): number {
  const metBy = new Int32Array(nodes).fill(-1);
  const chosen = chooseNodes(nodes, count, random);
  let total = 0;
  for (const node of chosen) {
    const from = offsets[node]!;
    const to = offsets[node + 1]!;
    const degree = to - from;
    if (degree < 2) continue;
    for (let i = from; i < to; i++) metBy[neighbours[i]!] = node;
    let linked = 0;
    for (let i = from; i < to; i++) {
      const other = neighbours[i]!;
      for (let j = offsets[other]!; j < offsets[other + 1]!; j++) {
        if (metBy[neighbours[j]!] === node) linked++;
      }
    }
    total += linked / (degree * (degree - 1));
  }
  return chosen.length === 0 ? 0 : total / chosen.length;
}

function pathLength({ nodes, offsets, neighbours }: Graph, count: number, random: Random): number {
  const queue = new Int32Array(nodes);
  const hops = new Int32Array(nodes);
  let total = 0;
  let pairs = 0;
  for (const source of chooseNodes(nodes, count, random)) {
    hops.fill(-1);
    hops[source] = 0;
    queue[0] = source;
    let end = 1;
    for (let at = 0; at < end; at++) {
      const node = queue[at]!;
      total += hops[node]!;
      for (let i = offsets[node]!; i < offsets[node + 1]!; i++) {
        const other = neighbours[i]!;
        if (hops[other]! >= 0) continue;
        hops[other] = hops[node]! + 1;
        queue[end++] = other;
      }
    }
    pairs += end - 1;
  }
  return pairs === 0 ? 0 : total / pairs;
}

function componentsOf({ nodes, offsets, neighbours }: Graph): {
  readonly components: number;
  readonly largest_component: number;
} {
  const isMet = new Uint8Array(nodes);
  const queue = new Int32Array(nodes);
  let components = 0;
  let largest = 0;
  for (let first = 0; first < nodes; first++) {
    if (isMet[first] === 1) continue;
    components++;
    isMet[first] = 1;
    queue[0] = first;
    let end = 1;
    for (let at = 0; at < end; at++) {
      const node = queue[at]!;
      for (let i = offsets[node]!; i < offsets[node + 1]!; i++) {
        const other = neighbours[i]!;
        if (isMet[other] === 1) continue;
        isMet[other] = 1;
        queue[end++] = other;
      }
    }
    largest = Math.max(largest, end);
  }
  return { components, largest_component: largest };
}

/** `count` nodes, all different, or all there are. */
function chooseNodes(nodes: number, count: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: nodes }, (_, node) => node);
  if (count >= nodes) return all;
  for (let i = 0; i < count; i++) {
    const j = i + random.below(nodes - i);
    const node = all[i]!;
    all[i] = all[j]!;
    all[j] = node;
  }
  return all.slice(0, count);
}
