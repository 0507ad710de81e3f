/** What one worker of an exploration does: seeds to run, or a failing seed to make smaller. Plain data in, plain data out. */

import { describeChoice } from '../../core/choices/choices.ts';
import type { Faults } from '../../core/faults/faults.ts';
import type { FaultCounts, FaultKind } from '../../core/faults/kinds.ts';
import { storyOf, type StoryLine } from '../../check/trace/story.ts';
import {
  perform,
  performTraced,
  type Attempt,
  type Failure,
} from '../../runtime/explore/attempt.ts';
import { inevitability, type Moment } from '../../runtime/explore/inevitable.ts';
import { shrink } from '../../runtime/explore/shrink.ts';
import type { FoundChapter } from '../chapters.ts';
import { attemptOf, linkedAs, type LinkedRun } from '../link/linked-run.ts';
import { writeRunLink } from '../link/run-link.ts';
import { runIdFrom } from '../run-id.ts';
import { addCounts } from './fault-counts.ts';

/** What all workers of an exploration know. */
export interface Exploration {
  /** The run, but for its seed and what follows from it. */
  readonly run: Omit<LinkedRun, 'seed' | 'runId'>;
  /** Runs that making one failure smaller may cost. */
  readonly shrinkRuns: number;
  /** Continuations from each moment of a failing run; 0 to leave that out. */
  readonly continuations: number;
  /** Where links lead. */
  readonly lab: string;
}

/** Moments of a failing run from which continuations begin. */
export const MOMENTS = 24;

/** What a worker is given to do. */
export type ExploreJob =
  | { readonly kind: 'seeds'; readonly from: number; readonly to: number }
  | { readonly kind: 'shrink'; readonly seed: number };

/** What came of seeds. */
export interface SeedsOutcome {
  readonly kind: 'seeds';
  /** How many were run; fewer than asked for when it was ended. */
  readonly seeds: number;
  readonly events: number;
  readonly faultsFired: FaultCounts;
  readonly failures: readonly (Failure & { readonly seed: number; readonly virtualMs: number })[];
}

/** A failure with the smallest run that was found. */
export interface FoundFailure {
  readonly kind: 'failure';
  readonly seed: number;
  readonly property: string;
  readonly detail: string;
  readonly virtualMs: number;
  /** Events of the trace of the run as it was found. */
  readonly events: number;
  readonly minimal: {
    readonly events: number;
    /** Faults that are left: choices that are faults, and entries of the plan. */
    readonly faults: number;
    readonly link: string;
    readonly nodes: readonly string[];
    /** What is left of the plan. */
    readonly plan: Faults;
    /** What is chosen, in words. */
    readonly choices: readonly string[];
    readonly story: readonly StoryLine[];
    readonly traceSha256: string;
    /** False when the budget was used up, or it was ended. */
    readonly isDone: boolean;
  };
  readonly moments?: readonly Moment[];
}

/** The run of one seed. */
export function runOfSeed({ run }: Exploration, name: string, seed: number): LinkedRun {
  const { config, breaks = [], format } = run;
  const runId = runIdFrom([`offline ${seed}`, config, name, ...breaks, format]);
  return { ...run, seed, runId };
}

/**
 * Does one job.
 *
 * @param onSeed is told which seed comes next
 */
export async function doJob(
  exploration: Exploration,
  chapter: FoundChapter['chapter'],
  job: ExploreJob,
  signal: AbortSignal,
  onSeed: (seed: number) => void,
): Promise<SeedsOutcome | FoundFailure> {
  if (job.kind === 'seeds') return exploreSeeds(exploration, chapter, job, signal, onSeed);
  onSeed(job.seed);
  return makeSmaller(exploration, chapter, job.seed, signal);
}

async function exploreSeeds(
  exploration: Exploration,
  chapter: FoundChapter['chapter'],
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
  onSeed: (seed: number) => void,
): Promise<SeedsOutcome> {
  const { name } = chapter.algorithm.definition;
  const fired: Partial<Record<FaultKind, number>> = {};
  const failures: SeedsOutcome['failures'][number][] = [];
  let [seeds, events] = [0, 0];
  for (let seed = from; seed <= to && !signal.aborted; seed++) {
    onSeed(seed);
    const attempt = attemptOf(runOfSeed(exploration, name, seed), chapter);
    const outcome = await perform(attempt, { signal });
    if (signal.aborted) break;
    seeds++;
    events += outcome.events;
    addCounts(fired, outcome.faultsFired);
    const { failure, virtualMs } = outcome;
    if (failure !== undefined) failures.push({ seed, virtualMs, ...failure });
  }
  return { kind: 'seeds', seeds, events, faultsFired: fired, failures };
}

async function makeSmaller(
  exploration: Exploration,
  chapter: FoundChapter['chapter'],
  seed: number,
  signal: AbortSignal,
): Promise<FoundFailure> {
  const { name } = chapter.algorithm.definition;
  const linked = runOfSeed(exploration, name, seed);
  const attempt = attemptOf(linked, chapter);
  const found = await performTraced(attempt);
  const { failure } = found;
  if (failure === undefined) {
    throw new Error(
      `seed ${seed} failed, and did not when it was run again: it is no function of its seed`,
    );
  }
  const shrunk = await shrink(attempt, failure, { runsMax: exploration.shrinkRuns, signal });
  const small = await performTraced(shrunk.attempt);
  const { traceSha256 } = small;
  const run = linkedAs(linked, attempt, shrunk.attempt);
  const { property, detail } = failure;
  const link = await writeRunLink({ ...run, property, trace: traceSha256 }, exploration.lab);
  const moments =
    exploration.continuations === 0
      ? undefined
      : await inevitability(attempt, property, found.trace, {
          runs: exploration.continuations,
          moments: MOMENTS,
          signal,
        });
  return {
    kind: 'failure',
    ...{ seed, property, detail, virtualMs: found.virtualMs, events: found.trace.length },
    minimal: {
      events: small.trace.length,
      faults: faultsLeft(shrunk.attempt),
      link,
      nodes: shrunk.attempt.plan.nodes.map(({ id }) => id),
      plan: shrunk.attempt.plan.faults ?? {},
      choices: shrunk.attempt.choices.map(describeChoice),
      story: storyOf(small.trace),
      traceSha256,
      isDone: shrunk.isDone,
    },
    ...(moments === undefined ? {} : { moments }),
  };
}

/** A message that comes at another time than the seed's is no fault; one that strays, is lost or doubled is one. */
function faultsLeft({ plan, choices }: Attempt): number {
  const chosen = choices.filter((choice) => {
    if ('message' in choice) return choice.arrives.length !== 1 || choice.stray === true;
    return 'crash' in choice || 'pause' in choice || 'cut' in choice;
  });
  const {
    latency: _l,
    heal: _h,
    progress: _p,
    expect: _e,
    disk: _d,
    ...faults
  } = plan.faults ?? {};
  const planned = Object.values(faults).flatMap((part) => {
    return typeof part === 'object' ? Object.keys(part) : [part];
  });
  return chosen.length + planned.length;
}
