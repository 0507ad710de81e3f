/**
 * Makes a trace of a log with vector clocks. Where a clock jumps, a message must have come: for each such jump that does not follow
 * from another one, the trace gets a sending and a delivery, so that its partial order is that of the log.
 */

import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import { whyNoEvent } from './event-shape.ts';
import { hostOf } from './shiviz-export.ts';
import { readShivizLog, type LogEntry } from './shiviz-log.ts';
import { TraceFileError } from './trace-reader.ts';

/** A log as a trace. */
export interface ImportedLog {
  readonly records: readonly TraceRecord[];
  /** What was odd and could be passed over, in sentences. */
  readonly remarks: readonly string[];
}

/** Path and type of what a log does not say. */
const UNNAMED = { path: 'log', type: 'message', role: 'cast', bytes: 0 } as const;

/**
 * Reads a log.
 *
 * @param parser see {@link readShivizLog}
 * @throws {TraceFileError} when it cannot be right, with the line
 */
export function importShiviz(text: string, parser?: RegExp): ImportedLog {
  const { entries, remarks } = readShivizLog(text, parser);
  if (entries.every(({ json }) => json !== undefined)) {
    return { records: entries.map(recordOf), remarks };
  }
  const order = new ClockOrder(entries);
  return { records: eventsOf(order), remarks: [...remarks, ...order.remarks] };
}

/** The event that Parley itself has written into the entry. */
function recordOf({ json = '', host, line }: LogEntry): TraceRecord {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new TraceFileError(line + 2, 'not JSON');
  }
  const why = whyNoEvent(value);
  if (why !== undefined) throw new TraceFileError(line + 2, why);
  const event = value as TraceEvent;
  if (hostOf(event.node) !== host) {
    throw new TraceFileError(
      line + 2,
      `an event of ${event.node} stands under the clock of ${host}`,
    );
  }
  return { event, line: JSON.stringify(event), number: line + 2 };
}

/** An entry with the entries that it follows directly by a message. */
interface Ordered {
  readonly entry: LogEntry;
  readonly count: number;
  readonly causes: Ordered[];
  readonly effects: Ordered[];
  /** Length of the longest chain of causes. */
  depth: number;
}

/** The partial order of a log, reduced to what does not follow from the rest. */
class ClockOrder {
  /** The entries of each host, by their count. */
  readonly hosts = new Map<string, Ordered[]>();
  readonly remarks: string[] = [];
  #unknown = 0;

  constructor(entries: readonly LogEntry[]) {
    for (const entry of entries) this.#add(entry);
    for (const list of this.hosts.values()) this.#sort(list);
    for (const list of this.hosts.values()) {
      for (const [at, ordered] of list.entries()) this.#link(ordered, list[at - 1]);
    }
    if (this.#unknown > 0) {
      this.remarks.push(
        `clocks count ${this.#unknown} events that are not in the log; the last known ones stand for them`,
      );
    }
    this.#measure();
  }

  #add(entry: LogEntry): void {
    if (entry.host.length > NODE_ID_LENGTH_MAX) {
      throw new TraceFileError(entry.line, `a host's name has up to ${NODE_ID_LENGTH_MAX} letters`);
    }
    const list = this.hosts.get(entry.host) ?? [];
    this.hosts.set(entry.host, list);
    list.push({ entry, count: entry.clock.get(entry.host)!, causes: [], effects: [], depth: 0 });
  }

  #sort(list: Ordered[]): void {
    list.sort((a, b) => a.count - b.count);
    let missing = 0;
    for (const [at, { entry, count }] of list.entries()) {
      const before = list[at - 1];
      if (count === before?.count) {
        const { line, host } = entry;
        const text = `${host} counts ${count} here and on line ${before.entry.line}: each event has its own number`;
        throw new TraceFileError(Math.max(line, before.entry.line), text);
      }
      missing += count - (before?.count ?? 0) - 1;
    }
    if (missing > 0) {
      this.remarks.push(`the log lacks ${missing} of the events of ${list[0]!.entry.host}`);
    }
  }

  /** Finds the messages that make the clock of an entry jump. */
  #link(ordered: Ordered, before: Ordered | undefined): void {
    const { entry } = ordered;
    const found: Ordered[] = [];
    for (const [host, count] of entry.clock) {
      if (host === entry.host || count <= (before?.entry.clock.get(host) ?? 0)) continue;
      const source = this.#find(host, count);
      if (source !== undefined) found.push(source);
    }
    const isImplied = (source: Ordered) =>
      found.some(
        (other) =>
          other !== source && (other.entry.clock.get(source.entry.host) ?? 0) >= source.count,
      );
    for (const source of found) {
      if (isImplied(source)) continue;
      ordered.causes.push(source);
      source.effects.push(ordered);
    }
  }

  /** The entry of a host with a count, or the last one before it. */
  #find(host: string, count: number): Ordered | undefined {
    const list = this.hosts.get(host) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.count <= count) low = middle + 1;
      else high = middle;
    }
    const found = list[low - 1];
    if (found?.count !== count) this.#unknown++;
    return found;
  }

  /** Gives each entry its depth, causes first. */
  #measure(): void {
    const left = new Map<Ordered, number>();
    const ready: Ordered[] = [];
    const next = new Map<Ordered, Ordered>();
    for (const list of this.hosts.values()) {
      for (const [at, ordered] of list.entries()) {
        const waits = ordered.causes.length + (at > 0 ? 1 : 0);
        left.set(ordered, waits);
        if (waits === 0) ready.push(ordered);
        if (list[at + 1] !== undefined) next.set(ordered, list[at + 1]!);
      }
    }
    let done = 0;
    for (const ordered of ready) {
      done++;
      const follower = next.get(ordered);
      for (const effect of follower === undefined
        ? ordered.effects
        : [...ordered.effects, follower]) {
        effect.depth = Math.max(effect.depth, ordered.depth + 1);
        left.set(effect, left.get(effect)! - 1);
        if (left.get(effect) === 0) ready.push(effect);
      }
    }
    if (done === left.size) return;
    const stuck = [...left].filter(([, waits]) => waits > 0).map(([{ entry }]) => entry.line);
    throw new TraceFileError(
      stuck.reduce((least, line) => Math.min(least, line)),
      'the clocks contradict each other: an event would be its own cause',
    );
  }
}

/** The events, ordered by depth: it stands for the time, of which a log says nothing. */
function eventsOf({ hosts }: ClockOrder): TraceRecord[] {
  const ranks = new Map([...hosts.keys()].map((host, rank) => [host, rank]));
  const ordered = [...hosts.values()]
    .flat()
    .sort((a, b) => a.depth - b.depth || ranks.get(a.entry.host)! - ranks.get(b.entry.host)!);
  const records: TraceRecord[] = [];
  const sequences = new Map<string, number>();
  const happen = (at: Ordered, what: object) => {
    const { host, line } = at.entry;
    const sequence = (sequences.get(host) ?? 0) + 1;
    sequences.set(host, sequence);
    const event = { time: at.depth, node: host, sequence, ...what } as TraceEvent;
    records.push({ event, line: traceLine(event).trimEnd(), number: line });
  };
  for (const at of ordered) {
    for (const cause of at.causes) {
      const message = messageOf(cause);
      happen(at, { kind: 'deliver', from: cause.entry.host, message, ...UNNAMED });
    }
    happen(at, { kind: 'log', path: UNNAMED.path, level: 'info', text: at.entry.text });
    for (const effect of at.effects) {
      const message = messageOf(at);
      happen(at, { kind: 'send', to: effect.entry.host, message, ...UNNAMED, body: at.entry.text });
    }
  }
  return records;
}

function messageOf({ entry, count }: Ordered): string {
  return `${entry.host}#${count}`;
}
