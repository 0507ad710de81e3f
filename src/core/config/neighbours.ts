/** Who knows whom. Lists are directed: a ring is written as one neighbour each. */

import type { NodeId } from '../id.ts';
import { nearest } from '../nearest-name.ts';
import type { ProblemList } from './problem-list.ts';
import { entryRange, isNull, textOf, type YamlEntry, type YamlValue } from './yaml-tree.ts';

/**
 * The neighbours of one node: all others when the list is empty or missing. The node itself and repetitions are left out, so a
 * list that names only the node itself leaves it alone.
 *
 * @param nodes every node of the configuration, in the order of the file
 */
export function readNeighbours(
  self: NodeId,
  entry: YamlEntry | undefined,
  nodes: ReadonlySet<NodeId>,
  problems: ProblemList,
): readonly NodeId[] {
  if (entry === undefined || knowsAll(entry)) return [...nodes].filter((id) => id !== self);
  const { value } = entry;
  if (value.kind === 'broken') return [];
  if (value.kind !== 'list') {
    problems.error(entryRange(entry), "'neighbours' is a list: neighbours: [n2, n3]");
    return [];
  }
  const neighbours = new Set<NodeId>();
  for (const item of value.items) {
    const id = readNeighbour(item, self, nodes, problems);
    if (id !== undefined && id !== self) neighbours.add(id);
  }
  return [...neighbours];
}

/** True for a node whose neighbours are all others. */
export function knowsAll(entry: YamlEntry | undefined): boolean {
  if (entry === undefined || isNull(entry.value)) return true;
  return entry.value.kind === 'list' && entry.value.items.length === 0;
}

function readNeighbour(
  item: YamlValue,
  self: NodeId,
  nodes: ReadonlySet<NodeId>,
  problems: ProblemList,
): NodeId | undefined {
  if (item.kind === 'broken') return undefined;
  if (item.kind !== 'scalar' || item.value === null) {
    problems.error(item.range, 'a neighbour is the name of a node: neighbours: [n2, n3]');
    return undefined;
  }
  // YAML reads 1 as a number; what was written is the node's name.
  const id = textOf(item);
  if (nodes.has(id)) return id;
  const others = () => [...nodes].filter((node) => node !== self);
  const advice = `add a node of this name, or take it out of the neighbours of ${self}`;
  problems.error(item.range, `there is no node '${id}': ${advice}`, () => nearest(id, others()));
  return undefined;
}
