/** The trace file of a run, written while it goes on, and its hash. */

import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import { UsageError } from '../failures.ts';

/** Characters gathered before they are hashed and written: each call costs more than the bytes of a line. */
const CHUNK_LENGTH = 1 << 16;

/** Takes events, hashes their lines and writes them where a file was asked for. */
export class TraceWriter {
  readonly #hash = createHash('sha256');
  readonly #file: number | undefined;
  #text = '';

  /**
   * @param file undefined to hash only
   * @param header a line before the events; it is not hashed, because it says more than what happened
   * @throws {UsageError} when the file cannot be written
   */
  constructor(file: string | undefined, header?: string) {
    try {
      this.#file = file === undefined ? undefined : openSync(file, 'w');
    } catch (error) {
      throw new UsageError(`--trace ${file}: ${messageOf(error)}`);
    }
    if (header !== undefined) this.#write(Buffer.from(header));
  }

  /** Adds one event. */
  add(event: TraceEvent): void {
    this.#text += traceLine(event);
    if (this.#text.length > CHUNK_LENGTH) this.#flush();
  }

  /** Writes what is left; the SHA-256 of all events, in hexadecimal: that of the whole file when it has no header. */
  finish(): string {
    this.#flush();
    if (this.#file !== undefined) closeSync(this.#file);
    return this.#hash.digest('hex');
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#hash.update(bytes);
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    if (this.#file === undefined) return;
    // A disk or a pipe may take less than it was given.
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }
}
