/**
 * The zoo: the bugs of a chapter, each hunted where it shows. A check that has never been seen to fail shows little; here every one of
 * them is seen to, on the mistakes that people make.
 */

import { GOOD_END, type Bug } from '../core/bug.ts';
import type { Chapter } from '../core/chapter.ts';
import type { RunResult } from '../core/result.ts';
import { endedWell } from '../core/status.ts';
import { Simulation } from '../runtime/simulator.ts';
import { summarize } from './run-result.ts';
import { planOf } from './run-spec.ts';

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

/** How a run failed. */
export interface Failure {
  /** The sentence of the invariant that broke, or {@link GOOD_END}. */
  readonly property: string;
  /** What was wrong, naming nodes and values. */
  readonly detail: string;
  readonly virtualMs: number;
}

/** Where the seeds of a hunt begin. */
const FIRST_SEED = 1;

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

/** One seed where a bug shows: what fails there with the bugs in `breaks`, and with none what must not fail. */
export async function failureIn(
  chapter: Chapter,
  { shows }: Bug,
  options: {
    readonly seed: number;
    readonly breaks: readonly string[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Failure | undefined> {
  const { seed, breaks, signal } = options;
  const { config, latencyMs, timeoutSeconds, ends } = shows;
  const faults = shows.faults ?? chapter.faults;
  const spec = {
    ...{ runId: `zoo/${chapter.name}/${seed}`, algorithm: chapter.name, config, breaks, seed },
    ...{ configFile: `${chapter.name}.yaml`, strict: true, format: 'json' as const },
    ...(faults === undefined ? {} : { faults }),
  };
  const { plan } = planOf(spec, chapter);
  const run = await new Simulation({
    plan,
    invariants: chapter.invariants,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    ...(signal === undefined ? {} : { signal }),
  }).run();
  const { virtualMs, violation } = run;
  if (violation !== undefined) {
    return { property: violation.invariant, detail: violation.detail, virtualMs };
  }
  if (signal?.aborted === true) return undefined;
  const facts = {
    ...{ algorithm: chapter.name, mode: 'offline' as const, format: plan.format, seed },
    ...{ elapsed_ms: 0, virtual_ms: virtualMs, trace_sha256: null, problems: run.problems },
  };
  const detail = (ends ?? endsWell)(summarize(facts, run.nodes));
  return detail === undefined ? undefined : { property: GOOD_END, detail, virtualMs };
}

/** What is wrong with an end of which a chapter says nothing else: every correct node shall terminate. */
function endsWell({ ok, problems, nodes }: RunResult): string | undefined {
  if (ok) return undefined;
  const late = Object.entries(nodes).filter(
    ([, { status, fault }]) => fault === undefined && !endedWell(status),
  );
  const ends = late.map(([id, { status, error }]) => `${id} ${status}: ${firstLine(error ?? '')}`);
  return [...(problems ?? []), ...ends].join('; ');
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}
