/** `parley replay LINK`: does the run of a link again, and says whether it is the same. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { visible } from '../../check/trace/describe-event.ts';
import { storyOf } from '../../check/trace/story.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { MOMENTS } from '../../lab/explore/explore-job.ts';
import { attemptOf, LinkError, type LinkedRun } from '../../lab/link/linked-run.ts';
import { readRunLink } from '../../lab/link/run-link.ts';
import { perform, type Attempt, type Outcome } from '../../runtime/explore/attempt.ts';
import { inevitability, type Moment } from '../../runtime/explore/inevitable.ts';
import { locateChapter, type LocatedChapter } from '../chapters.ts';
import { coloursFor, nodePainter, type Colours } from '../colours.ts';
import { momentLines } from '../explore/moment-lines.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import type { ReplayOptions } from './replay-options.ts';
import { sourceHashOf } from '../page/source-hash.ts';
import { TraceWriter } from '../run/trace-writer.ts';
import { Watchdog } from '../watchdog.ts';

/** What a replay came to. */
interface Replayed {
  readonly linked: LinkedRun;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  readonly trace: readonly TraceEvent[];
  readonly traceSha256: string;
  /** True when the algorithm is not the one that the link was made with; undefined when the link does not say. */
  readonly hasChanged: boolean | undefined;
  readonly moments: readonly Moment[] | undefined;
}

/** Replays, and prints what came of it; the exit status. */
export async function replayLinkCommand(link: string, options: ReplayOptions): Promise<number> {
  const linked = await orUsage(() => readRunLink(link));
  if (options.source === true) {
    if (linked.source === undefined) throw new UsageError('the link carries no source');
    process.stdout.write(linked.source);
    return EXIT_STATUS.ok;
  }
  const interrupt = new Interrupt();
  try {
    return await withChapter(linked, options, async (located) => {
      const replayed = await replay(linked, located, options, interrupt.signal);
      if (interrupt.exitStatus !== undefined) return interrupt.exitStatus;
      const isOk = isSame(replayed);
      const colours = coloursFor(process.stdout, process.env);
      const printed =
        options.json === true
          ? `${JSON.stringify(json(replayed, isOk))}\n`
          : lines(replayed, isOk, colours)
              .map((line) => `${line}\n`)
              .join('');
      process.stdout.write(printed);
      return isOk ? EXIT_STATUS.ok : EXIT_STATUS.failed;
    });
  } finally {
    interrupt.close();
  }
}

async function orUsage<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LinkError) throw new UsageError(visibleLines(error.message));
    throw error;
  }
}

/** What a link says is shown, and never obeyed. */
function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** The algorithm of the link: a chapter, the one that the command line names, or the link's own when that is trusted. */
async function withChapter(
  linked: LinkedRun,
  { algorithm, trust }: ReplayOptions,
  use: (located: LocatedChapter) => Promise<number>,
): Promise<number> {
  const { source, algorithm: reference } = linked;
  if (algorithm !== undefined) return use(await locateChapter(algorithm, process.cwd()));
  if (source === undefined) return use(await locateChapter(reference, process.cwd()));
  if (trust !== true) {
    const count = source.split('\n').length;
    throw new UsageError(
      `the link carries an algorithm of its sender's, ${visible(reference)} (${count} lines). It would run with your rights. ` +
        'Read it with --source, then run it with --trust; or name one of your own with -a',
    );
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-link-'));
  try {
    const file = path.join(folder, 'algorithm.ts');
    writeFileSync(file, source);
    const pick = reference.includes('#') ? `#${reference.split('#')[1]}` : '';
    return await use(await locateChapter(`${file}${pick}`, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function replay(
  linked: LinkedRun,
  located: LocatedChapter,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<Replayed> {
  const attempt = await orUsage(() => attemptOf(linked, located.chapter));
  const ids = attempt.plan.nodes.map(({ id }) => id);
  const writer = new TraceWriter(options.trace);
  const watchdog = new Watchdog(ids);
  const trace: TraceEvent[] = [];
  try {
    const outcome = await perform(attempt, {
      signal,
      trace: (event) => {
        watchdog.sees(event.node);
        writer.add(event);
        trace.push(event);
      },
    });
    const traceSha256 = writer.finish();
    const moments = await momentsOf(options, attempt, outcome, trace, signal);
    const isOwn = linked.source !== undefined && options.algorithm === undefined;
    const hasChanged =
      linked.hash === undefined || isOwn ? undefined : linked.hash !== sourceHashOf(located);
    return { linked, attempt, outcome, trace, traceSha256, hasChanged, moments };
  } finally {
    watchdog.close();
  }
}

async function momentsOf(
  { inevitable }: ReplayOptions,
  attempt: Attempt,
  { failure }: Outcome,
  trace: readonly TraceEvent[],
  signal: AbortSignal,
): Promise<readonly Moment[] | undefined> {
  if (inevitable === undefined || failure === undefined) return undefined;
  const options = { runs: inevitable, moments: MOMENTS, signal };
  return inevitability(attempt, failure.property, trace, options);
}

/** The same property breaks, or none does, and the trace is the same where the link has its hash. */
function isSame({ linked, outcome, traceSha256 }: Replayed): boolean {
  const isSameTrace = linked.trace === undefined || linked.trace === traceSha256;
  return outcome.failure?.property === linked.property && isSameTrace;
}

function json(replayed: Replayed, same: boolean): object {
  const { linked, outcome, trace, traceSha256, hasChanged, moments, attempt } = replayed;
  const { failure, virtualMs, faultsFired } = outcome;
  return {
    algorithm: linked.algorithm,
    seed: linked.seed,
    nodes: attempt.plan.nodes.map(({ id }) => id),
    same,
    ok: failure === undefined,
    property: failure?.property ?? null,
    detail: failure?.detail ?? null,
    virtual_ms: virtualMs,
    events: trace.length,
    faults_fired: faultsFired,
    trace_sha256: traceSha256,
    source_changed: hasChanged ?? null,
    ...(moments === undefined ? {} : { inevitable: moments }),
  };
}

function lines(replayed: Replayed, same: boolean, colours: Colours): string[] {
  const { linked, outcome, trace, traceSha256, hasChanged, moments, attempt } = replayed;
  const { failure, virtualMs } = outcome;
  const ids = attempt.plan.nodes.map(({ id }) => id);
  const paint = nodePainter(ids, colours);
  const name = colours.bold(visible(linked.algorithm));
  const verdict = same ? colours.green('the same run') : colours.red('not the same run');
  const facts = `seed ${linked.seed}; ${ids.length} nodes; ${trace.length} events; ${virtualMs} ms virtual`;
  const changed = hasChanged === true ? ['the algorithm has changed since the link was made'] : [];
  const story = failure === undefined ? [] : storyOf(trace);
  return [
    `${name}: ${verdict} ${colours.dim(`(${facts})`)}`,
    ...brokenOnPurpose(linked, colours),
    ...changed.map((line) => colours.yellow(line)),
    ...differenceLines(replayed).map((line) => colours.red(line)),
    ...(failure === undefined
      ? [colours.green('every property holds')]
      : [colours.red(failure.property), `  ${visibleLines(failure.detail)}`]),
    ...story.map(
      ({ time, node, text }) =>
        `    ${colours.dim(`${time.toFixed(1)} ms`)}  ${paint(node)}  ${text}`,
    ),
    ...(moments === undefined ? [] : momentLines(moments, colours)),
    colours.dim(`trace ${traceSha256}`),
  ];
}

function brokenOnPurpose({ breaks = [] }: LinkedRun, colours: Colours): string[] {
  if (breaks.length === 0) return [];
  return [colours.yellow(`broken on purpose: ${visible(breaks.join(', '))}`)];
}

function differenceLines({ linked, outcome, traceSha256 }: Replayed): string[] {
  const { property, trace } = linked;
  if (outcome.failure?.property !== property) {
    return [`the link says that it breaks: ${visible(property ?? 'nothing')}`];
  }
  return trace === undefined || trace === traceSha256 ? [] : [`the link's trace was ${trace}`];
}
