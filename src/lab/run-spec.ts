/** A run as plain data: what travels to a worker, to another tab, into a link. */

import type { AlgorithmClass } from '../core/algorithm.ts';
import type { ConfigProblem } from '../core/config/config-error.ts';
import { loadConfig } from '../core/config/load-config.ts';
import type { FormatName } from '../core/result.ts';
import type { FrameAuth } from '../net/batch.ts';
import type { RunPlan } from '../runtime/plan.ts';

/** Everything that determines a run, without code. */
export interface RunSpec {
  /** Signatures are bound to it. */
  readonly runId: string;
  /** Name of the chapter, or of the module that the page was built with. */
  readonly algorithm: string;
  /** YAML. */
  readonly config: string;
  /** Its name in messages about it. */
  readonly configFile: string;
  readonly strict: boolean;
  readonly format: FormatName;
  readonly seed: number;
  /** What vouches for messages on links; `signature` unless given. */
  readonly frameAuth?: FrameAuth;
}

/**
 * The plan of a run, for the algorithm that the spec names.
 *
 * @throws {ConfigError} with every problem of the configuration
 */
export function planOf(
  spec: RunSpec,
  algorithm: AlgorithmClass,
): { readonly plan: RunPlan; readonly warnings: readonly ConfigProblem[] } {
  const { runId, config, configFile, strict, format, seed } = spec;
  const { nodes, warnings } = loadConfig(config, algorithm.definition, {
    file: configFile,
    strict,
  });
  return { plan: { runId, algorithm, nodes, format, seed }, warnings };
}
