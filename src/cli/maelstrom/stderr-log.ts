/** What nodes write to stderr: a file for each, bounded, and the last lines of it for whoever asks why a node failed. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NodeId } from '../../core/id.ts';

/** A node that logs without end must not fill the disk. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;

/** Characters of the end that are kept for messages. */
const TAIL_LENGTH = 4000;

/** The log of one node, over all its incarnations. */
export class StderrLog {
  readonly file: string;
  readonly #show: ((line: string) => void) | undefined;
  #bytes = 0;
  #tail = '';
  #unshown = '';

  constructor(file: string, show: ((line: string) => void) | undefined) {
    this.file = file;
    this.#show = show;
    writeFileSync(file, '');
  }

  add(chunk: Buffer): void {
    const text = chunk.toString('utf8');
    this.#tail = (this.#tail + text).slice(-TAIL_LENGTH);
    this.#showLines(text);
    if (this.#bytes > LOG_BYTES_MAX) return;
    this.#bytes += chunk.length;
    appendFileSync(this.file, chunk);
    if (this.#bytes > LOG_BYTES_MAX) appendFileSync(this.file, '\n(the rest is not kept)\n');
  }

  /** Nothing was written. */
  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** The last lines. */
  lastLines(count: number): readonly string[] {
    return this.#tail
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count);
  }

  close(): void {
    if (this.#unshown !== '') this.#showLines('\n');
  }

  #showLines(text: string): void {
    if (this.#show === undefined) return;
    const lines = (this.#unshown + text).split('\n');
    this.#unshown = lines.pop()!;
    for (const line of lines) this.#show(line);
  }
}

/** The logs of a run: in the folder asked for, or in a temporary one that stays only when something went wrong. */
export class StderrLogs {
  readonly folder: string;
  readonly #isTemporary: boolean;
  readonly #logs = new Map<NodeId, StderrLog>();
  readonly #show: ((id: NodeId, line: string) => void) | undefined;

  constructor(folder: string | undefined, show: ((id: NodeId, line: string) => void) | undefined) {
    this.#isTemporary = folder === undefined;
    this.#show = show;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    this.folder = folder ?? mkdtempSync(path.join(tmpdir(), 'parley-maelstrom-'));
  }

  of(id: NodeId): StderrLog {
    let log = this.#logs.get(id);
    if (log === undefined) {
      const show = this.#show;
      const shown = show === undefined ? undefined : (line: string) => show(id, line);
      this.#logs.set(id, (log = new StderrLog(path.join(this.folder, `${id}.log`), shown)));
    }
    return log;
  }

  /** Nobody has written anything. */
  get isEmpty(): boolean {
    return [...this.#logs.values()].every((log) => log.isEmpty);
  }

  /** Nobody needs them any more, unless they were asked for. */
  discard(): void {
    if (this.#isTemporary) rmSync(this.folder, { recursive: true, force: true });
  }
}
