/**
 * Configurations: one YAML map of nodes, each with its neighbours and the settings of its algorithm.
 *
 * ```yaml
 * _defaults: &defaults          # begins with _: a template, no node
 *   max_hops: 3
 * n1:
 *   <<: *defaults
 *   neighbours: [n2]            # without it: all others
 *   is_initiator: true
 *   broadcast:                  # settings of the layer below
 *     fanout: 2
 * n2: *defaults
 * ```
 */

import { RESERVED_KEYS, type AnyDefinition } from '../algorithm.ts';
import type { NodeId } from '../id.ts';
import { readNeighbours } from './neighbours.ts';
import { readNodeEntries } from './node-entries.ts';
import { CONFIG_TEXT_LENGTH_MAX } from './parse-yaml.ts';
import type { ConfigProblem } from './config-error.ts';
import { ProblemList } from './problem-list.ts';
import { checkBlock, type SettingsTree } from './settings.ts';
import { entryRange, isNull, textOf, type YamlEntry, type YamlMap } from './yaml-tree.ts';

/** A configuration that can run. */
export interface RunConfig {
  /** In the order of the file. */
  readonly nodes: readonly NodeConfig[];
  /** What is odd in it, but does not keep it from running. */
  readonly warnings: readonly ConfigProblem[];
}

/** One node of a configuration. */
export interface NodeConfig {
  readonly id: NodeId;
  /** Directed; without the node itself and without repetitions. */
  readonly neighbours: readonly NodeId[];
  readonly settings: SettingsTree;
  /** The Ed25519 key that the node must have, as 64 lower-case hexadecimal digits. */
  readonly publicKey?: string;
}

/** What {@link loadConfig} wants to know beside text and definition. */
export interface LoadConfigOptions {
  /** Name of the file in messages. */
  readonly file: string;
  /** True to make errors of what is odd: unknown keys, settings that do not suit the network. */
  readonly strict?: boolean;
}

/**
 * Reads a configuration.
 *
 * @param definition of the algorithm that its nodes run; settings may use any Standard Schema
 * @throws {ConfigError} with all problems, each with its place
 */
export function loadConfig(
  text: string,
  definition: AnyDefinition,
  { file, strict = false }: LoadConfigOptions,
): RunConfig {
  const problems = new ProblemList(file, text.slice(0, CONFIG_TEXT_LENGTH_MAX));
  const entries = readNodeEntries(text, problems);
  const ids = new Set(entries.keys());
  const nodes = [...ids];
  const found: NodeConfig[] = [];
  for (const [id, entry] of entries) {
    const block = nodeBlock(entry, problems);
    const publicKey = readPublicKey(block?.entries.get('public_key'), problems);
    const neighbours = readNeighbours(id, block?.entries.get('neighbours'), ids, problems);
    if (entry.value.kind !== 'map' && !isNull(entry.value)) continue;
    const settings = checkBlock(block, definition, {
      seat: { id, nodes, neighbours },
      path: '',
      range: entry.keyRange,
      reserved: RESERVED_KEYS,
      oddities: strict ? 'error' : 'warning',
      problems,
    });
    found.push({ id, neighbours, settings, ...(publicKey === undefined ? {} : { publicKey }) });
  }
  return { nodes: found, warnings: problems.finish() };
}

/** The node's map; undefined when it is empty, or something else. */
function nodeBlock(entry: YamlEntry, problems: ProblemList): YamlMap | undefined {
  const { key, value } = entry;
  if (value.kind === 'map') return value;
  if (value.kind !== 'broken' && !isNull(value)) {
    problems.error(entryRange(entry), `node '${key}' is a map: write its settings below, indented`);
  }
  return undefined;
}

function readPublicKey(entry: YamlEntry | undefined, problems: ProblemList): string | undefined {
  if (entry === undefined || isNull(entry.value) || entry.value.kind === 'broken') return undefined;
  if (entry.value.kind === 'scalar') {
    // Sixty-four digits without a letter are a number to YAML.
    const hex = textOf(entry.value);
    if (/^[0-9a-f]{64}$/i.test(hex)) return hex.toLowerCase();
  }
  problems.error(entryRange(entry), "'public_key' is a text of 64 hexadecimal digits");
  return undefined;
}
