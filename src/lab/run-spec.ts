/** A run as plain data: what travels to a worker, to another tab, into a link. */

import { findBugs, withBugs, type Breakable } from '../core/bug.ts';
import { withChosenLayers } from '../core/config/chosen-layers.ts';
import type { ConfigProblem } from '../core/config/config-error.ts';
import { loadConfig } from '../core/config/load-config.ts';
import type { Faults } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { FormatName } from '../core/result.ts';
import type { FrameAuth } from '../net/batch.ts';
import type { LinkKind } from '../net/rtc/transport.ts';
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
  /** How connections are negotiated; `simple-peer` unless given. */
  readonly link?: LinkKind;
  /** What shall go wrong. */
  readonly faults?: Faults;
  /** Names of the chapter's bugs that are put into the algorithm. */
  readonly breaks?: readonly string[];
}

/** A plan, and what else its configuration says. */
export interface ReadPlan {
  readonly plan: RunPlan;
  readonly warnings: readonly ConfigProblem[];
  /** Public keys in hexadecimal, of the nodes that must have a certain one. */
  readonly pinnedKeys: ReadonlyMap<NodeId, string>;
}

/**
 * The plan of a run, for the chapter that the spec names.
 *
 * @throws {BugError} when the spec breaks what the chapter cannot break
 * @throws {ConfigError} with every problem of the configuration
 */
export function planOf(spec: RunSpec, chapter: Breakable): ReadPlan {
  const { runId, config, configFile, strict, format, seed, faults } = spec;
  const bugs = findBugs(chapter, spec.breaks ?? []);
  const chosen = withChosenLayers(chapter.algorithm, config, configFile);
  const algorithm = withBugs(chosen, bugs);
  const { nodes, warnings } = loadConfig(config, algorithm.definition, {
    file: configFile,
    strict,
  });
  const pinnedKeys = new Map(
    nodes.flatMap(({ id, publicKey }) =>
      publicKey === undefined ? [] : [[id, publicKey] as const],
    ),
  );
  const plan = {
    runId,
    algorithm,
    nodes,
    format,
    seed,
    ...(faults === undefined ? {} : { faults }),
    ...(bugs.length === 0 ? {} : { breaks: bugs.map(({ name }) => name) }),
  };
  return { plan, warnings, pinnedKeys };
}
