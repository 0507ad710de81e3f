/** Guesses why two traces part, from the first events that differ. What it says is likely, not certain. */

import type { TraceEvent } from '../../core/trace.ts';
import { describeEvent, visible } from './describe-event.ts';
import type { PastEvent } from './recent-past.ts';
import type { FactDifference } from './trace-diff.ts';
import type { TraceRecord } from './trace-record.ts';

/** What is known of a difference. */
export interface Parting {
  /** Events before it. */
  readonly same: number;
  readonly facts: readonly FactDifference[];
  /** The events from the difference on, as far as they were read; empty where the trace has ended. */
  readonly a: readonly TraceRecord[];
  readonly b: readonly TraceRecord[];
  /** What the first of them follow directly, at their nodes and by message. */
  readonly before: { readonly a: readonly PastEvent[]; readonly b: readonly PastEvent[] };
}

const FACT_WORDS: Readonly<Record<string, string>> = {
  seed: 'the seeds differ',
  algorithm: 'the algorithms differ',
  config_sha256: 'the configurations differ',
  format: 'the formats differ, and with them the sizes of messages',
  mode: 'the modes differ: only the simulator gives the same run again',
  latency_ms: 'messages were given another time to travel',
  nodes: 'the nodes differ, or their order',
  faults: 'the fault plans differ',
};

/** Names of configurations do not matter when their contents are known. */
const WEAK_FACTS = new Set(['config', 'clock_shift_ms']);

/** The likely causes, the likeliest first; at least one. */
export function likelyCauses(parting: Parting): readonly string[] {
  const stated = parting.facts
    .filter(({ fact }) => !WEAK_FACTS.has(fact))
    .map(({ fact, a, b }) => {
      const words = FACT_WORDS[fact] ?? `the headers differ in ${visible(fact)}`;
      return `${words}: ${fact} is ${shown(a)} in A and ${shown(b)} in B`;
    });
  return [...stated, seen(parting)];
}

function shown(value: unknown): string {
  if (value === undefined) return 'not said';
  const text = visible(JSON.stringify(value));
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

/** What the events themselves say. */
function seen({ same, a, b, before }: Parting): string {
  const [ofA, ofB] = [a[0]?.event, b[0]?.event];
  if (ofA === undefined || ofB === undefined) {
    const [ended, other] = ofA === undefined ? ['A', 'B'] : ['B', 'A'];
    return `${ended} ends where ${other} goes on: it was cut off, stopped, or had less time`;
  }
  if (isSamePlace(ofA, ofB)) return whyContentDiffers(ofA, ofB);
  const stray = [
    { event: ofA, past: before.a },
    { event: ofB, past: before.b },
  ].find(({ event, past }) => comesFromNowhere(event, past));
  const why = whyOrderDiffers(a, b, same);
  return stray === undefined ? why : `${why}; ${whyFromNowhere(stray.event)}`;
}

function isSamePlace(a: TraceEvent, b: TraceEvent): boolean {
  return a.node === b.node && a.sequence === b.sequence && a.kind === b.kind;
}

/** The same node does the same kind of thing, but not the very same. */
function whyContentDiffers(a: TraceEvent, b: TraceEvent): string {
  const leaves = differingLeaves(a, b, '');
  const fields = new Set(leaves.map(({ path }) => path.split('.')[0]!));
  const only = (...names: string[]) => [...fields].every((field) => names.includes(field));
  if (leaves.length === 0) {
    return `order of keys: ${a.node} says the same, but built an object in another order`;
  }
  if (only('time')) {
    return a.kind === 'deliver' || a.kind === 'drop'
      ? `another travel time: a draw of latency more or less before, or another --latency`
      : `another moment: ${a.node} was given its turn, or set its timer, at another time`;
  }
  if (isWording(a, leaves)) {
    return `wording: only a text differs, and engines word their errors differently; keep the texts of caught errors out of logs and messages`;
  }
  if (only('to')) {
    return `order: ${a.node} sends the same to another node first: the order of nodes or neighbours, or of a Set or Map`;
  }
  if (only('bytes', 'time')) return 'sizes differ and contents do not: another format';
  // A size follows from what was written.
  const told = leaves.filter(({ path }) => path !== 'bytes');
  const names = told.slice(0, 3).map(({ path }) => path);
  const what = `${a.node} came to something else from the same history (${names.map(visible).join(', ')})`;
  return `${what}: ${whySource(told)}`;
}

function whySource(leaves: readonly Leaf[]): string {
  const numbers = leaves.filter(({ a, b }) => typeof a === 'number' && typeof b === 'number');
  const all = (test: (value: number) => boolean) =>
    numbers.length > 0 && numbers.every(({ a, b }) => test(a as number) && test(b as number));
  if (all((value) => value > 1e12 && value < 1e13)) {
    return 'the numbers look like Date.now(); use this.now()';
  }
  if (all((value) => value >= 0 && value < 1 && !Number.isInteger(value))) {
    return 'the numbers look like Math.random(); use this.random';
  }
  return 'chance or time from outside its node (Math.random, Date), a random draw more or less, or a variable outside the class that the run before left behind';
}

/** Only the texts that people read differ. */
function isWording(event: TraceEvent, leaves: readonly Leaf[]): boolean {
  const texts: readonly string[] =
    event.kind === 'log'
      ? ['text']
      : event.kind === 'send' && event.role === 'error'
        ? ['body.1', 'bytes']
        : ['detail'];
  return leaves.every(({ path }) => texts.includes(path)) && leaves[0]!.path !== 'bytes';
}

/** What algorithms do by themselves, and never without having been told something. */
const DEEDS = new Set(['send', 'log', 'state', 'output']);

/** True when nothing is seen at its node, at its time, that could have led to it. Storage and sleep are not seen, everything else is. */
function comesFromNowhere(event: TraceEvent, past: readonly PastEvent[]): boolean {
  if (!DEEDS.has(event.kind)) return false;
  return past.every(({ event: one }) => one.node !== event.node || one.time < event.time);
}

function whyFromNowhere({ node }: TraceEvent): string {
  return `nothing is seen that led ${visible(node)} to it: it slept, used its store, or waits for a promise that is none of its ports (setTimeout, fetch, import, a promise of its own that nobody awaits)`;
}

/** Different events stand at the same place. */
function whyOrderDiffers(
  a: readonly TraceRecord[],
  b: readonly TraceRecord[],
  same: number,
): string {
  const [ofA, ofB] = [a[0]!.event, b[0]!.event];
  if (same === 0 && ofA.kind === 'status' && ofB.kind === 'status') {
    return `node order: A begins with ${visible(ofA.node)}, B with ${visible(ofB.node)}: other nodes, or the same in another order`;
  }
  const isLaterInB = has(b, ofA);
  const isLaterInA = has(a, ofB);
  const [wordsA, wordsB] = [inWords(ofA), inWords(ofB)];
  if (isLaterInA && isLaterInB) {
    const what = `order: both have “${wordsA}” and “${wordsB}”, the other way round`;
    return ofA.time === ofB.time
      ? `${what}, at the same time: the order of nodes or neighbours, of a Set or Map, or of promises that nobody awaits`
      : `${what}: other travel times or timers`;
  }
  if (isLaterInB) return `a missing event: A lacks “${wordsB}”`;
  if (isLaterInA) return `a missing event: B lacks “${wordsA}”`;
  return `from here on the runs go different ways: A has “${wordsA}”, B has “${wordsB}”; something was drawn, timed or ordered differently before`;
}

function inWords(event: TraceEvent): string {
  return `${visible(event.node)} ${describeEvent(event)}`;
}

/** True when the event stands further on, perhaps at another time. */
function has(records: readonly TraceRecord[], wanted: TraceEvent): boolean {
  const name = contentOf(wanted);
  return records.some(
    ({ event }) =>
      event.node === wanted.node && event.kind === wanted.kind && contentOf(event) === name,
  );
}

function contentOf({ time: _time, sequence: _sequence, ...content }: TraceEvent): string {
  return JSON.stringify(content);
}

/** A place at which two values differ. */
interface Leaf {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** Places that are named; one is enough to know that there is a difference. */
const LEAVES_MAX = 50;

function differingLeaves(a: unknown, b: unknown, path: string, found: Leaf[] = []): Leaf[] {
  if (Object.is(a, b) || found.length >= LEAVES_MAX) return found;
  if (!isNested(a) || !isNested(b)) {
    found.push({ path, a, b });
    return found;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    differingLeaves(a[key], b[key], path === '' ? key : `${path}.${key}`, found);
  }
  return found;
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
