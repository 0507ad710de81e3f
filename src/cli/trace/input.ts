/** The trace that a command is about: one file, or several that are merged into one order. */

import { realpathSync } from 'node:fs';
import { TraceMerge } from '../../check/trace/merge.ts';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { traceLine, type TraceHeader } from '../../runtime/trace-file.ts';
import { UsageError } from '../failures.ts';
import { TraceFiles, type TraceFile } from './files.ts';

/** How a trace is read. */
export interface InputOptions {
  /** Puts a single file into causal order too. */
  readonly merge?: boolean;
  /** A regular expression for logs of other tools. */
  readonly parser?: string;
}

/** A trace to read, as often as it takes. */
export interface TraceInput {
  /** What to call it. */
  readonly name: string;
  readonly header: Partial<TraceHeader>;
  records(): Iterable<TraceRecord>;
  /** Removes what was made for reading. */
  close(): void;
}

/** Seconds between two lines that say how far the reading is. */
const PROGRESS_S = 2;

/** Says how far the reading is, when it takes long. */
class Progress {
  readonly #say: (text: string) => void;
  #totalBytes = 0;
  #bytes = 0;
  #lastMs = performance.now();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** From here on the whole is read once more. */
  begin(totalBytes: number): void {
    this.#totalBytes = totalBytes;
    this.#bytes = 0;
  }

  read(bytes: number): void {
    this.#bytes += bytes;
    if (performance.now() - this.#lastMs < PROGRESS_S * 1000) return;
    this.#lastMs = performance.now();
    const part = Math.min(99, Math.floor((100 * this.#bytes) / Math.max(1, this.#totalBytes)));
    this.#say(`· reading: ${part} % of ${(this.#totalBytes / 1e6).toFixed(1)} MB`);
  }
}

/**
 * Opens a trace.
 *
 * @param say takes lines about what goes on
 * @throws {UsageError} when a file is not there, or no trace
 */
export async function openTrace(
  names: readonly string[],
  options: InputOptions,
  say: (text: string) => void,
): Promise<TraceInput> {
  if (new Set(names.map(realName)).size < names.length) {
    throw new UsageError('a file is named twice: each trace is merged once');
  }
  const progress = new Progress(say);
  const notes = {
    progress: (bytes: number) => progress.read(bytes),
    warn: (text: string) => say(`! ${text}`),
  };
  const files = new TraceFiles(notes, parserOf(options.parser));
  try {
    const opened: TraceFile[] = [];
    for (const name of names) opened.push(await files.open(name));
    const bytes = opened.reduce((sum, file) => sum + file.bytes, 0);
    const isMerged = opened.length > 1 || options.merge === true;
    const input = isMerged
      ? mergedInput(opened, bytes, progress, say)
      : singleInput(opened[0]!, progress);
    return { ...input, close: () => files.close() };
  } catch (error) {
    files.close();
    throw error;
  }
}

function singleInput(file: TraceFile, progress: Progress): Omit<TraceInput, 'close'> {
  return {
    name: file.name,
    header: file.header,
    records() {
      progress.begin(file.bytes);
      return file.records();
    },
  };
}

function mergedInput(
  files: readonly TraceFile[],
  bytes: number,
  progress: Progress,
  say: (text: string) => void,
): Omit<TraceInput, 'close'> {
  // Who is there, how the clocks differ, and the result.
  progress.begin(bytes * 3);
  const merge = new TraceMerge(files.map((file) => () => eventsOf(file)));
  for (const [node, shiftMs] of merge.shiftsMs) {
    say(
      `· the clock of ${node} is moved on by ${shiftMs} ms, so that nothing arrives before it was sent`,
    );
  }
  return {
    name: files.map(({ name }) => name).join(' + '),
    header: mergedHeader(files, merge.shiftsMs),
    *records() {
      let number = 0;
      for (const event of merge.events()) {
        number++;
        yield { event, line: traceLine(event).trimEnd(), number };
      }
      if (merge.outOfOrder === 0) return;
      say(
        `! ${merge.outOfOrder} arrivals stand before their sending: the files contradict each other`,
      );
    },
  };
}

function* eventsOf(file: TraceFile): Generator<TraceRecord['event']> {
  for (const { event } of file.records()) yield event;
}

/** What all files say alike, and what merging has done. */
function mergedHeader(
  files: readonly TraceFile[],
  shiftsMs: ReadonlyMap<NodeId, number>,
): Partial<TraceHeader> {
  const [first, ...others] = files.map(({ header }) => header);
  const shared = Object.entries(first ?? {}).filter(([fact, value]) =>
    others.every((header) => JSON.stringify(header[fact]) === JSON.stringify(value)),
  );
  return {
    ...Object.fromEntries(shared),
    files: files.length,
    ...(shiftsMs.size === 0 ? {} : { clock_shift_ms: Object.fromEntries(shiftsMs) }),
  };
}

/** The same for two ways to write one file's name. */
export function realName(name: string): string {
  try {
    return name === '-' ? name : realpathSync(name);
  } catch {
    return name;
  }
}

function parserOf(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  let parser: RegExp;
  try {
    parser = new RegExp(text, 'm');
  } catch (error) {
    throw new UsageError(`--parser: ${messageOf(error)}`);
  }
  const missing = ['host', 'clock', 'event'].filter((group) => !text.includes(`(?<${group}>`));
  if (missing.length === 0) return parser;
  throw new UsageError(
    `--parser needs the groups (?<host>…), (?<clock>…) and (?<event>…); it lacks ${missing.join(', ')}`,
  );
}
