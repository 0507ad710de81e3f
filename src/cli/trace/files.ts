/** Trace files on a disk: read in pieces, as often as it takes; what is no file (a pipe, stdin) is put into one first. */

import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { messageOf } from '../../core/errors.ts';
import { importShiviz } from '../../lab/trace/shiviz-import.ts';
import { LOG_LENGTH_MAX } from '../../lab/trace/shiviz-log.ts';
import { TraceFileError, TraceReader } from '../../lab/trace/trace-reader.ts';
import type { TraceHeader } from '../../runtime/trace-file.ts';
import { UsageError } from '../failures.ts';
import { chunksOf } from '../page/file-chunks.ts';
import { hintForFile } from '../user-module.ts';

/** Bytes in which the first line with something on it must begin. */
const LOOK_BYTES = 1 << 16;

/** How reading is told of. */
export interface ReadingNotes {
  /** Bytes that were read from a file. */
  progress(bytes: number): void;
  /** Something odd that could be passed over. */
  warn(text: string): void;
}

/** A trace in a file. */
export interface TraceFile {
  /** As it was given. */
  readonly name: string;
  readonly bytes: number;
  /** What it says of its run. */
  readonly header: Partial<TraceHeader>;
  /** Its events from the beginning, each time anew. */
  records(): Iterable<TraceRecord>;
}

/** Files in use; {@link close} removes what was made for them. */
export class TraceFiles {
  readonly #notes: ReadingNotes;
  readonly #parser: RegExp | undefined;
  #folder: string | undefined;

  /** @param parser for logs in an arrangement of their own */
  constructor(notes: ReadingNotes, parser: RegExp | undefined) {
    this.#notes = notes;
    this.#parser = parser;
  }

  /**
   * Opens a trace; `-` is stdin.
   *
   * @throws {UsageError} when it is not there, or no trace
   */
  async open(name: string): Promise<TraceFile> {
    const file = await this.#regular(name);
    const { size } = statSync(file);
    if (this.#parser !== undefined || !isNdjson(file)) return this.#openLog(name, file, size);
    const read = (reader: TraceReader) => this.#read(name, file, reader);
    // The header is known once the first event is.
    const first = new TraceReader();
    for (const _record of read(first)) break;
    const records = () => read(new TraceReader());
    return { name, bytes: size, header: first.header ?? {}, records };
  }

  /** Removes copies of pipes. */
  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #regular(name: string): Promise<string> {
    if (name !== '-') {
      try {
        const stats = statSync(name);
        if (stats.isDirectory()) throw new UsageError(`${name} is a folder, not a trace`);
        if (stats.isFile()) return name;
      } catch (error) {
        if (error instanceof UsageError) throw error;
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT')
          throw new UsageError(`there is no ${name}${hintForFile(path.resolve(name), name)}`);
        throw new UsageError(`the trace cannot be read: ${messageOf(error)}`);
      }
    }
    this.#folder ??= mkdtempSync(path.join(tmpdir(), 'parley-trace-'));
    const copy = path.join(this.#folder, `${performance.now()}.ndjson`);
    const source = name === '-' ? process.stdin : createReadStream(name);
    await pipeline(source, createWriteStream(copy));
    return copy;
  }

  #openLog(name: string, file: string, bytes: number): TraceFile {
    if (bytes > LOG_LENGTH_MAX) {
      throw new UsageError(`${name}: a log is read up to ${LOG_LENGTH_MAX} bytes`);
    }
    const log = placed(name, () => importShiviz([...chunksOf(file)].join(''), this.#parser));
    for (const remark of log.remarks) this.#notes.warn(`${name}: ${remark}`);
    return { name, bytes, header: {}, records: () => log.records };
  }

  *#read(name: string, file: string, reader: TraceReader): Generator<TraceRecord> {
    try {
      for (const chunk of chunksOf(file)) {
        yield* reader.push(chunk);
        this.#notes.progress(chunk.length);
      }
      yield* reader.end();
    } catch (error) {
      throw withPlace(name, error);
    }
  }
}

/** Events of Parley begin with a brace; nothing else does. An empty file is a trace in which nothing happens. */
function isNdjson(file: string): boolean {
  for (const chunk of chunksOf(file, LOOK_BYTES)) {
    const text = chunk.replace(/^\ufeff/, '').trimStart();
    return text === '' || text.startsWith('{');
  }
  return true;
}

function placed<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withPlace(name, error);
  }
}

function withPlace(name: string, error: unknown): unknown {
  if (!(error instanceof TraceFileError)) return error;
  return new UsageError(`${name}:${error.line}: ${error.message}`);
}
