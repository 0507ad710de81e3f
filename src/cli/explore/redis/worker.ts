/** `parley worker`: takes jobs of explorations from the queue on Redis, until it is ended. */

import { availableParallelism } from 'node:os';
import { Worker } from 'bullmq';
import { StuckError } from '../../../lab/explore/sweep.ts';
import { locateChapter } from '../../chapters.ts';
import { EXIT_STATUS, UsageError } from '../../failures.ts';
import { Interrupt } from '../../interrupt.ts';
import { sourceHashOf } from '../../page/source-hash.ts';
import { isPath } from '../../user-module.ts';
import { ThreadCrew } from '../thread-crew.ts';
import { connectionTo, QUEUE, reachRedis, readJob, shownUrl } from './queue.ts';
import type { QueuedJob, QueuedOutcome } from './queue.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A job whose worker gives no sign of life for so long is lost. Threads do the work: this process only waits. */
const LOCK_MS = 10_000;

/** How often the workers look for jobs that are lost. */
const STALLED_LOOK_MS = 5000;

/** Workers that one job may lose: whoever takes the next would probably be lost as well. */
const STALLED_MAX = 5;

/** Threads of an exploration that gave nothing to do for so long are ended. */
const IDLE_MS = 30_000;

/** Explorations whose threads are kept at a time: each may have as many as there are processors. */
const EXPLORATIONS_MAX = 4;

/** Works; the exit status. */
export async function workerCommand({ redis, jobs }: WorkerOptions): Promise<number> {
  await reachRedis(redis);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const concurrency = jobs ?? availableParallelism();
  const crews = new Crews(concurrency);
  const worker = new Worker<QueuedJob, QueuedOutcome>(QUEUE, ({ data }) => crews.do(data), {
    connection: connectionTo(redis),
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_LOOK_MS,
    maxStalledCount: STALLED_MAX,
  });
  let lost: string | undefined;
  worker.on('error', (error) => {
    if (lost !== error.message) say(`Redis: ${error.message}`);
    lost = error.message;
  });
  worker.on('active', () => (lost = undefined));
  worker.on('completed', (_job, outcome) => say(lineOf(outcome)));
  worker.on('failed', (job, error) => say(`refused ${job?.id ?? 'a job'}: ${error.message}`));
  worker.on('stalled', (id) => say(`the worker that had ${id} was lost: its seeds are run again`));
  const interrupt = new Interrupt((signal) => {
    say(`${signal}: what was begun is finished; a second one ends at once`);
  });
  try {
    await worker.waitUntilReady();
    say(`takes jobs from ${shownUrl(redis)}, ${concurrency} at a time`);
    await interrupt.received();
    await worker.close();
    return interrupt.exitStatus ?? EXIT_STATUS.ok;
  } finally {
    crews.close();
    interrupt.close();
  }
}

function lineOf(outcome: QueuedOutcome): string {
  if (outcome.kind === 'seeds') {
    return `${outcome.seeds} seeds, ${outcome.failures.length} failed`;
  }
  if (outcome.kind === 'stuck') return `seed ${outcome.seed} never came to an end`;
  return `seed ${outcome.seed} made smaller: ${outcome.minimal.events} events`;
}

/** Threads of one exploration. */
interface Threads {
  readonly crew: ThreadCrew;
  running: number;
  timer: NodeJS.Timeout | undefined;
}

/** The threads of each exploration that has something to do here. They are made with it, so another one never gets them. */
class Crews {
  readonly #size: number;
  readonly #explorations = new Map<string, Threads>();

  constructor(size: number) {
    this.#size = size;
  }

  /** @throws {UsageError} when the job is not one that is done here */
  async do(data: unknown): Promise<QueuedOutcome> {
    const queued = readJob(data);
    await checkSource(queued);
    const key = JSON.stringify(queued.exploration);
    const threads = this.#threadsOf(key, queued);
    threads.running++;
    try {
      return await threads.crew.do(queued.job);
    } catch (error) {
      if (error instanceof StuckError) return { kind: 'stuck', seed: error.seed };
      throw error;
    } finally {
      if (--threads.running === 0) {
        threads.timer = setTimeout(() => this.#end(key), IDLE_MS);
        threads.timer.unref();
      }
    }
  }

  close(): void {
    for (const key of this.#explorations.keys()) this.#end(key);
  }

  #threadsOf(key: string, { exploration }: QueuedJob): Threads {
    let threads = this.#explorations.get(key);
    if (threads === undefined) {
      this.#makeRoom();
      const crew = new ThreadCrew(exploration, this.#size);
      threads = { crew, running: 0, timer: undefined };
      this.#explorations.set(key, threads);
    }
    clearTimeout(threads.timer);
    return threads;
  }

  /** Ends threads that have nothing to do, where there are too many. */
  #makeRoom(): void {
    for (const [key, { running }] of this.#explorations) {
      if (this.#explorations.size < EXPLORATIONS_MAX) return;
      if (running === 0) this.#end(key);
    }
  }

  #end(key: string): void {
    const threads = this.#explorations.get(key);
    this.#explorations.delete(key);
    clearTimeout(threads?.timer);
    threads?.crew.close();
  }
}

/**
 * A worker runs what is installed with it. A job that wants something else would give other results here than there, or bring code.
 *
 * @throws {UsageError} saying which
 */
async function checkSource({ exploration: { run } }: QueuedJob): Promise<void> {
  if (isPath(run.algorithm) || run.source !== undefined) {
    throw new UsageError(`${run.algorithm} is a file: workers run only what is installed there`);
  }
  const located = await locateChapter(run.algorithm, process.cwd());
  if (run.hash !== undefined && run.hash === sourceHashOf(located)) return;
  throw new UsageError(
    `a worker has another ${run.algorithm} than the one that is to be explored: install the same Parley there`,
  );
}
