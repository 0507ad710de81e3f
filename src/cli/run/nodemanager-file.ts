/** A configuration that is a file of nodemanager: what it says beside the nodes, and the files that it names. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../core/config/config-error.ts';
import {
  isNodemanagerFile,
  readNodemanager,
  type NodemanagerRun,
} from '../../lab/nodemanager/read-nodemanager.ts';
import { UsageError } from '../failures.ts';
import type { RunOptions } from './run-request.ts';

/** Runs over what such a file describes unless -a says something else: nodemanager's own example of an application. */
const APPLICATION = 'share_vec';

/**
 * What the text means, if it is a file of nodemanager.
 *
 * @param nodeCount nodes where the file describes a single one
 * @throws {UsageError} with everything that is wrong in it
 */
export function foreignRun(
  text: string,
  file: string,
  workingDirectory: string,
  nodeCount: number | undefined,
): NodemanagerRun | undefined {
  if (!isNodemanagerFile(text)) return undefined;
  const folder = path.dirname(path.resolve(workingDirectory, file));
  const read = (name: string) => {
    const absolute = path.resolve(folder, name);
    return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
  };
  try {
    return readNodemanager(text, { file, read, ...(nodeCount === undefined ? {} : { nodeCount }) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(`this file of nodemanager cannot be run\n${error.message}`, {
      cause: error,
    });
  }
}

/** The options with what the file says where they say nothing: the application, how long, how fast. */
export function withForeignDefaults(options: RunOptions, workingDirectory: string): RunOptions {
  const { config, nodes } = options;
  if (config === undefined) return options;
  const absolute = path.resolve(workingDirectory, config);
  // Whether it is there, and a file, is for those to say who read it for its nodes.
  const text = readable(absolute);
  const run = text === undefined ? undefined : foreignRun(text, config, workingDirectory, nodes);
  if (run === undefined) return options;
  const { serviceMs, timeoutMs, pace } = run;
  return {
    algorithm: APPLICATION,
    ...(serviceMs === undefined ? {} : { for: serviceMs / 1000 }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs / 1000 }),
    ...(pace === undefined ? {} : { pace }),
    ...options,
  };
}

function readable(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
