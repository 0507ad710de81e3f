/** Makes one trace of what somebody chose or pasted: traces of Parley and logs with vector clocks, one or several of them. */

import { TraceMerge } from '../../check/trace/merge.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { TraceHeader } from '../../runtime/trace-file.ts';
import { importShiviz } from './shiviz-import.ts';
import { TraceFileError, TraceReader } from './trace-reader.ts';

/** More events than a page holds in memory; so many a simulation in the page may have, too. */
export const IMPORTED_EVENTS_MAX = 250_000;

/** A log with clocks is read as a whole, and each clock names all hosts. */
const LOG_LENGTH_MAX = 1 << 26;

/** A text that is to be read. */
export interface ImportSource {
  /** What to call it. */
  readonly name: string;
  /** The text, in pieces, once. */
  chunks(): AsyncIterable<string> | Iterable<string>;
}

/** What came of it. */
export interface ImportedTrace {
  readonly events: readonly TraceEvent[];
  /** What all sources say alike of the run. */
  readonly facts: Partial<TraceHeader>;
  /** What was odd and could be passed over, in sentences. */
  readonly remarks: readonly string[];
}

/** A text is no trace: where, and why. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** The name of its source. */
  readonly source: string;
  /** From 1. */
  readonly line: number;

  constructor(source: string, line: number, why: string) {
    super(why);
    this.source = source;
    this.line = line;
  }
}

/** What one source holds. */
interface Part {
  readonly events: readonly TraceEvent[];
  readonly header: Partial<TraceHeader>;
  readonly remarks: readonly string[];
}

/**
 * Reads the sources, one after the other. Several are merged into an order in which nothing arrives before it was sent; so is a single one
 * whose times go back.
 *
 * @param isGivenUp is asked between two pieces; when it says so, the reading ends
 * @throws {ImportError} by rejection, at the first line that cannot be right; and when it is given up, a plain error
 */
export async function importTrace(
  sources: readonly ImportSource[],
  isGivenUp: () => boolean = () => false,
): Promise<ImportedTrace> {
  const parts: Part[] = [];
  let left = IMPORTED_EVENTS_MAX;
  for (const source of sources) {
    const part = await readPart(source, left, isGivenUp);
    left -= part.events.length;
    parts.push(part);
  }
  const remarks = parts.flatMap((part) => part.remarks);
  const facts = sharedFacts(parts.map(({ header }) => header));
  const [first] = parts;
  if (parts.length === 1 && isInOrder(first!.events)) {
    return { events: first!.events, facts, remarks };
  }
  const merge = new TraceMerge(
    parts.map(
      ({ events }) =>
        () =>
          events,
    ),
  );
  const events = [...merge.events()];
  if (parts.length === 1) {
    remarks.push('times in it go back: events stand in the order of the file, at the time before');
  }
  return { events, facts, remarks: [...remarks, ...mergeRemarks(merge)] };
}

async function readPart(
  source: ImportSource,
  eventsMax: number,
  isGivenUp: () => boolean,
): Promise<Part> {
  const reader = new TraceReader();
  const events: TraceEvent[] = [];
  const take = (records: Iterable<{ readonly event: TraceEvent; readonly number: number }>) => {
    for (const { event, number } of records) {
      if (events.length === eventsMax) throw tooLong(number);
      events.push(event);
    }
  };
  /** Pieces of a log; undefined as soon as the text is known to be a trace of Parley. */
  let log: string[] | undefined = [];
  let length = 0;
  try {
    for await (const chunk of source.chunks()) {
      if (isGivenUp()) throw new Error('The reading was given up.');
      length += chunk.length;
      if (log === undefined) take(reader.push(chunk));
      else {
        log.push(chunk);
        if (length > LOG_LENGTH_MAX) throw tooLarge();
        const kind = kindOf(log);
        if (kind !== 'trace') continue;
        const begun = log.join('');
        log = undefined;
        take(reader.push(begun));
      }
    }
    if (log !== undefined && log.join('').trim() !== '') {
      const { records, remarks } = importShiviz(log.join(''));
      take(records);
      return { events, header: {}, remarks: remarks.map((text) => `${source.name}: ${text}`) };
    }
    take(reader.end());
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    throw new ImportError(source.name, error.line, error.message);
  }
  if (events.length === 0) throw new ImportError(source.name, 1, 'there is no event in it');
  return { events, header: reader.header ?? {}, remarks: [] };
}

/** Events of Parley begin with a brace, and nothing else does; undefined while there is only white space. */
function kindOf(pieces: readonly string[]): 'trace' | 'log' | undefined {
  const text = pieces.length === 1 ? pieces[0]! : pieces.join('');
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (start === '') return undefined;
  return start.startsWith('{') ? 'trace' : 'log';
}

function tooLong(line: number): TraceFileError {
  return new TraceFileError(
    line,
    `a page shows up to ${IMPORTED_EVENTS_MAX} events: take a part of them with "parley trace FILE --from MS --until MS -o PART"`,
  );
}

function tooLarge(): TraceFileError {
  return new TraceFileError(1, `a log with clocks is read up to ${LOG_LENGTH_MAX} characters`);
}

function isInOrder(events: readonly TraceEvent[]): boolean {
  return events.every(({ time }, index) => index === 0 || time >= events[index - 1]!.time);
}

function sharedFacts(headers: readonly Partial<TraceHeader>[]): Partial<TraceHeader> {
  const [first = {}, ...others] = headers;
  return Object.fromEntries(
    Object.entries(first).filter(([fact, value]) =>
      others.every((header) => JSON.stringify(header[fact]) === JSON.stringify(value)),
    ),
  );
}

function mergeRemarks({ shiftsMs, outOfOrder }: TraceMerge): string[] {
  const remarks = Array.from(
    shiftsMs,
    ([node, shiftMs]) =>
      `the clock of ${node} is moved on by ${shiftMs} ms, so that nothing arrives before it was sent`,
  );
  if (outOfOrder > 0) {
    remarks.push(`${outOfOrder} arrivals stand before their sending: the clocks contradict it`);
  }
  return remarks;
}
