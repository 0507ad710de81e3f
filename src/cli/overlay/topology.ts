/** `parley topology`: makes a static topology and writes it as nodemanager does. */

import { writeFileSync } from 'node:fs';
import { Random } from '../../core/random.ts';
import { messageOf } from '../../core/errors.ts';
import { generate } from '../../lab/nodemanager/generate.ts';
import { fromEdges, TopologyError } from '../../lab/nodemanager/generators.ts';
import { named, topologyYaml, type NamedTopology } from '../../lab/nodemanager/topology.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { readText } from '../run/prepare-run.ts';
import type { TopologyOptions } from './topology-options.ts';

const NODES_DEFAULT = 8;

/** Makes and writes it; the exit status. */
export function topologyCommand(options: TopologyOptions): number {
  const text = topologyYaml(topologyOf(options, process.cwd()));
  if (options.output === undefined) {
    process.stdout.write(text);
    return EXIT_STATUS.ok;
  }
  try {
    writeFileSync(options.output, text);
  } catch (error) {
    throw new UsageError(`-o ${options.output} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return EXIT_STATUS.ok;
}

/** @throws {UsageError} naming what is missing or wrong */
function topologyOf(
  { kind, edges, nodes, seed, ...numbers }: TopologyOptions,
  workingDirectory: string,
): NamedTopology {
  if ((kind === undefined) === (edges === undefined)) {
    throw new UsageError('say one of --kind RULE and --edges FILE');
  }
  try {
    if (edges !== undefined) {
      const read = fromEdges(readText(edges, 'list of edges', workingDirectory));
      return named(read.topology, read.names);
    }
    const random = Random.stream(seed ?? 1, 'topology');
    return named(generate(kind!, nodes ?? NODES_DEFAULT, numbers, random));
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    throw new UsageError(edges === undefined ? error.message : `${edges}: ${error.message}`, {
      cause: error,
    });
  }
}
