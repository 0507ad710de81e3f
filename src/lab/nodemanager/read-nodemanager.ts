/**
 * Reads a file of nodemanager: one node's configuration, a static topology, or a simulation. What means something here is translated, what does
 * not is named in a warning.
 */

import * as v from 'valibot';
import { buildTree } from '../../core/config/build-tree.ts';
import type { ConfigProblem } from '../../core/config/config-error.ts';
import { CONFIG_TEXT_LENGTH_MAX, parseYaml } from '../../core/config/parse-yaml.ts';
import { ProblemList } from '../../core/config/problem-list.ts';
import { isNull, type YamlMap } from '../../core/config/yaml-tree.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { Block } from './block.ts';
import { MEANINGLESS } from './meaningless.ts';
import { readSampling, type Sampling } from './sampling.ts';
import { readSimulation } from './simulation.ts';
import { readTopologyBlock } from './topology-block.ts';
import type { NamedTopology } from './topology.ts';

/** What a file of nodemanager means here. */
export interface NodemanagerRun {
  readonly sampling: Sampling;
  /** The nodes' names; whom each can send to, where that is not everybody. */
  readonly nodes: readonly string[];
  readonly topology: NamedTopology | undefined;
  /** Settings of the application, as the file has them under `application`. */
  readonly application: Readonly<Record<string, unknown>>;
  /** Only nodes of the same context meet: it becomes the run's room. */
  readonly context: string | undefined;
  readonly faults: Faults | undefined;
  /** Virtual milliseconds that a service runs. */
  readonly serviceMs: number | undefined;
  /** Milliseconds after which the run is given up. */
  readonly timeoutMs: number | undefined;
  /** Virtual seconds in a real one; undefined: as fast as it goes. */
  readonly pace: number | undefined;
  readonly warnings: readonly ConfigProblem[];
}

/** What is around a file. */
export interface Surroundings {
  /** The file's name in messages. */
  readonly file: string;
  /** Nodes where the file describes one of any number. */
  readonly nodeCount?: number;
  /** Text of a file that this one names, by its path as it stands there; undefined when there is none. */
  readonly read: (path: string) => string | undefined;
}

/** Nodes of a run whose file describes a single one. */
export const NODES_DEFAULT = 8;

/** The blocks that a file of nodemanager may have. */
const KEYS = [
  ...['context', 'address', 'port', 'tcp', 'udp', 'bootnodes', 'topology', 'sampling', 'network'],
  ...['simulation', 'latency', 'disconnection', 'synchronization', 'application'],
];

/** One of these is in each of them; no node of ours is likely to be called so with all others. */
const TELLING = ['topology', 'sampling', 'simulation'];

/** True for a text that is a file of nodemanager, and no configuration of ours. */
export function isNodemanagerFile(text: string): boolean {
  const tree = treeOf(text, new ProblemList('', head(text)));
  if (tree === undefined) return false;
  const keys = [...tree.entries.keys()];
  return keys.every((key) => KEYS.includes(key)) && keys.some((key) => TELLING.includes(key));
}

/**
 * Reads it.
 *
 * @throws {ConfigError} with everything that is wrong, each with its place
 */
export function readNodemanager(text: string, surroundings: Surroundings): NodemanagerRun {
  const problems = new ProblemList(surroundings.file, head(text));
  const tree = treeOf(text, problems);
  if (tree === undefined) {
    problems.error(
      [0, 0],
      'this is no file of nodemanager: a map with topology, sampling or simulation',
    );
    problems.finish();
  }
  const file = new Block(tree, '', problems);
  const network = file.block('network');
  const { faultsOf, nodeCount, ...times } = readSimulation(file);
  const { nodes, topology } = readTopologyBlock(file, network, {
    ...surroundings,
    nodeCount: nodeCount ?? surroundings.nodeCount ?? NODES_DEFAULT,
  });
  const sampling = readSampling(file, network, surroundings, nodes, topology !== undefined);
  const context = file.setting('context', v.optional(v.pipe(v.string(), v.minLength(1))));
  const application = file.block('application').plain();
  for (const { path, why } of MEANINGLESS) file.ignore(path, why);
  file.complainOfRest();
  const warnings = problems.finish();
  const faults = faultsOf(nodes);
  return { sampling, nodes, topology, application, context, faults, ...times, warnings };
}

function treeOf(text: string, problems: ProblemList): YamlMap | undefined {
  const document = parseYaml(text, problems);
  if (document === undefined) return undefined;
  const tree = buildTree(document, problems);
  return tree.kind === 'map' && !isNull(tree) ? tree : undefined;
}

function head(text: string): string {
  return text.slice(0, CONFIG_TEXT_LENGTH_MAX);
}
