/** `parley explore`: from options to a sweep over threads, and what it found, printed. */

import { availableParallelism } from 'node:os';
import type { Schedule } from '../../core/choices/schedule.ts';
import type { FaultKind } from '../../core/faults/kinds.ts';
import { resolveFaults } from '../../core/faults/resolve.ts';
import { runOfSeed, type Exploration } from '../../lab/explore/explore-job.ts';
import { sweep, type SweepResult } from '../../lab/explore/sweep.ts';
import { attemptOf } from '../../lab/link/linked-run.ts';
import { perform } from '../../runtime/explore/attempt.ts';
import { locateChapter, type LocatedChapter } from '../chapters.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { prepareRun, type PreparedRun } from '../run/prepare-run.ts';
import { runRequest } from '../run/run-request.ts';
import { sourceHashOf } from '../page/source-hash.ts';
import { isPath } from '../user-module.ts';
import { Watchdog } from '../watchdog.ts';
import { moduleSource } from './module-source.ts';
import type { ExploreOptions } from './options.ts';
import { ProgressLine } from './progress-line.ts';
import { exploredJson, exploredText, type Explored } from './report.ts';
import type { RedisCrew } from './redis/redis-crew.ts';
import { ThreadCrew } from './thread-crew.ts';

/** Explores, and prints; the exit status. */
export async function exploreCommand(options: ExploreOptions): Promise<number> {
  const prepared = await prepare(options);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  for (const warning of prepared.warnings) say(warning);
  const exploration = await explorationOf(options, prepared, say);
  const { from, to } = options.seeds;
  const count = to - from + 1;
  const crew = await crewOf(options, exploration, say);
  const line = new ProgressLine(process.stderr, count);
  const interrupt = new Interrupt((signal) => {
    line.clear();
    say(`${signal}: what was found so far follows; a second one ends at once`);
    crew.stop();
  });
  say(`· ${count} seeds ${crew.where}; Ctrl-C ends it with what was found`);
  const beganMs = performance.now();
  try {
    const result = await sweep(crew, {
      ...{ from, to, failuresMax: options.failures, signal: interrupt.signal },
      onProgress: (progress) => line.show(progress),
    });
    line.clear();
    const explored = exploredOf(prepared, exploration, result, performance.now() - beganMs);
    print(explored, options);
    return interrupt.exitStatus ?? (explored.ok ? EXIT_STATUS.ok : EXIT_STATUS.failed);
  } finally {
    line.clear();
    crew.close();
    interrupt.close();
  }
}

/** Threads here, or workers that take jobs from Redis. */
async function crewOf(
  { redis, jobs, seeds }: ExploreOptions,
  exploration: Exploration,
  say: (text: string) => void,
): Promise<ThreadCrew | RedisCrew> {
  if (redis === undefined) {
    const count = seeds.to - seeds.from + 1;
    return new ThreadCrew(exploration, Math.min(jobs ?? availableParallelism(), count));
  }
  const { RedisCrew: Crew } = await import('./redis/redis-crew.ts');
  return Crew.open(exploration, { url: redis, jobs, say });
}

/** Everything is read as `parley run` reads it, and tried with the first seed. */
async function prepare(options: ExploreOptions): Promise<PreparedRun> {
  const { seeds, time, config, algorithm, format, latency } = options;
  const request = runRequest(
    {
      ...(config === undefined ? {} : { config }),
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(latency === undefined ? {} : { latency }),
      ...{ mode: 'offline', format, seed: seeds.from, break: options.break },
      ...{ timeout: (time ?? 30_000) / 1000, for: (time ?? 10_000) / 1000 },
      ...{ startupDelay: 0, verbose: 0, link: 'simple-peer', frameAuth: 'signature' },
    },
    () => seeds.from,
  );
  if (options.redis !== undefined && isPath(request.algorithm)) {
    throw new UsageError(
      `--redis: workers run only what is installed there, and ${request.algorithm} is a file of yours. Explore it here, without --redis`,
    );
  }
  const located = await locateChapter(request.algorithm, process.cwd());
  const faults = faultsWanted(options, located);
  return prepareRun({ ...request, faults }, process.cwd());
}

function faultsWanted({ faults }: ExploreOptions, { chapter }: LocatedChapter): string | undefined {
  if (faults === 'none') return undefined;
  return faults ?? (chapter.faults === undefined ? undefined : 'chapter');
}

async function explorationOf(
  options: ExploreOptions,
  { spec, located, request }: PreparedRun,
  say: (text: string) => void,
): Promise<Exploration> {
  const { userModule, reference } = located;
  // That a fault fires is to be expected of the sweep, and not of every run.
  const { expect: _expected, ...faults } = spec.faults ?? {};
  const source = userModule && (await moduleSource(userModule.file));
  if (userModule !== undefined && source === undefined) {
    say(`${userModule.key} is too long for a link: links name it, and do not carry it`);
  }
  if (options.faults === undefined && spec.faults === undefined) {
    say(`${reference} does not say what it withstands: nothing goes wrong here but timing`);
  }
  const { latencyMs, timeoutMs, serviceMs } = request;
  const run: Exploration['run'] = {
    algorithm: reference,
    hash: sourceHashOf(located),
    ...(source === undefined ? {} : { source }),
    ...(spec.breaks === undefined ? {} : { breaks: spec.breaks }),
    config: spec.config,
    format: spec.format,
    ...(Object.keys(faults).length === 0 ? {} : { faults }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...{ timeoutMs, serviceMs },
  };
  const exploration = {
    run,
    shrinkRuns: options.shrinkRuns,
    continuations: options.inevitable ?? 0,
    lab: options.lab,
  };
  const schedule = await scheduleOf(options, exploration, located);
  return schedule.kind === 'latency' ? exploration : { ...exploration, run: { ...run, schedule } };
}

/** How many deliveries a run has, about, is seen from one, whatever the seeds: PCT changes priorities among them. */
async function scheduleOf(
  { schedule: kind, depth }: ExploreOptions,
  exploration: Exploration,
  { chapter }: LocatedChapter,
): Promise<Schedule> {
  if (kind !== 'pct') return { kind };
  const { name } = chapter.algorithm.definition;
  const attempt = attemptOf(runOfSeed(exploration, name, 0), chapter);
  const watchdog = new Watchdog(attempt.plan.nodes.map(({ id }) => id));
  const { events } = await perform(attempt).finally(() => watchdog.close());
  return { kind, depth, steps: Math.max(1, events) };
}

function exploredOf(
  { plan, located, spec }: PreparedRun,
  { run }: Exploration,
  result: SweepResult,
  elapsedMs: number,
): Explored {
  const missing = result.isPartial ? [] : expectedAndMissing(spec.faults ?? {}, plan, result);
  return {
    algorithm: located.reference,
    ok: result.failing.length === 0 && result.stuck.length === 0 && missing.length === 0,
    result,
    missing,
    elapsedMs: Math.round(elapsedMs),
    schedule: run.schedule ?? { kind: 'latency' },
    breaks: run.breaks ?? [],
  };
}

function expectedAndMissing(
  faults: NonNullable<PreparedRun['spec']['faults']>,
  { nodes, seed }: PreparedRun['plan'],
  { faultsFired }: SweepResult,
): readonly FaultKind[] {
  const ids = nodes.map(({ id }) => id);
  const { expected } = resolveFaults(faults, ids, seed);
  return expected.filter((kind) => (faultsFired[kind] ?? 0) === 0);
}

function print(explored: Explored, options: ExploreOptions): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(exploredJson(explored))}\n`);
    return;
  }
  process.stdout.write(exploredText(explored, coloursFor(process.stdout, process.env)));
}
