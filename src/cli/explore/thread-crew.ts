/** The workers of an exploration as threads of this process. A thread whose algorithm never comes back is ended, and replaced. */

import { Worker } from 'node:worker_threads';
import type {
  Exploration,
  ExploreJob,
  FoundFailure,
  SeedsOutcome,
} from '../../lab/explore/explore-job.ts';
import { StuckError, type Crew } from '../../lab/explore/sweep.ts';
import { EnvironmentError, UsageError } from '../failures.ts';
import type { FromThread, ThreadData, ToThread } from './thread-work.ts';

/** No step of an algorithm takes so long. */
const STUCK_MS = 10_000;

/** Loading takes longer on a busy machine: until then no seed is at fault. */
const LOADING_MS = 60_000;

/** How often the threads are looked after. */
const LOOK_MS = 500;

/** As in thread-work.ts, which is not imported here: it is the thread's. */
const HALF = 2 ** 30;

interface Waiting {
  resolve(outcome: SeedsOutcome | FoundFailure): void;
  reject(error: Error): void;
}

/** Threads; close them at the end. */
export class ThreadCrew implements Crew {
  readonly size: number;
  readonly #exploration: Exploration;
  readonly #idle: Thread[] = [];
  readonly #threads = new Set<Thread>();
  #isStopped = false;

  constructor(exploration: Exploration, size: number) {
    this.#exploration = exploration;
    this.size = size;
  }

  /** For people: where the seeds are run. */
  get where(): string {
    return `in ${this.size} threads`;
  }

  async do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    const thread = this.#idle.pop() ?? new Thread(this.#exploration);
    this.#threads.add(thread);
    if (this.#isStopped) thread.stop();
    try {
      const outcome = await thread.do(job);
      this.#idle.push(thread);
      return outcome;
    } catch (error) {
      this.#threads.delete(thread);
      thread.close();
      throw error;
    }
  }

  /** Jobs come to an end soon, with what was done. */
  stop(): void {
    this.#isStopped = true;
    for (const thread of this.#threads) thread.stop();
  }

  close(): void {
    for (const thread of this.#threads) thread.close();
  }
}

/** One thread. */
class Thread {
  readonly #worker: Worker;
  readonly #cells = new Int32Array(new SharedArrayBuffer(12));
  readonly #timer: NodeJS.Timeout;
  #waiting: Waiting | undefined;
  #beats = -1;
  #beatMs = performance.now();

  constructor(exploration: Exploration) {
    const { buffer: cells } = this.#cells;
    const workerData: ThreadData = { exploration, workingDirectory: process.cwd(), cells };
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
    this.#worker.on('message', (message: FromThread) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (message.kind === 'done') waiting?.resolve(message.outcome);
      else waiting?.reject(new UsageError(message.text));
    });
    this.#worker.on('error', (error: Error) => this.#waiting?.reject(error));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    this.#beatMs = performance.now();
    const seed = job.kind === 'seeds' ? job.from : job.seed;
    this.#cells.set([Math.floor(seed / HALF), seed % HALF], 1);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#tell(job);
    });
  }

  stop(): void {
    this.#tell({ kind: 'stop' });
  }

  close(): void {
    clearInterval(this.#timer);
    void this.#worker.terminate();
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #look(): void {
    const beats = Atomics.load(this.#cells, 0);
    const now = performance.now();
    if (beats !== this.#beats || this.#waiting === undefined) {
      this.#beats = beats;
      this.#beatMs = now;
    } else if (beats === 0) {
      if (now - this.#beatMs <= LOADING_MS) return;
      const seconds = LOADING_MS / 1000;
      this.#waiting.reject(new EnvironmentError(`a thread was not loaded within ${seconds} s`));
    } else if (now - this.#beatMs > STUCK_MS) {
      const seed = this.#cells[1]! * HALF + this.#cells[2]!;
      this.#waiting.reject(new StuckError(seed));
    }
  }
}
