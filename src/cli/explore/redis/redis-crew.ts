/** The workers of an exploration somewhere else: jobs go through a queue on Redis to whoever runs `parley worker` there. */

import { randomBytes } from 'node:crypto';
import { Queue, QueueEvents } from 'bullmq';
import { messageOf } from '../../../core/errors.ts';
import type {
  Exploration,
  ExploreJob,
  FoundFailure,
  SeedsOutcome,
} from '../../../lab/explore/explore-job.ts';
import { StuckError, type Crew } from '../../../lab/explore/sweep.ts';
import { EnvironmentError, UsageError } from '../../failures.ts';
import {
  connectionTo,
  QUEUE,
  reachRedis,
  readOutcome,
  shownUrl,
  type QueuedJob,
  type QueuedOutcome,
} from './queue.ts';

/** Jobs that are in the queue or being done at a time, unless somebody says otherwise: enough for a few machines. */
const JOBS = 16;

/** How often it is looked whether the jobs are still there. */
const LOOK_MS = 5000;

/** How a sweep is spread. */
export interface RedisCrewOptions {
  readonly url: string;
  readonly jobs: number | undefined;
  /** Takes a line for people. */
  readonly say: (text: string) => void;
}

interface Waiting {
  readonly job: ExploreJob;
  /** It was nowhere when last looked for. */
  isMissed: boolean;
  resolve(outcome: SeedsOutcome | FoundFailure): void;
  reject(error: Error): void;
}

/** Close it at the end. */
export class RedisCrew implements Crew {
  readonly size: number;
  readonly #sweep = randomBytes(8).toString('hex');
  readonly #exploration: Exploration;
  readonly #options: RedisCrewOptions;
  readonly #queue: Queue<QueuedJob, QueuedOutcome>;
  readonly #events: QueueEvents;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;
  #given = 0;
  #isTaken = false;
  #isStopped = false;
  #isLost = false;

  private constructor(exploration: Exploration, options: RedisCrewOptions) {
    const connection = connectionTo(options.url);
    this.size = options.jobs ?? JOBS;
    this.#exploration = exploration;
    this.#options = options;
    this.#queue = new Queue(QUEUE, { connection });
    this.#events = new QueueEvents(QUEUE, { connection });
    this.#queue.on('error', (error) => this.#lost(error));
    this.#events.on('error', (error) => this.#lost(error));
    this.#events.on('active', ({ jobId }) => {
      this.#isLost = false;
      if (this.#waiting.has(jobId)) this.#isTaken = true;
    });
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue));
    this.#events.on('failed', ({ jobId, failedReason }) => this.#failed(jobId, failedReason));
    this.#timer = setInterval(() => void this.#look().catch(() => {}), LOOK_MS);
  }

  /** @throws {EnvironmentError} when no Redis answers */
  static async open(exploration: Exploration, options: RedisCrewOptions): Promise<RedisCrew> {
    await reachRedis(options.url);
    const crew = new RedisCrew(exploration, options);
    // Jobs are given only when it is sure that their end will be heard.
    await crew.#events.waitUntilReady();
    return crew;
  }

  /** For people: where the seeds are run. */
  get where(): string {
    return `by the workers at ${shownUrl(this.#options.url)}`;
  }

  do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    if (this.#isStopped) return Promise.resolve(NOTHING);
    const id = `${this.#sweep}-${++this.#given}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { job, isMissed: false, resolve, reject });
      this.#give(id, job);
    });
  }

  /** What nobody has begun is taken back; what is being done is not waited for. */
  stop(): void {
    this.#isStopped = true;
    for (const [id, waiting] of this.#waiting) {
      void this.#queue.remove(id).catch(() => {});
      waiting.resolve(NOTHING);
    }
    this.#waiting.clear();
  }

  close(): void {
    clearInterval(this.#timer);
    void Promise.allSettled([this.#queue.close(), this.#events.close()]);
  }

  #give(id: string, job: ExploreJob): void {
    const data = { exploration: this.#exploration, job };
    const options = { jobId: id, removeOnComplete: true, removeOnFail: true };
    this.#queue.add(job.kind, data, options).catch((error: unknown) => {
      this.#take(id)?.reject(new EnvironmentError(`Redis: ${messageOf(error)}`));
    });
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #completed(id: string, value: unknown): void {
    const waiting = this.#take(id);
    if (waiting === undefined) return;
    try {
      const outcome = readOutcome(value);
      if (outcome.kind === 'stuck') waiting.reject(new StuckError(outcome.seed));
      else waiting.resolve(outcome);
    } catch (error) {
      waiting.reject(new EnvironmentError(`a worker answers nonsense: ${messageOf(error)}`));
    }
  }

  #failed(id: string, reason: string): void {
    const waiting = this.#take(id);
    if (waiting === undefined) return;
    if (!/stalled more than/.test(reason)) {
      waiting.reject(new UsageError(reason));
      return;
    }
    const { job } = waiting;
    const seeds = job.kind === 'seeds' ? `seeds ${job.from} to ${job.to}` : `seed ${job.seed}`;
    waiting.reject(
      new EnvironmentError(`${seeds}: every worker that took them was lost. Is it out of memory?`),
    );
  }

  #lost(error: Error): void {
    if (this.#isLost || this.#isStopped) return;
    this.#isLost = true;
    this.#options.say(`Redis: ${error.message}; waiting for it to come back`);
  }

  /** A Redis that keeps nothing loses its jobs when it is started again: those that are nowhere are given once more. */
  async #look(): Promise<void> {
    for (const [id, waiting] of this.#waiting) {
      const state = await this.#queue.getJobState(id);
      if (!this.#waiting.has(id)) continue;
      // Its end may be on the way to us.
      if (state === 'unknown' && waiting.isMissed) this.#give(id, waiting.job);
      waiting.isMissed = state === 'unknown' && !waiting.isMissed;
    }
    if (this.#isTaken || this.#waiting.size === 0) return;
    if ((await this.#queue.getWorkersCount()) > 0) return;
    const url = shownUrl(this.#options.url);
    this.#options.say(`no worker is there yet; start some: parley worker --redis ${url}`);
    this.#isTaken = true;
  }
}

/** What comes of a job when the sweep is ended. */
const NOTHING: SeedsOutcome = { kind: 'seeds', seeds: 0, events: 0, faultsFired: {}, failures: [] };
