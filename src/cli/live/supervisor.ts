/** Ends a live run: when its nodes have ended, when its time is over, or when somebody interrupts it. */

import { nothingDone } from '../../core/result.ts';
import { STOP_ANSWER_MS } from '../../runtime/live/stop-timing.ts';
import type { RunLog } from '../run/run-log.ts';
import type { LiveOutcome } from './live-outcome.ts';
import type { NodePages } from './node-pages.ts';

/** A start barrier that takes longer than this is explained. */
const WAITING_NOTE_MS = 2_000;

/** How long a run may take. */
export interface Deadlines {
  readonly timeoutMs: number;
  /** Milliseconds that a service runs once its nodes are running; undefined for an algorithm that ends by itself. */
  readonly serviceMs: number | undefined;
}

interface Order {
  readonly status: 'stopped' | 'timeout';
  readonly why: string | undefined;
}

/** Watches over one run from the moment its pages are open. */
export class Supervisor {
  readonly #outcome: LiveOutcome;
  readonly #pages: NodePages;
  readonly #log: RunLog;
  readonly #signal: AbortSignal;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #interrupted = () => this.#stop({ status: 'stopped', why: INTERRUPTED });
  #order: Order | undefined;
  #told = '';

  constructor(outcome: LiveOutcome, pages: NodePages, log: RunLog, signal: AbortSignal) {
    this.#outcome = outcome;
    this.#pages = pages;
    this.#log = log;
    this.#signal = signal;
  }

  /** Starts the clock. */
  begin({ timeoutMs, serviceMs }: Deadlines): void {
    if (this.#signal.aborted) this.#interrupted();
    else this.#signal.addEventListener('abort', this.#interrupted, { once: true });
    const deadline = this.#later(timeoutMs, () =>
      this.#stop({ status: 'timeout', why: undefined }),
    );
    if (serviceMs !== undefined) {
      void this.#outcome.running.then(() => {
        clearTimeout(deadline);
        this.#later(serviceMs, () => this.#stop({ status: 'stopped', why: undefined }));
      });
    }
    this.#timers.push(setInterval(() => this.#tellWhoIsMissing(), WAITING_NOTE_MS));
  }

  /** The pages have their nodes: an order that came before them is given again. */
  nodesAreUp(): void {
    if (this.#order !== undefined) void this.#pages.stop(this.#order.status, this.#order.why);
  }

  /** Fulfilled when every node has ended or was given up. */
  async end(): Promise<void> {
    await this.#outcome.ended;
    this.#signal.removeEventListener('abort', this.#interrupted);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #stop(order: Order): void {
    if (this.#order !== undefined) return;
    this.#order = order;
    void this.#pages.stop(order.status, order.why);
    // Their pages end those that do not answer in time; who is silent for longer has no page any more.
    this.#later(STOP_ANSWER_MS, () => {
      for (const id of this.#outcome.pending) {
        const why = `${order.why ?? 'time is over'}; it did not answer when it was told to stop`;
        this.#outcome.end(id, nothingDone(order.status, why));
      }
    });
  }

  #later(delayMs: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(run, delayMs);
    this.#timers.push(timer);
    return timer;
  }

  #tellWhoIsMissing(): void {
    const missing = this.#outcome.waitingFor.join(', ');
    if (missing !== '' && missing !== this.#told) this.#log.note(`waiting for ${missing}`);
    this.#told = missing;
  }
}

/** Why nodes stop at Ctrl-C. */
export const INTERRUPTED = 'the run was interrupted';
