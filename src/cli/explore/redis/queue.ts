/** The queue that explorations share on Redis: what stands in it, checked when it is read, and how it is reached. */

import type { RedisOptions } from 'bullmq';
import { Redis } from 'ioredis';
import * as v from 'valibot';
import { parse } from '../../../core/schema.ts';
import type {
  Exploration,
  ExploreJob,
  FoundFailure,
  SeedsOutcome,
} from '../../../lab/explore/explore-job.ts';
import { readLinkedRun } from '../../../lab/link/linked-run.ts';
import { EnvironmentError } from '../../failures.ts';

/** Its name; the keys in Redis begin with `bull:` and this. */
export const QUEUE = 'parley-explore';

/** One job, with everything that a worker needs to do it. */
export interface QueuedJob {
  readonly exploration: Exploration;
  readonly job: ExploreJob;
}

/** What came of a job. */
export type QueuedOutcome =
  | SeedsOutcome
  | FoundFailure
  /** A step of this seed never came back. */
  | { readonly kind: 'stuck'; readonly seed: number };

/** Seeds in one job: more would be lost with a worker than anybody wants to wait for again. */
const SEEDS_PER_JOB_MAX = 10_000;

const LIST_LENGTH_MAX = 100_000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(100_000));
const ms = v.pipe(v.number(), v.finite(), v.minValue(0));

const jobSchema = v.variant('kind', [
  v.pipe(
    v.strictObject({ kind: v.literal('seeds'), from: count, to: count }),
    v.check(
      ({ from, to }) => from <= to && to - from < SEEDS_PER_JOB_MAX,
      'a range of seeds that one job can have',
    ),
  ),
  v.strictObject({ kind: v.literal('shrink'), seed: count }),
]);

const queuedSchema = v.strictObject({
  exploration: v.strictObject({
    run: v.record(v.string(), v.unknown()),
    shrinkRuns: v.pipe(count, v.maxValue(1_000_000)),
    continuations: v.pipe(count, v.maxValue(100_000)),
    lab: v.pipe(v.string(), v.maxLength(2000), v.url()),
  }),
  job: jobSchema,
});

/**
 * Reads a job. Faults, choices and the configuration are read where the run is made.
 *
 * @throws Error with the place of what is wrong
 */
export function readJob(data: unknown): QueuedJob {
  const { exploration, job } = parse(queuedSchema, data, 'the job');
  // Seed and identity of each run follow from the job. What was read is left in its order: the links of failures are texts of it.
  readLinkedRun({ ...exploration.run, seed: 0, runId: 'none' });
  return { exploration: exploration as unknown as Exploration, job };
}

const failing = v.object({
  seed: count,
  property: text,
  detail: text,
  way: v.picklist(['invariant', 'failed', 'late', 'problem']),
  virtualMs: ms,
});

const outcomeSchema = v.variant('kind', [
  v.object({
    kind: v.literal('seeds'),
    seeds: count,
    events: count,
    faultsFired: v.record(v.string(), count),
    failures: v.pipe(v.array(failing), v.maxLength(SEEDS_PER_JOB_MAX)),
  }),
  v.object({ kind: v.literal('stuck'), seed: count }),
  v.looseObject({
    kind: v.literal('failure'),
    ...{ seed: count, property: text, detail: text, virtualMs: ms, events: count },
    minimal: v.looseObject({
      ...{ events: count, faults: count, link: text, traceSha256: text, isDone: v.boolean() },
      nodes: v.array(text),
      plan: v.record(v.string(), v.unknown()),
      choices: v.pipe(v.array(text), v.maxLength(LIST_LENGTH_MAX)),
      story: v.pipe(
        v.array(v.object({ time: ms, node: text, text })),
        v.maxLength(LIST_LENGTH_MAX),
      ),
    }),
  }),
]);

/** Reads what a worker says that came of a job. @throws Error with the place of what is wrong */
export function readOutcome(data: unknown): QueuedOutcome {
  return parse(outcomeSchema, data, 'the outcome') as QueuedOutcome;
}

/** How BullMQ connects: for ever again, as both sides of a queue that outlives a restart of Redis must. */
export function connectionTo(url: string): RedisOptions {
  return { url, maxRetriesPerRequest: null };
}

/** Milliseconds that Redis has to answer when a command begins. */
const REACH_MS = 5000;

/** @throws {EnvironmentError} when no Redis answers there */
export async function reachRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: REACH_MS,
    commandTimeout: REACH_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason: string | undefined;
  redis.on('error', (error) => (reason ??= error.message));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const why = reason ?? (error instanceof Error ? error.message : String(error));
    throw new EnvironmentError(`no Redis answers at ${shownUrl(url)}: ${why}. Is it running?`, {
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
}

/** The address without the password. */
export function shownUrl(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}
