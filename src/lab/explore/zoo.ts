/**
 * The zoo: the bugs of a chapter, each hunted where it shows. A check that has never been seen to fail shows little; here every one of
 * them is seen to, on the mistakes that people make.
 */

import { GOOD_END, type Bug, type Exhibit } from '../../core/bug.ts';
import type { Chapter } from '../../core/chapter.ts';
import { failureOf, simulationOf, type Failure } from '../../runtime/explore/attempt.ts';
import { attemptOf, type LinkedRun } from '../link/linked-run.ts';
import { summarize } from '../run-result.ts';
import { runIdFrom } from '../run-id.ts';

/** What the hunt for one bug came to; a line of `parley zoo --json`. */
export interface Catch {
  readonly algorithm: string;
  readonly bug: string;
  readonly found: boolean;
  /** The seed that shows it; null when none did. */
  readonly seed: number | null;
  readonly seeds_tried: number;
  /** Virtual milliseconds until it showed. */
  readonly virtual_ms: number | null;
  /** What it breaks, or should have broken. */
  readonly property: string;
}

/** Where the seeds of a hunt begin. */
const FIRST_SEED = 1;

/** Virtual seconds until a run counts as hung, and that a service runs: those of `parley run`. */
const TIMEOUT_SECONDS = 30;
const SERVICE_SECONDS = 10;

/**
 * Tries one seed after the other until the bug shows.
 *
 * @param signal ends the hunt between two seeds, and in the midst of one
 */
export async function hunt(chapter: Chapter, bug: Bug, signal?: AbortSignal): Promise<Catch> {
  const { name: algorithm } = chapter;
  const { name, seeds, violates: property } = bug;
  for (let tried = 1; tried <= seeds && signal?.aborted !== true; tried++) {
    const seed = FIRST_SEED + tried - 1;
    const failure = await failureIn(chapter, bug, { seed, breaks: [name], signal });
    // Another property may break first: the one that the chapter names is to be seen.
    if (failure?.property !== property) continue;
    const virtual_ms = failure.virtualMs;
    return { algorithm, bug: name, found: true, seed, seeds_tried: tried, virtual_ms, property };
  }
  const nothing = { found: false, seed: null, seeds_tried: seeds, virtual_ms: null };
  return { algorithm, bug: name, ...nothing, property };
}

/** A run where a bug shows. */
export interface Exhibited {
  readonly seed: number;
  /** With these bugs in it; with none it must not fail. */
  readonly breaks: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What fails in such a run; undefined when nothing does. */
export async function failureIn(
  chapter: Chapter,
  { shows }: Bug,
  { seed, breaks, signal }: Exhibited,
): Promise<(Failure & { readonly virtualMs: number }) | undefined> {
  const attempt = attemptOf(runOf(chapter, shows, seed, breaks), chapter);
  const onlookers = signal === undefined ? {} : { signal };
  const result = await simulationOf(attempt, onlookers).run();
  const { virtualMs, violation } = result;
  if (signal?.aborted === true) return undefined;
  if (violation !== undefined || shows.ends === undefined) {
    const failure = failureOf(result);
    return failure === undefined ? undefined : { ...failure, virtualMs };
  }
  const facts = {
    ...{ algorithm: chapter.name, mode: 'offline' as const, format: attempt.plan.format, seed },
    ...{ elapsed_ms: 0, virtual_ms: virtualMs, trace_sha256: null, problems: result.problems },
  };
  const detail = shows.ends(summarize(facts, result.nodes));
  return detail === undefined
    ? undefined
    : { property: GOOD_END, detail, way: 'problem', virtualMs };
}

function runOf(
  { name, faults: usual }: Chapter,
  { config, latencyMs, timeoutSeconds = TIMEOUT_SECONDS, faults = usual }: Exhibit,
  seed: number,
  breaks: readonly string[],
): LinkedRun {
  return {
    ...{ algorithm: name, config, breaks, seed, format: 'json' },
    runId: runIdFrom([`offline ${seed}`, config, name, ...breaks, 'json']),
    ...(faults === undefined ? {} : { faults }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...{ timeoutMs: timeoutSeconds * 1000, serviceMs: SERVICE_SECONDS * 1000 },
  };
}
