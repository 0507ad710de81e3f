/**
 * What is on the disk: `hard` (term and vote), `snapshot`, and one record for each entry. All changes of a step are one write; its
 * pieces stand in an order of which every beginning is a correct state, so that even a torn write is one.
 */

import type { Value } from '../../core/value.ts';
import type { Configuration } from './configuration.ts';
import type { Entry, Proposal } from './entry.ts';
import type { Memory } from './memory.ts';
import type { Broken, Promised, Snapshot, State } from './state.ts';
import { forgetChanges, type Step } from './step.ts';

/** Digits of an index in a key: enough for every safe integer, so that keys sort as indexes do. */
const INDEX_DIGITS = 16;

const PREFIX = 'log/';

/** An entry on the disk. */
interface Record {
  readonly term: number;
  readonly kind: Entry['kind'];
  readonly data: Value;
  /** Term of the entry before: a record that is left from an earlier log does not follow. */
  readonly previous: number;
}

/** Writes what the step has changed. Returns the promises that need not wait; the others are bound to the last write under way. */
export function persist(step: Step): readonly Promised[] {
  const { state, promises, rules } = step;
  const ticket = write(step);
  const made = promises.splice(0);
  // Without a write of its own a step may promise what the one before is about.
  const awaited = ticket ?? state.held.at(-1)?.ticket;
  if (awaited === undefined) return made;
  const held = made.filter(({ to }) => rules.holdsPromises(to === state.me));
  if (ticket !== undefined || held.length > 0) state.held.push({ ticket: awaited, promises: held });
  return made.filter((each) => !held.includes(each));
}

/** One write for all changes of the step; undefined when there are none. */
function write({ state, out, changes, rules }: Step): number | undefined {
  const { log } = state;
  const entries: { [key: string]: unknown } = {};
  if (changes.hard && rules.storesVote()) entries['hard'] = { term: state.term, vote: state.vote };
  if (changes.broken) entries['broken'] = state.broken ?? undefined;
  if (changes.memory) entries['memory'] = state.memory === 'whole' ? undefined : state.memory;
  if (changes.snapshot) {
    entries['snapshot'] = state.snapshot;
    for (let i = log.base.index; i > changes.baseBefore; i--) entries[keyOf(i)] = undefined;
  }
  for (let i = changes.lastBefore; i > log.lastIndex; i--) entries[keyOf(i)] = undefined;
  for (let i = Math.max(changes.from, log.base.index + 1); i <= log.lastIndex; i++) {
    entries[keyOf(i)] = recordOf(log.at(i)!, log.termAt(i - 1)!);
  }
  forgetChanges(changes, log);
  return Object.keys(entries).length > 0 ? out.write(entries) : undefined;
}

/** The key of an entry. */
export function keyOf(index: number): string {
  return `${PREFIX}${String(index).padStart(INDEX_DIGITS, '0')}`;
}

function recordOf({ term, kind, data }: Entry, previous: number): Record {
  return { term, kind, data, previous };
}

/** What a node finds when it starts. */
export interface Found {
  readonly term: number;
  readonly vote: string | null;
  readonly snapshot: Snapshot | null;
  readonly entries: readonly Proposal[];
  /** Keys of records that belong to nothing: what a crash has left. */
  readonly stale: readonly string[];
  readonly broken: Broken | null;
  readonly memory: Memory;
}

/**
 * Reads the disk. A record that does not follow the one before was under way in a crash and promised to nobody: it and what is behind it
 * are cut off. A record that was damaged does not come so far: see `memory.ts`.
 */
export function readDisk(stored: ReadonlyMap<string, Value>): Found {
  const hard = (stored.get('hard') ?? { term: 0, vote: null }) as unknown as {
    readonly term: number;
    readonly vote: string | null;
  };
  const snapshot = (stored.get('snapshot') ?? null) as unknown as Snapshot | null;
  const memory = (stored.get('memory') ?? 'whole') as Memory;
  const broken = (stored.get('broken') ?? null) as unknown as Broken | null;
  const entries: Proposal[] = [];
  const stale: string[] = [];
  let [next, term] = [(snapshot?.index ?? 0) + 1, snapshot?.term ?? 0];
  for (const [key, value] of stored) {
    if (!key.startsWith(PREFIX)) continue;
    const index = Number(key.slice(PREFIX.length));
    const record = value as unknown as Record;
    if (stale.length === 0 && index === next && record.previous === term) {
      entries.push({ term: record.term, kind: record.kind, data: record.data });
      [next, term] = [next + 1, record.term];
    } else {
      stale.push(key);
    }
  }
  // The term of an entry was the node’s own when it came.
  if (term > hard.term) return { term, vote: null, snapshot, entries, stale, broken, memory };
  return { ...hard, snapshot, entries, stale, broken, memory };
}

/** Puts what was found into a fresh state. Snapshots are restored by the caller. */
export function restoreLog(state: State, found: Found): void {
  state.term = found.term;
  state.vote = found.vote;
  state.broken = found.broken;
  state.memory = found.memory;
  for (const proposal of found.entries) {
    const { index, kind, data } = state.log.append(proposal);
    if (kind === 'configuration') {
      state.configurations.push({ index, configuration: data as unknown as Configuration });
    }
  }
}
