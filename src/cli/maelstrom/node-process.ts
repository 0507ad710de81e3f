/** A node as a process: lines to its stdin, lines from its stdout, its stderr in a log file. It is started and ended here, and bounded. */

import { spawn, type ChildProcess } from 'node:child_process';
import type { NodeId } from '../../core/id.ts';
import { LINE_BYTES_MAX, shownLine } from '../../maelstrom/message.ts';
import type { StderrLog } from './stderr-log.ts';

/** Milliseconds between asking a process to end and ending it. */
const END_GRACE_MS = 500;

/** Input that a process has not taken. One that does not read at all must not fill our memory. */
const UNREAD_BYTES_MAX = 64 * LINE_BYTES_MAX;

/** What a process does, told to whoever started it. */
export interface ProcessListener {
  /** It has written to its stdout, a part of a line perhaps. */
  stirred(): void;
  /** A line of its stdout, without its line feed. */
  line(text: string): void;
  /** It cannot be used any more: it has ended, or has broken a limit. */
  broken(problem: string): void;
}

/** The program and its arguments, the same for all nodes. */
export interface ProgramCommand {
  readonly file: string;
  readonly args: readonly string[];
}

const LINE_FEED = 10;

/** Processes that must not survive this one, however it ends. */
const RUNNING = new Set<NodeProcess>();

function remember(node: NodeProcess): void {
  if (RUNNING.size === 0) process.on('exit', killAll);
  RUNNING.add(node);
}

function killAll(): void {
  for (const node of RUNNING) node.kill();
}

/** One process. */
export class NodeProcess {
  readonly id: NodeId;
  readonly #child: ChildProcess;
  readonly #listener: ProcessListener;
  readonly #log: StderrLog;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #isEnding = false;
  /** It was told something, and has not said anything since it was started: it is still starting. */
  isStarting = false;
  #hasSpoken = false;
  /** Bytes read from it so far. */
  bytesRead = 0;

  constructor(
    id: NodeId,
    { file, args }: ProgramCommand,
    log: StderrLog,
    listener: ProcessListener,
  ) {
    this.id = id;
    this.#log = log;
    this.#listener = listener;
    // A group of its own, so that whatever it has started ends with it.
    this.#child = spawn(file, args, { stdio: 'pipe', detached: true });
    this.#child.on('error', (error) => this.#break(`${id} cannot be started: ${error.message}`));
    this.#child.on('exit', (status, signal) => {
      const how = signal === null ? `with status ${status}` : `by ${signal}`;
      this.#break(`${id} ended ${how}`);
    });
    this.#child.stdin!.on('error', () => {
      // It has ended, or closed its stdin; its exit says so better.
    });
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr!.on('data', (chunk: Buffer) => log.add(chunk));
    remember(this);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True when everything that was written to it is in its pipe. */
  get hasTakenAll(): boolean {
    return this.#isEnding || this.#child.stdin!.writableLength === 0;
  }

  write(line: string): void {
    const stdin = this.#child.stdin!;
    if (this.#isEnding || !stdin.writable) return;
    this.isStarting = !this.#hasSpoken;
    stdin.write(`${line}\n`);
    if (stdin.writableLength > UNREAD_BYTES_MAX) {
      this.#break(`${this.id} does not read its stdin: ${stdin.writableLength} bytes wait`);
    }
  }

  /** Ends it; fulfilled when it is gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    const isGone = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (!isGone) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.stdin!.end();
      this.#signal('SIGTERM');
      const timer = setTimeout(() => this.kill(), END_GRACE_MS);
      await gone;
      clearTimeout(timer);
    }
    // What it had started may have survived it.
    this.kill();
    RUNNING.delete(this);
    if (RUNNING.size === 0) process.off('exit', killAll);
    this.#log.close();
  }

  #read(chunk: Buffer): void {
    if (this.#isEnding) return;
    this.bytesRead += chunk.length;
    this.#hasSpoken = true;
    this.isStarting = false;
    this.#listener.stirred();
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#append(chunk.subarray(from, at));
      from = at + 1;
      if (this.#isEnding) return;
      const line = Buffer.concat(this.#partial).toString('utf8');
      this.#partial = [];
      this.#partialBytes = 0;
      if (line.trim() !== '') this.#listener.line(line);
    }
    if (from < chunk.length) this.#append(chunk.subarray(from));
  }

  #append(part: Buffer): void {
    this.#partial.push(part);
    this.#partialBytes += part.length;
    if (this.#partialBytes <= LINE_BYTES_MAX) return;
    const start = Buffer.concat(this.#partial).toString('utf8').slice(0, 200);
    this.#break(
      `${this.id} wrote a line of more than ${LINE_BYTES_MAX} bytes, which begins: ${shownLine(start)}`,
    );
  }

  #break(problem: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#listener.broken(problem);
  }

  /** Ends it at once, with everything that it has started. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
