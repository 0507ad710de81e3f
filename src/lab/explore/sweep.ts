/** A sweep over seeds by several workers: hands out jobs, gathers what comes of them, and makes the first failures smaller. */

import type { FaultCounts, FaultKind } from '../../core/faults/kinds.ts';
import type { ExploreJob, FoundFailure, SeedsOutcome } from './explore-job.ts';
import { addCounts } from './fault-counts.ts';

/** Workers, wherever they are. */
export interface Crew {
  /** Jobs that are done at a time. */
  readonly size: number;
  /**
   * Does a job. When the sweep is ended it comes back soon, with what was done.
   *
   * @throws {StuckError} by rejection, when a seed never comes to an end
   */
  do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure>;
}

/** Code of an algorithm never came back. The others of its job were not run. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
  readonly seed: number;

  constructor(seed: number) {
    super(`a step of seed ${seed} never came to an end`);
    this.seed = seed;
  }
}

/** What is broken by code that never comes back. */
export const COMES_BACK = 'Every step comes to its end';

/** What is swept. */
export interface SweepOptions {
  /** Both included. */
  readonly from: number;
  readonly to: number;
  /** So many failing seeds are enough: no others are begun then. */
  readonly failuresMax: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** How far it is. */
export interface SweepProgress {
  readonly seeds: number;
  readonly failing: number;
  /** Failures that are being made smaller, or will be. */
  readonly toShrink: number;
}

/** What came of it. */
export interface SweepResult {
  readonly seeds: number;
  readonly events: number;
  readonly faultsFired: FaultCounts;
  /** Seeds that failed; more than were made smaller, when many do. */
  readonly failing: readonly number[];
  /** By seed. */
  readonly failures: readonly FoundFailure[];
  /** Seeds in which a step never came to an end. */
  readonly stuck: readonly number[];
  /** True when it was ended before it was through. */
  readonly isPartial: boolean;
}

/** Seeds that a worker is given at once, at most: few, so that progress shows and the end is even. */
const SEEDS_PER_JOB_MAX = 50;

/** Sweeps. */
export async function sweep(crew: Crew, options: SweepOptions): Promise<SweepResult> {
  const run = new Sweep(crew, options);
  await Promise.all(Array.from({ length: crew.size }, () => run.work()));
  return run.finish();
}

class Sweep {
  readonly #crew: Crew;
  readonly #options: SweepOptions;
  readonly #perJob: number;
  #next: number;
  /** Parts of jobs whose worker was lost. */
  readonly #again: ExploreJob[] = [];
  readonly #fired: Partial<Record<FaultKind, number>> = {};
  readonly #failing: SeedsOutcome['failures'][number][] = [];
  readonly #stuck: number[] = [];
  #seeds = 0;
  #events = 0;

  constructor(crew: Crew, options: SweepOptions) {
    const { from, to } = options;
    this.#crew = crew;
    this.#options = options;
    this.#next = from;
    const even = Math.ceil((to - from + 1) / (crew.size * 20));
    this.#perJob = Math.min(SEEDS_PER_JOB_MAX, Math.max(1, even));
  }

  /** One worker's day. */
  async work(): Promise<void> {
    for (let job = this.#take(); job !== undefined; job = this.#take()) {
      try {
        const outcome = await this.#crew.do(job);
        if (outcome.kind === 'seeds') this.#note(outcome);
      } catch (error) {
        if (!(error instanceof StuckError) || job.kind !== 'seeds') throw error;
        this.#stuck.push(error.seed);
        this.#seeds++;
        const { from, to } = job;
        if (error.seed > from) this.#again.push({ kind: 'seeds', from, to: error.seed - 1 });
        // Where most seeds never end, each of them costs much patience.
        if (error.seed < to && this.#stuck.length < this.#options.failuresMax)
          this.#again.push({ kind: 'seeds', from: error.seed + 1, to });
      }
      this.#tell(0);
    }
  }

  async finish(): Promise<SweepResult> {
    const { signal, to, failuresMax } = this.#options;
    const failing = this.#failing.toSorted((a, b) => a.seed - b.seed);
    const first = failing.slice(0, failuresMax);
    const failures: FoundFailure[] = [];
    let left = first.length;
    this.#tell(left);
    const queue = [...first];
    const shrinkAll = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const found = await this.#crew.do({ kind: 'shrink', seed: next.seed });
        if (found.kind === 'failure') failures.push(found);
        this.#tell(--left);
      }
    };
    await Promise.all(Array.from({ length: this.#crew.size }, shrinkAll));
    return {
      seeds: this.#seeds,
      events: this.#events,
      faultsFired: this.#fired,
      failing: failing.map(({ seed }) => seed),
      failures: failures.toSorted((a, b) => a.seed - b.seed),
      stuck: this.#stuck.toSorted((a, b) => a - b),
      isPartial: signal.aborted && this.#next <= to,
    };
  }

  #take(): ExploreJob | undefined {
    const { signal, failuresMax, to } = this.#options;
    if (signal.aborted) return undefined;
    const again = this.#again.pop();
    if (again !== undefined) return again;
    if (this.#failing.length + this.#stuck.length >= failuresMax || this.#next > to) {
      return undefined;
    }
    const from = this.#next;
    this.#next = Math.min(from + this.#perJob, to + 1);
    return { kind: 'seeds', from, to: this.#next - 1 };
  }

  #note({ seeds, events, faultsFired, failures }: SeedsOutcome): void {
    this.#seeds += seeds;
    this.#events += events;
    addCounts(this.#fired, faultsFired);
    this.#failing.push(...failures);
  }

  #tell(toShrink: number): void {
    const failing = this.#failing.length + this.#stuck.length;
    this.#options.onProgress?.({ seeds: this.#seeds, failing, toShrink });
  }
}
