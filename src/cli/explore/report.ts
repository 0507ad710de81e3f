/** What an exploration found: as a JSON object for scripts, and in words. */

import type { Schedule } from '../../core/choices/schedule.ts';
import type { FaultKind } from '../../core/faults/kinds.ts';
import type { FoundFailure } from '../../lab/explore/explore-job.ts';
import { COMES_BACK, type SweepResult } from '../../lab/explore/sweep.ts';
import type { Colours } from '../colours.ts';
import { nodePainter } from '../colours.ts';
import { momentLines } from './moment-lines.ts';

/** An exploration that is over. */
export interface Explored {
  readonly algorithm: string;
  readonly ok: boolean;
  readonly result: SweepResult;
  /** Faults that were expected and never fired in any run. */
  readonly missing: readonly FaultKind[];
  readonly elapsedMs: number;
  readonly schedule: Schedule;
  /** Bugs that were put into the algorithm. */
  readonly breaks: readonly string[];
}

/** Decisions and entries of a plan that are shown in words; the link has all. */
const SHOWN_MAX = 12;

/** Seeds that are listed. */
const SEEDS_SHOWN_MAX = 20;

/** What `--json` prints. Times are milliseconds; `faults` and `events` of the smallest run are counts. */
export function exploredJson({ algorithm, ok, result, elapsedMs }: Explored): object {
  const failures = result.failures.map((failure) => ({
    seed: failure.seed,
    property: failure.property,
    virtual_ms: failure.virtualMs,
    events: failure.events,
    minimal: {
      events: failure.minimal.events,
      faults: failure.minimal.faults,
      link: failure.minimal.link,
    },
    ...(failure.moments === undefined ? {} : { inevitable: failure.moments }),
  }));
  const stuck = result.stuck.map((seed) => ({
    ...{ seed, property: COMES_BACK, virtual_ms: null, events: null, minimal: null },
  }));
  return {
    algorithm,
    seeds: result.seeds,
    ok,
    failures: [...failures, ...stuck].toSorted((a, b) => a.seed - b.seed),
    faults_fired: result.faultsFired,
    events: result.events,
    elapsed_ms: elapsedMs,
  };
}

/** The same for people. */
export function exploredText(explored: Explored, colours: Colours): string {
  const { result, missing, breaks } = explored;
  const fired = Object.entries(result.faultsFired).map(([kind, count]) => `${kind} ${count}`);
  const lines = [
    summary(explored, colours),
    ...(breaks.length === 0 ? [] : [colours.yellow(`broken on purpose: ${breaks.join(', ')}`)]),
    colours.dim(`faults fired: ${fired.join(', ') || 'none were planned'}`),
    ...missing.map((kind) => colours.red(`expected, and never fired in any run: ${kind}`)),
    ...result.stuck.map((seed) => {
      const why =
        'a step of the algorithm did not come back within 10 s: is there a loop without end?';
      return colours.red(`seed ${seed}: ${why}`);
    }),
    ...result.failures.flatMap((failure) => ['', ...failureLines(failure, colours)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function summary(
  { algorithm, ok, result, elapsedMs, schedule }: Explored,
  colours: Colours,
): string {
  const { seeds, failing, stuck, events, isPartial } = result;
  const verdict = ok ? colours.green('ok') : colours.red('not ok');
  const bad = [...failing, ...stuck].toSorted((a, b) => a - b);
  const listed = bad.slice(0, SEEDS_SHOWN_MAX).join(', ');
  const more = bad.length > SEEDS_SHOWN_MAX ? ', …' : '';
  const facts = [
    `${seeds} seeds${isPartial ? ', ended early' : ''}`,
    ...(schedule.kind === 'latency' ? [] : [schedule.kind]),
    `${events} events`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  const failed = bad.length === 0 ? '' : `, ${bad.length} failed: ${listed}${more}`;
  return `${colours.bold(algorithm)}: ${verdict} ${colours.dim(`(${facts.join('; ')})`)}${failed}`;
}

/** One failure: what broke, how little it takes, the story, and the link. */
export function failureLines(failure: FoundFailure, colours: Colours): string[] {
  const { seed, property, detail, virtualMs, events, minimal } = failure;
  const { nodes, choices, plan, story, link, isDone } = minimal;
  const paint = nodePainter(nodes, colours);
  const plans = Object.entries(plan).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const takes = [...plans, ...choices];
  const times = story.map(({ time }) => time.toFixed(1));
  const width = Math.max(0, ...times.map((text) => text.length));
  return [
    colours.red(`seed ${seed}: ${property}`),
    `  ${detail}`,
    colours.dim(
      `  after ${virtualMs} ms and ${events} events; at its smallest ${minimal.events} events among ${nodes.join(', ')}${isDone ? '' : ' (there may be less: the budget was used up)'}`,
    ),
    ...(takes.length === 0 ? ['  It takes nothing but this seed.'] : ['  What it takes:']),
    ...takes.slice(0, SHOWN_MAX).map((line) => `    ${line}`),
    ...(takes.length > SHOWN_MAX ? [`    … ${takes.length - SHOWN_MAX} more`] : []),
    '  How it comes about:',
    ...story.map(
      ({ node, text }, at) =>
        `    ${colours.dim(`${times[at]!.padStart(width)} ms`)}  ${paint(node)}  ${text}`,
    ),
    ...(failure.moments === undefined ? [] : momentLines(failure.moments, colours)),
    `  ${colours.cyan(link)}`,
  ];
}
