/** What a search came to, for people and for programs. */

import { counted, listed, shown } from '../../check/text.ts';
import type { NodeId } from '../../core/id.ts';
import type { Adversary } from '../../core/small-world.ts';
import type { SearchJob } from '../../lab/explore/search-jobs.ts';
import type { Figures, SearchResult } from '../../runtime/search/search-options.ts';
import type { Change, Step } from '../../runtime/search/story.ts';
import { nodePainter, type Colours } from '../colours.ts';
import { printable } from '../printable.ts';

/** A search and its result. */
export interface Told {
  readonly algorithm: string;
  readonly job: SearchJob;
  readonly result: SearchResult;
  /** Of a run of the simulator that goes wrong in the same way. */
  readonly link: string | undefined;
}

/** Characters of a value in a story. */
const VALUE_LENGTH_MAX = 60;

const BOUND_WORDS: Readonly<Record<NonNullable<SearchResult['bound']>, string>> = {
  states: 'bounded by --states: more situations than that',
  depth: 'bounded by --depth: what lies deeper was left out',
  timeMs: 'bounded by --time: there was not enough of it',
  bytes: 'bounded by --memory: there was not enough of it',
  walks: 'random walks met nothing new any more; only some executions were tried',
};

/** One line on a terminal that is written over. */
export function progressLine({ states, depth, waiting, elapsedMs }: Figures): string {
  const rate = elapsedMs > 0 ? ` (${grouped((states / elapsedMs) * 1000)}/s)` : '';
  return `${grouped(states)} states${rate}, ${depth} deep, ${grouped(waiting)} waiting …`;
}

/** One JSON object. */
export function jsonLine({ algorithm, job, result, link }: Told): string {
  const { figures, ends, violation } = result;
  const line = {
    algorithm,
    world: job.world,
    ...(job.breaks.length === 0 ? {} : { breaks: job.breaks }),
    adversary: job.adversary,
    outcome: result.outcome,
    ...(result.bound === undefined ? {} : { bound: result.bound }),
    states: figures.states,
    transitions: figures.transitions,
    depth: figures.depth,
    pruned: figures.pruned,
    finished: ends.finished,
    stuck: ends.stuck,
    bytes: figures.bytes,
    elapsed_ms: Math.round(figures.elapsedMs),
    states_per_second: rateOf(figures),
    collision_odds: result.collisionOdds,
    ...(violation === undefined
      ? {}
      : {
          violation: {
            property: violation.invariant,
            detail: violation.detail,
            steps: violation.steps,
            ...(violation.choices === undefined ? {} : { choices: violation.choices }),
            ...(link === undefined ? {} : { link }),
          },
        }),
  };
  return `${JSON.stringify(printable(line))}\n`;
}

/** Lines for people. */
export function reportOf({ algorithm, job, result, link }: Told, colours: Colours): string {
  const { violation, ends } = result;
  const broken = job.breaks.length === 0 ? '' : ` with ${job.breaks.join(' and ')}`;
  const ids = job.options.plan.nodes.map(({ id }) => id);
  const lines = [
    `${colours.bold(`${algorithm}${broken}`)}: ${job.world} ${colours.dim(`(${inWords(job.adversary)})`)}`,
    `  ${verdictOf(result, colours)}`,
    `  ${colours.dim(figuresOf(result))}`,
  ];
  if (violation !== undefined) {
    lines.push(`  ${colours.red(`violated: ${violation.invariant}`)}`, `  ${violation.detail}`);
    lines.push('', ...storyLines(violation.steps, ids, colours), '');
    if (link !== undefined) lines.push(`  ${colours.cyan(link)}`);
  } else if (ends.firstStuck !== undefined) {
    const who = ends.firstStuck.waiting.join(', ');
    const way = counted(ends.firstStuck.steps.length - 1, 'step');
    lines.push(
      `  ${colours.yellow(`${counted(ends.stuck, 'dead end')}; in the nearest, after ${way}, ${who} still waits`)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function verdictOf({ outcome, bound, figures }: SearchResult, colours: Colours): string {
  const states = `${grouped(figures.states)} states`;
  switch (outcome) {
    case 'complete':
      return `${colours.green('searched everything')}: ${states}, nothing is wrong`;
    case 'goals':
      return `${colours.green('found what was looked for')} within ${states}`;
    case 'violation':
      return `${colours.red('something is wrong')}: found within ${states}`;
    case 'stopped':
      return `${colours.yellow('stopped')} after ${states}, nothing wrong so far`;
    case 'bounded':
      return `${colours.yellow('not everything')}: ${states}, nothing wrong so far; ${BOUND_WORDS[bound!]}`;
  }
}

function figuresOf({ figures, collisionOdds }: SearchResult): string {
  const { transitions, depth, pruned, bytes, elapsedMs } = figures;
  return [
    `${grouped(transitions)} transitions`,
    `${depth} deep`,
    ...(pruned === 0 ? [] : [`${grouped(pruned)} beyond the border`]),
    `${(elapsedMs / 1000).toFixed(1)} s (${grouped(rateOf(figures))} states/s)`,
    `${(bytes / 1e6).toFixed(1)} MB`,
    `odds that a hash hid a state ${collisionOdds.toExponential(0)}`,
  ].join('; ');
}

/** What happened, step by step: what arrived where, and what changed there. */
function storyLines(steps: readonly Step[], ids: readonly NodeId[], colours: Colours): string[] {
  const paint = nodePainter(ids, colours);
  const width = String(steps.length - 1).length;
  return steps.flatMap(({ node, what, changes, notes }, number) => {
    const head = `  ${String(number).padStart(width)}  ${paintNames(what, ids, paint)}`;
    const margin = ' '.repeat(width + 6);
    return [
      head,
      ...changes.map((change) => `${margin}${paint(node!)}: ${changeInWords(change)}`),
      ...notes.map((note) => `${margin}${colours.dim(note)}`),
    ];
  });
}

function paintNames(text: string, ids: readonly NodeId[], paint: (id: NodeId) => string): string {
  const [first = '', ...rest] = text.split(' ');
  const name = ids.find((id) => first === id || first === `${id}:`);
  if (name === undefined) return text;
  return [first.replace(name, paint(name)), ...rest].join(' ');
}

function changeInWords({ field, from, to }: Change): string {
  if (to === undefined) return `${field} is gone`;
  const value = shown(to, VALUE_LENGTH_MAX);
  return from === undefined
    ? `${field}: ${value}`
    : `${field}: ${shown(from, VALUE_LENGTH_MAX)} → ${value}`;
}

function inWords(adversary: Adversary): string {
  const { ordered, duplicates, losses, crashes = 0, mayCrash, timeouts, slowDisks } = adversary;
  const who = mayCrash === undefined ? '' : ` of ${listed([...mayCrash])}`;
  return [
    ordered === true
      ? 'messages in order'
      : duplicates === true
        ? 'messages in any order, any number of times'
        : 'messages in any order',
    ...(losses === true ? ['losses'] : []),
    ...(crashes === 0 ? [] : [`${crashes === 1 ? '1 crash' : `${crashes} crashes`}${who}`]),
    ...(slowDisks === true ? ['slow disks'] : []),
    ...(timeouts === undefined ? [] : [`at most ${counted(timeouts, 'timeout')}`]),
  ].join(', ');
}

function rateOf({ states, elapsedMs }: Figures): number {
  return elapsedMs === 0 ? 0 : Math.round((states / elapsedMs) * 1000);
}

/** Thousands apart: 1 234 567. */
function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}
