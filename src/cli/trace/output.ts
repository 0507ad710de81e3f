/** Where a converted trace goes: a file, or stdout. Written as it comes, so that a long one never stands in memory. */

import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import { UsageError } from '../failures.ts';

/** Characters gathered before they are written. */
const CHUNK_LENGTH = 1 << 16;

/** Milliseconds to wait for a reader who does not keep up. */
const PAUSE_MS = 5;

/** Takes texts. */
export class TraceOutput {
  readonly #file: string;
  readonly #descriptor: number;
  #text = '';
  #isAbandoned = false;

  /**
   * @param file `-` is stdout
   * @throws {UsageError} when it cannot be written
   */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#descriptor = file === '-' ? 1 : openSync(file, 'w');
    } catch (error) {
      throw new UsageError(`-o ${file}: ${messageOf(error)}`);
    }
  }

  /** False when the reader of a pipe has gone: nothing more has to be made. */
  get isWanted(): boolean {
    return !this.#isAbandoned;
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length > CHUNK_LENGTH) this.#flush();
  }

  /** Writes what is left. */
  close(): void {
    this.#flush();
    if (this.#file !== '-') closeSync(this.#descriptor);
  }

  /** Leaves nothing half-written behind. */
  discard(): void {
    if (this.#file === '-') return;
    const isFile = fstatSync(this.#descriptor).isFile();
    closeSync(this.#descriptor);
    if (isFile) rmSync(this.#file, { force: true });
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let at = 0; at < bytes.length && !this.#isAbandoned;) at += this.#writeSome(bytes, at);
  }

  #writeSome(bytes: Buffer, at: number): number {
    try {
      return writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') this.#isAbandoned = true;
      // A pipe that does not block is full: its reader needs a moment.
      else if (code === 'EAGAIN')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      else throw new UsageError(`-o ${this.#file}: ${messageOf(error)}`);
      return 0;
    }
  }
}
