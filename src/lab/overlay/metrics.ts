/** What the papers measure of an overlay. All of it is read off the views at one moment. */

import type { Random } from '../../core/random.ts';
import type { OverlayEngine } from './engine.ts';
import { graphOf, type Graph, type Parts } from './graph.ts';
import { Links } from './links.ts';
import { clusteringOf, partsOf, pathLengthFrom } from './sparing-measures.ts';

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

/** Above so many nodes the graph of both directions would take more memory than the network itself. */
const GRAPH_NODES_MAX = 200_000;

/**
 * Measures the overlay as it is now.
 *
 * @param graphNodesMax above so many nodes views are read over and over, for the same figures; given by tests alone
 */
export function measureOverlay(
  engine: OverlayEngine,
  random: Random,
  effort: Effort = EVERY_NODE,
  graphNodesMax = GRAPH_NODES_MAX,
): OverlayMetrics {
  const links = new Links(engine);
  const inDegrees = new Int32Array(links.nodes);
  const { deadLinks, slots, byzantineSlots } = links.each((_, to) => inDegrees[to]!++);
  const measured = links.nodes > graphNodesMax ? sparingly : onGraph;
  const { clustering, path_length, ...parts } = measured(links, effort, random);
  return {
    ...{ in_degree: spread(inDegrees), clustering, path_length, dead_links: deadLinks, ...parts },
    byzantine: {
      views: slots === 0 ? 0 : byzantineSlots / slots,
      samples: engine.sampledByzantine?.() ?? null,
    },
  };
}

type Structure = Pick<OverlayMetrics, 'clustering' | 'path_length'> & Parts;

function onGraph(links: Links, effort: Effort, random: Random): Structure {
  const graph = graphOf(links);
  const [around, sources] = chosenFor(links, effort, random);
  return {
    clustering: around === undefined ? null : clustering(graph, around),
    path_length: sources === undefined ? null : pathLength(graph, sources),
    ...componentsOf(graph),
  };
}

function sparingly(links: Links, effort: Effort, random: Random): Structure {
  const [around, sources] = chosenFor(links, effort, random);
  const pathOf = (from: Int32Array) =>
    pathLengthFrom(links, from) ?? pathLength(graphOf(links), from);
  return {
    clustering: around === undefined ? null : clusteringOf(links, around),
    path_length: sources === undefined ? null : pathOf(sources),
    ...partsOf(links),
  };
}

/** The nodes whose clustering is counted, and those that paths are measured from; undefined where nobody asked. */
function chosenFor(
  { nodes }: Links,
  { clusteringNodes, pathSources }: Effort,
  random: Random,
): readonly [around: Int32Array | undefined, sources: Int32Array | undefined] {
  return [
    clusteringNodes === 0 ? undefined : chooseNodes(nodes, clusteringNodes, random),
    pathSources === 0 ? undefined : chooseNodes(nodes, pathSources, random),
  ];
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

function clustering({ nodes, offsets, neighbours }: Graph, chosen: Int32Array): number {
  const metBy = new Int32Array(nodes).fill(-1);
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

function pathLength({ nodes, offsets, neighbours }: Graph, sources: Int32Array): number {
  const queue = new Int32Array(nodes);
  const hops = new Int32Array(nodes);
  let total = 0;
  let pairs = 0;
  for (const source of sources) {
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

function componentsOf({ nodes, offsets, neighbours }: Graph): Parts {
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
