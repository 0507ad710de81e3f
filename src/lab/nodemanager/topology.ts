/** Static topologies as nodemanager writes them: for each node, to whom it can send, and from whom it can receive. */

import { nearest } from '../../core/nearest-name.ts';
import type { ProblemList } from '../../core/config/problem-list.ts';
import {
  entryRange,
  isNull,
  textOf,
  type YamlMap,
  type YamlValue,
} from '../../core/config/yaml-tree.ts';
import type { Topology } from './generators.ts';

/** Neighbours by the nodes' names, in the order of the file. */
export type NamedTopology = ReadonlyMap<string, readonly string[]>;

/** Gives names to the nodes of a topology; `node_1`, `node_2` … unless there are others. */
export function named(topology: Topology, names?: readonly string[]): NamedTopology {
  const nameOf = (node: number) => names?.[node] ?? `node_${node + 1}`;
  return new Map(topology.map((links, node) => [nameOf(node), links.map(nameOf)]));
}

/** Writes a topology as nodemanager does. */
export function topologyYaml(topology: NamedTopology): string {
  const senders = new Map([...topology.keys()].map((name): [string, string[]] => [name, []]));
  for (const [name, targets] of topology)
    for (const target of targets) senders.get(target)!.push(name);
  const lines = [...topology].map(
    ([name, targets]) =>
      `    ${name}: {can_send_to: [${targets.join(', ')}], can_receive_from: [${senders.get(name)!.join(', ')}]}`,
  );
  return `topology:\n  nodes:\n${lines.join('\n')}\n`;
}

/** One name of a list, where it stands. */
interface Mention {
  readonly name: string;
  readonly value: YamlValue;
}

/**
 * Reads the map `topology.nodes`. A node that is named and not there, and a link of which one end says what the other does not, are
 * errors. A list that is missing follows from the others' lists.
 */
export function readTopology(nodes: YamlMap, problems: ProblemList): NamedTopology {
  const sends = new Map<string, readonly Mention[] | undefined>();
  const receives = new Map<string, readonly Mention[] | undefined>();
  for (const { key, value } of nodes.entries.values()) {
    sends.set(key, mentions(value, key, 'can_send_to', nodes, problems));
    receives.set(key, mentions(value, key, 'can_receive_from', nodes, problems));
  }
  compare(
    sends,
    receives,
    (a, b) =>
      `${a} can send to ${b}, and ${b} cannot receive from ${a}: ` +
      `add ${a} to can_receive_from of ${b}, or take ${b} out of can_send_to of ${a}`,
    problems,
  );
  compare(
    receives,
    sends,
    (a, b) =>
      `${a} can receive from ${b}, and ${b} cannot send to ${a}: ` +
      `add ${a} to can_send_to of ${b}, or take ${b} out of can_receive_from of ${a}`,
    problems,
  );
  const result = new Map([...nodes.entries.keys()].map((name) => [name, new Set<string>()]));
  for (const [name, targets = []] of sends)
    for (const to of targets) result.get(name)!.add(to.name);
  for (const [name, sources = []] of receives)
    for (const from of sources) result.get(from.name)!.add(name);
  return new Map(Array.from(result, ([name, targets]) => [name, [...targets]]));
}

/** Every link that one side speaks of must be known to the other, if that one has a list. */
function compare(
  one: ReadonlyMap<string, readonly Mention[] | undefined>,
  other: ReadonlyMap<string, readonly Mention[] | undefined>,
  says: (a: string, b: string) => string,
  problems: ProblemList,
): void {
  for (const [name, list = []] of one) {
    for (const { name: partner, value } of list) {
      const back = other.get(partner);
      if (back === undefined || back.some((mention) => mention.name === name)) continue;
      problems.error(value.range, says(name, partner));
    }
  }
}

function mentions(
  node: YamlValue,
  self: string,
  key: 'can_send_to' | 'can_receive_from',
  nodes: YamlMap,
  problems: ProblemList,
): readonly Mention[] | undefined {
  if (node.kind === 'broken' || isNull(node)) return undefined;
  if (node.kind !== 'map') {
    problems.error(node.range, `node '${self}' is a map with can_send_to and can_receive_from`);
    return undefined;
  }
  const entry = node.entries.get(key);
  if (entry === undefined || isNull(entry.value)) return undefined;
  if (entry.value.kind !== 'list') {
    problems.error(entryRange(entry), `'${key}' is a list: ${key}: [node_1, node_2]`);
    return undefined;
  }
  return entry.value.items.flatMap((value): Mention[] => {
    const name = value.kind === 'scalar' ? textOf(value) : '';
    if (name === self) {
      problems.error(value.range, `'${key}' of ${self} names ${self} itself: take it out`);
      return [];
    }
    if (nodes.entries.has(name)) return [{ name, value }];
    const advice = `add it to topology.nodes, or take it out of ${key} of ${self}`;
    problems.error(value.range, `there is no node '${name}': ${advice}`, () =>
      nearest(name, [...nodes.entries.keys()]),
    );
    return [];
  });
}
