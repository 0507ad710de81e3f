/**
 * Traces on their way to everybody: each tab sends its own events to the hub, and the hub passes them on.
 *
 * Nothing waits for a slow reader, and nothing grows: where the way is too narrow, the oldest are left out. Each statement says how many
 * events came before it, so whoever reads sees how many are missing.
 */

import type { TraceEvent } from '../../core/trace.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import type { Statement } from './statement.ts';

/** Characters of one statement of events: several fit into the window of a channel. */
const BATCH_LENGTH_MAX = 32 * 1024;

/** Milliseconds for which events are gathered. */
const GATHER_MS = 200;

/** Characters that wait for one reader; what is older is left out. */
const QUEUE_LENGTH_MAX = 1024 * 1024;

/** Characters of the latest events that the hub keeps for those who come later. */
const WINDOW_LENGTH_MAX = 512 * 1024;

/** Some events, as they travel. */
export interface EventBatch {
  /** How many events came before them. */
  readonly first: number;
  readonly lines: string;
}

/** Gathers the events of this tab's nodes, and numbers them. */
export class EventGatherer {
  readonly #send: (batch: EventBatch) => void;
  #lines = '';
  #count = 0;
  #sent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (batch: EventBatch) => void) {
    this.#send = send;
  }

  add(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const line = traceLine(event);
      if (this.#lines.length + line.length > BATCH_LENGTH_MAX) this.flush();
      // One that is too long counts and is not shown: it would hold up all others.
      if (line.length <= BATCH_LENGTH_MAX) {
        this.#lines += line;
        this.#count++;
      } else this.#sent++;
    }
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count === 0) return;
    const batch = { first: this.#sent, lines: this.#lines };
    this.#sent += this.#count;
    this.#count = 0;
    this.#lines = '';
    this.#send(batch);
  }
}

/** Statements that wait for one reader. The newest stay. */
export class EventQueue {
  readonly #send: (statement: Statement) => Promise<void> | boolean;
  readonly #waiting = new BoundedStatements(QUEUE_LENGTH_MAX);
  #isSending = false;
  #isClosed = false;

  /**
   * `send` answers false when it has not taken the statement: then nothing is tried before {@link resume}. A promise is fulfilled when it
   * takes more.
   */
  constructor(send: (statement: Statement) => Promise<void> | boolean) {
    this.#send = send;
  }

  push(...statements: readonly Statement[]): void {
    for (const statement of statements) this.#waiting.push(statement);
    this.resume();
  }

  /** There is a way to the reader now. */
  resume(): void {
    if (!this.#isSending) void this.#sendAll();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting.first; next !== undefined; next = this.#waiting.first) {
      const taken = this.#isClosed ? false : this.#send(next);
      if (taken === false) break;
      this.#waiting.shift();
      if (taken !== true) await taken;
    }
    this.#isSending = false;
  }
}

/** The latest statements of events, for those who come later. */
export class EventWindow {
  readonly #statements = new BoundedStatements(WINDOW_LENGTH_MAX);

  push(statement: Statement): void {
    this.#statements.push(statement);
  }

  all(): readonly Statement[] {
    return this.#statements.all();
  }
}

/** Counts what is missing in the stream of one author. */
export class EventGaps {
  #incarnation = 0;
  #next = 0;
  #missing = 0;

  /** Events that were left out on the way. */
  get missing(): number {
    return this.#missing;
  }

  /** How many of the `count` events that begin with number `first` are known already; all of them when they are of an old incarnation. */
  take(incarnation: number, first: number, count: number): number {
    if (incarnation < this.#incarnation) return count;
    if (incarnation > this.#incarnation) {
      this.#incarnation = incarnation;
      this.#next = 0;
    }
    const known = Math.min(Math.max(0, this.#next - first), count);
    this.#missing += Math.max(0, first - this.#next);
    this.#next = Math.max(this.#next, first + count);
    return known;
  }
}

class BoundedStatements {
  readonly #lengthMax: number;
  readonly #statements: Statement[] = [];
  #length = 0;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get first(): Statement | undefined {
    return this.#statements[0];
  }

  push(statement: Statement): void {
    this.#statements.push(statement);
    this.#length += statement.text.length;
    while (this.#length > this.#lengthMax && this.#statements.length > 1) this.shift();
  }

  shift(): Statement | undefined {
    const first = this.#statements.shift();
    this.#length -= first?.text.length ?? 0;
    return first;
  }

  all(): readonly Statement[] {
    return [...this.#statements];
  }
}
