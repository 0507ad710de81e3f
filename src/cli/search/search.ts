/** `parley search`: from options to searches, one after the other, printed as they end. */

import type { Chapter } from '../../core/chapter.ts';
import { ConfigError } from '../../core/config/config-error.ts';
import { BugError } from '../../core/bug.ts';
import { messageOf } from '../../core/errors.ts';
import { nearest } from '../../core/nearest-name.ts';
import type { Adversary } from '../../core/small-world.ts';
import { linkOfViolation } from '../../lab/explore/search-link.ts';
import { searchJobs, type SearchJob, type SearchRequest } from '../../lab/explore/search-jobs.ts';
import type { Bounds, Figures, SearchResult } from '../../runtime/search/search-options.ts';
import { SearchError } from '../../runtime/search/search-error.ts';
import { search } from '../../runtime/search/search.ts';
import { locateChapter, type LocatedChapter } from '../chapters.ts';
import { coloursFor } from '../colours.ts';
import { moduleSource } from '../explore/module-source.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { readText } from '../run/prepare-run.ts';
import { sourceHashOf } from '../page/source-hash.ts';
import type { SearchCommandOptions } from './options.ts';
import { jsonLine, progressLine, reportOf } from './report.ts';

/** Searches and prints; the exit status. */
export async function searchCommand(options: SearchCommandOptions): Promise<number> {
  if (options.algorithm === undefined) throw new UsageError('-a, --algorithm: which algorithm?');
  const located = await locateChapter(options.algorithm, process.cwd());
  const { chapter } = located;
  const jobs = prepare(chapter, options);
  const colours = coloursFor(process.stdout, process.env);
  const interrupt = new Interrupt();
  let isWrong = false;
  try {
    for (const job of jobs) {
      if (interrupt.exitStatus !== undefined) break;
      const result = await run(job, interrupt.signal);
      isWrong ||= result.outcome === 'violation';
      const link = isWrong ? await linkTo(located, job, result) : undefined;
      const told = { algorithm: chapter.name, job, result, link };
      process.stdout.write(options.json === true ? jsonLine(told) : reportOf(told, colours));
      // What comes behind the first contradiction is no news.
      if (isWrong) break;
    }
  } finally {
    interrupt.close();
  }
  return interrupt.exitStatus ?? (isWrong ? EXIT_STATUS.failed : EXIT_STATUS.ok);
}

/** For whoever wants to see it: the same in the simulator. */
async function linkTo(
  located: LocatedChapter,
  job: SearchJob,
  result: SearchResult,
): Promise<string | undefined> {
  const { userModule, reference, chapter } = located;
  const source = userModule && (await moduleSource(userModule.file));
  const origin = {
    ...{ algorithm: reference, hash: sourceHashOf(located) },
    ...(source === undefined ? {} : { source }),
  };
  return linkOfViolation(chapter, job, result, origin);
}

function prepare(chapter: Chapter, options: SearchCommandOptions): readonly SearchJob[] {
  const { config, algorithm } = options;
  const request: SearchRequest = {
    ...(config === undefined
      ? {}
      : { config: { text: readText(config, 'configuration', process.cwd()), file: config } }),
    adversary: adversaryOf(options),
    breaks: options.break ?? [],
    seed: options.seed,
    more: {
      ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
      bounds: boundsOf(options),
    },
  };
  try {
    const jobs = searchJobs(chapter, request);
    if (jobs.length === 0) {
      throw new UsageError(`${algorithm} has no small worlds: give it a configuration, -c FILE`);
    }
    for (const job of jobs) checkNames(job, options);
    return jobs;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof BugError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

function checkNames(
  { options: { plan } }: SearchJob,
  { mayCrash = [] }: SearchCommandOptions,
): void {
  const ids = plan.nodes.map(({ id }) => id);
  for (const name of mayCrash) {
    if (ids.includes(name)) continue;
    const suggestion = nearest(name, ids);
    const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
    throw new UsageError(`--may-crash ${name}: no such node${hint}. There are: ${ids.join(', ')}`);
  }
}

/** What the options say; what they leave open stays open. */
function adversaryOf(options: SearchCommandOptions): Adversary {
  const { network, losses, crashes, mayCrash, timeouts, slowDisks } = options;
  return {
    ...(network === undefined
      ? {}
      : { ordered: network === 'ordered', duplicates: network === 'copies' }),
    ...(losses === undefined ? {} : { losses }),
    ...(crashes === undefined ? {} : { crashes }),
    ...(mayCrash === undefined ? {} : { mayCrash }),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(slowDisks === undefined ? {} : { slowDisks }),
  };
}

function boundsOf({ states, depth, time, memory }: SearchCommandOptions): Bounds {
  return {
    timeMs: time * 1000,
    bytes: memory * 1_000_000,
    ...(states === undefined ? {} : { states }),
    ...(depth === undefined ? {} : { depth }),
  };
}

/** @throws {UsageError} when the algorithm or its configuration cannot be searched */
async function run(job: SearchJob, signal: AbortSignal): Promise<SearchResult> {
  const now = () => performance.now();
  try {
    return await search({ ...job.options, now, signal, onProgress: showProgress });
  } catch (error) {
    if (error instanceof SearchError || error instanceof RangeError) {
      throw new UsageError(`${job.world}: ${messageOf(error)}`);
    }
    throw error;
  } finally {
    clearProgress();
  }
}

function showProgress(figures: Figures): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progressLine(figures)}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
