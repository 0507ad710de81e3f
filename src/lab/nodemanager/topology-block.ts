/** The block `topology` of a file, in all its forms: nodes written down, another file, a rule. */

import * as v from 'valibot';
import { buildTree } from '../../core/config/build-tree.ts';
import { parseYaml } from '../../core/config/parse-yaml.ts';
import { ProblemList } from '../../core/config/problem-list.ts';
import { entryRange, type YamlEntry } from '../../core/config/yaml-tree.ts';
import { Random } from '../../core/random.ts';
import type { Block } from './block.ts';
import { generate, KINDS, type Kind } from './generate.ts';
import { TopologyError } from './generators.ts';
import type { Surroundings } from './read-nodemanager.ts';
import { named, readTopology, type NamedTopology } from './topology.ts';

/** The nodes of a run, and their links where not everybody has all. */
export interface ReadTopology {
  readonly nodes: readonly string[];
  readonly topology: NamedTopology | undefined;
}

const whole = v.pipe(v.number(), v.integer());

/** Reads it. */
export function readTopologyBlock(
  file: Block,
  network: Block,
  surroundings: Surroundings & { readonly nodeCount: number },
): ReadTopology {
  const block = network.block('topology').isThere
    ? network.block('topology')
    : file.block('topology');
  const topology =
    fromNodes(block) ?? fromFile(block, surroundings) ?? fromRule(block, surroundings.nodeCount);
  const nodes =
    topology === undefined
      ? Array.from({ length: surroundings.nodeCount }, (_, at) => `node_${at + 1}`)
      : [...topology.keys()];
  return { nodes, topology };
}

function fromNodes(block: Block): NamedTopology | undefined {
  const entry = block.entry('nodes');
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'map') return readTopology(entry.value, block.problems);
  block.problems.error(
    entryRange(entry),
    "'topology.nodes' is a map of nodes with can_send_to and can_receive_from",
  );
  return undefined;
}

function fromFile(block: Block, { read }: Surroundings): NamedTopology | undefined {
  const entry = block.entry('file');
  if (entry === undefined) return undefined;
  const path = block.setting('file', v.optional(v.string(), ''));
  const text = read(path);
  if (text === undefined) {
    block.problems.error(entryRange(entry), `there is no topology ${path}`);
    return undefined;
  }
  // What is wrong in the other file has its place there.
  const problems = new ProblemList(path, text);
  const document = parseYaml(text, problems);
  const tree = document === undefined ? undefined : buildTree(document, problems);
  const inner = tree?.kind === 'map' ? tree.entries.get('topology')?.value : undefined;
  const nodes = inner?.kind === 'map' ? inner.entries.get('nodes')?.value : undefined;
  if (nodes?.kind !== 'map') problems.error([0, 0], 'there are no topology.nodes in it');
  const topology = nodes?.kind === 'map' ? readTopology(nodes, problems) : undefined;
  problems.finish();
  return topology;
}

function fromRule(block: Block, nodeCount: number): NamedTopology | undefined {
  const rule = block.block('generate').isThere ? block.block('generate') : block;
  const entry = rule.entry('kind');
  if (entry === undefined) return undefined;
  const kind = rule.setting('kind', v.optional(v.picklist(KINDS), 'ring'));
  const count = rule.setting('node_count', v.optional(whole, nodeCount));
  const random = Random.stream(rule.setting('seed', v.optional(whole, 1)), 'topology');
  const choices = rule.block('random');
  const optional = (from: Block, key: string) => from.setting(key, v.optional(v.number()));
  const mode = choices.setting('mode', v.optional(v.picklist(['exact', 'range'])));
  const options = {
    ...{ sendTo: optional(choices, 'send_to'), receiveFrom: optional(choices, 'receive_from') },
    ...{ min: optional(choices, 'min'), max: optional(choices, 'max') },
    ...{
      rows: optional(rule, 'rows'),
      nearest: optional(rule, 'nearest'),
      rewired: optional(rule, 'rewired'),
    },
  };
  return made(kind, count, { ...options, mode }, random, entry, block);
}

function made(
  kind: Kind,
  count: number,
  options: Parameters<typeof generate>[2],
  random: Random,
  entry: YamlEntry,
  block: Block,
): NamedTopology | undefined {
  try {
    return named(generate(kind, count, options, random));
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    block.problems.error(entryRange(entry), error.message);
    return undefined;
  }
}
