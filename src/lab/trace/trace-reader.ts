/** Reads a trace file as its text comes: NDJSON, with or without a header. What is wrong is said with the number of its line. */

import type { TraceRecord } from '../../check/trace/trace-record.ts';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { TRACE_VERSION, type TraceHeader } from '../../runtime/trace-file.ts';
import { whyNoEvent } from './event-shape.ts';

/** Characters of a line: more than the largest message may have. */
const LINE_LENGTH_MAX = 1 << 26;

/** Nodes of a trace: the size of a vector clock. */
const NODES_MAX = 20_000;

/** A line is no part of a trace of this version. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

/** Takes the text of a file in pieces, gives its events. */
export class TraceReader {
  readonly #nodes = new Set<NodeId>();
  #header: TraceHeader | undefined;
  #number = 0;
  #rest = '';

  /** What the file says of its run; known as soon as there is an event. */
  get header(): TraceHeader | undefined {
    return this.#header;
  }

  /**
   * The events in a piece of the text.
   *
   * @throws {TraceFileError} at the first line that is none
   */
  *push(text: string): Generator<TraceRecord> {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#rest === '' ? text.slice(from, end) : this.#rest + text.slice(from, end);
      this.#rest = '';
      from = end + 1;
      const record = this.#take(line);
      if (record !== undefined) yield record;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > LINE_LENGTH_MAX) {
      throw new TraceFileError(
        this.#number + 1,
        `the line is longer than ${LINE_LENGTH_MAX} characters`,
      );
    }
  }

  /**
   * The event in the last line, if it has no line feed.
   *
   * @throws {TraceFileError} when it was cut off
   */
  *end(): Generator<TraceRecord> {
    const line = this.#rest;
    this.#rest = '';
    try {
      const record = this.#take(line);
      if (record !== undefined) yield record;
    } catch (error) {
      if (!(error instanceof TraceFileError)) throw error;
      throw new TraceFileError(
        error.line,
        `${error.message} (the file ends here: it may have been cut off)`,
      );
    }
  }

  #take(text: string): TraceRecord | undefined {
    const number = ++this.#number;
    const marked = number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
    const line = marked.endsWith('\r') ? marked.slice(0, -1) : marked;
    if (line.trim() === '') return undefined;
    const value = this.#parse(line, number);
    if (isHeader(value)) {
      this.#takeHeader(value, number);
      return undefined;
    }
    const why = whyNoEvent(value);
    if (why !== undefined) throw new TraceFileError(number, why);
    const event = value as TraceEvent;
    this.#nodes.add(event.node);
    if (this.#nodes.size > NODES_MAX) {
      throw new TraceFileError(number, `the trace has more than ${NODES_MAX} nodes`);
    }
    // Events without a header before them are of the first version, which needs none.
    this.#header ??= { parley_trace: 1 };
    return { event, line, number };
  }

  #parse(line: string, number: number): unknown {
    try {
      return JSON.parse(line);
    } catch {
      // The engine's own words differ from one to the next.
      throw new TraceFileError(number, `not JSON: ${excerpt(line)}`);
    }
  }

  #takeHeader(header: TraceHeader, number: number): void {
    const version: unknown = header.parley_trace;
    if (version !== TRACE_VERSION) {
      const [theirs, ours] = [JSON.stringify(version), TRACE_VERSION];
      throw new TraceFileError(
        number,
        `the trace is of version ${theirs}, and this Parley reads version ${ours}: use the one that wrote it`,
      );
    }
    if (this.#header !== undefined) {
      throw new TraceFileError(number, 'a header stands before the first event, and only once');
    }
    this.#header = header;
  }
}

function isHeader(value: unknown): value is TraceHeader {
  return typeof value === 'object' && value !== null && 'parley_trace' in value;
}

function excerpt(line: string): string {
  const text = JSON.stringify(line.length <= 60 ? line : `${line.slice(0, 59)}…`);
  return text;
}
