/** From the options of `parley maelstrom` to what is run: everything that can be wrong in them is said here. */

import { randomInt } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../core/config/config-error.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { messageOf } from '../../core/errors.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { loadFaults } from '../../core/faults/load-faults.ts';
import { FaultsError } from '../../core/faults/resolve.ts';
import type { MaelstromRequest } from '../../maelstrom/run.ts';
import { MAELSTROM_WORKLOADS } from '../../maelstrom/workloads/index.ts';
import { UsageError } from '../failures.ts';
import { DRAWN_SEED_MAX } from '../run/run-request.ts';
import { hintForFile } from '../user-module.ts';
import type { ProgramCommand } from './node-process.ts';
import type { MaelstromOptions } from './options.ts';

/** What the options ask for. */
export function requestOf(options: MaelstromOptions): MaelstromRequest {
  const { nodeCount, concurrency, keyCount, maxTxnLength, maxWritesPerKey } = options;
  const seed = options.seed ?? randomInt(DRAWN_SEED_MAX + 1);
  return {
    workload: MAELSTROM_WORKLOADS.get(options.workload)!,
    nodeCount,
    concurrency: concurrency.isPerNode ? concurrency.count * nodeCount : concurrency.count,
    rate: options.rate,
    limitMs: options.timeLimit * 1000,
    latencyMs: options.latency,
    latencyKind: options.latencyDist,
    topology: options.topology,
    partitionMs: options.nemesis === undefined ? undefined : options.nemesisInterval * 1000,
    faults: faultsOf(options, seed),
    isTotallyAvailable: options.availability === 'total',
    levels: options.consistencyModels,
    settings: { maxTxnLength, maxWritesPerKey, keyCount },
    seed,
  };
}

/** @throws {UsageError} with everything that is wrong in it */
function faultsOf(
  { faults: given, nodeCount }: MaelstromOptions,
  seed: number,
): Faults | undefined {
  if (given === undefined) return undefined;
  const nodes = Array.from({ length: nodeCount }, (_, at) => `n${at}`);
  const isYaml = /:\s/.test(given);
  const file = isYaml ? '--faults' : given;
  if (!isYaml && !existsSync(given)) {
    throw new UsageError(
      `there is no plan of faults ${given}${hintForFile(path.resolve(given), given)}`,
    );
  }
  try {
    const text = isYaml ? given : readFileSync(given, 'utf8');
    return loadFaults(text, { file, nodes, seed });
  } catch (error) {
    if (error instanceof ConfigError || error instanceof FaultsError) {
      throw new UsageError(`these faults cannot be\n${error.message}`);
    }
    throw new UsageError(`--faults ${given}: ${messageOf(error)}`, { cause: error });
  }
}

/** @throws {UsageError} with what is wrong with them */
export function checkSettings(
  definition: Parameters<typeof loadConfig>[1],
  settings: string,
): void {
  try {
    const block = settings.trim() === '' ? ' {}' : `\n${settings.replaceAll(/^/gm, '  ')}`;
    loadConfig(`n0:${block}`, definition, { file: '--settings', strict: true });
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws {UsageError} when there is no such program, or it may not be run */
export function commandOf(bin: string, args: readonly string[]): ProgramCommand {
  const isPath = bin.includes('/') || bin.includes(path.sep);
  const places = isPath
    ? [path.resolve(bin)]
    : [
        path.resolve(bin),
        ...(process.env['PATH'] ?? '')
          .split(path.delimiter)
          .map((folder) => path.join(folder, bin)),
      ];
  const file = places.find(
    (place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true,
  );
  if (file === undefined) {
    throw new UsageError(`--bin: there is no program ${bin}${hintForFile(places[0]!, bin)}`);
  }
  try {
    accessSync(file, constants.X_OK);
  } catch (error) {
    const advice = `chmod +x ${bin}, or name its interpreter: --bin python3 … -- ${bin}`;
    throw new UsageError(`--bin: ${bin} may not be run (${advice})`, { cause: error });
  }
  return { file, args };
}
