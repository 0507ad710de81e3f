/** Looks for counterexamples in a pool of workers of this page, and makes what it finds small. */

import type { Exploration, ExploreJob, FoundFailure, SeedsOutcome } from './explore-job.ts';
import { hostOf, type WorkerHost } from '../live/worker-host.ts';
import type { FromHunter, ToHunter } from './hunter.ts';
import { StuckError, sweep, type Crew, type SweepProgress, type SweepResult } from './sweep.ts';

/** What looks for counterexamples; a sandbox tells its signs of life as well. */
export type HunterHost = WorkerHost<ToHunter, FromHunter | { readonly kind: 'alive' }>;

/** What is searched, and how far. */
export interface HuntOptions {
  readonly exploration: Exploration;
  /** Runs at most, one a seed. */
  readonly seeds: number;
  /** Failing seeds that are enough. */
  readonly failuresMax: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
  /** Opens what searches; a worker for the page's own chapters unless given. */
  readonly open?: () => HunterHost;
}

/** A worker that says nothing for so long is in a loop: even long runs take a small part of it, in milliseconds. */
const SILENCE_MS = 20_000;
/** After it was told to stop, a worker has so long, in milliseconds. */
const STOP_GRACE_MS = 1500;
/** More workers take memory, and are no quicker on the machines of most people. */
const WORKERS_MAX = 8;

/** Searches. What was found until it is ended counts. */
export async function hunt(options: HuntOptions): Promise<SweepResult> {
  const { seeds, failuresMax, signal, onProgress } = options;
  const size = Math.max(1, Math.min(navigator.hardwareConcurrency, WORKERS_MAX, seeds));
  const crew = new PageCrew(options, size);
  try {
    return await sweep(crew, { from: 1, to: seeds, failuresMax, signal, onProgress });
  } finally {
    crew.close();
  }
}

class PageCrew implements Crew {
  readonly size: number;
  readonly #options: HuntOptions;
  readonly #idle: HunterHost[] = [];
  readonly #all = new Set<HunterHost>();

  constructor(options: HuntOptions, size: number) {
    this.size = size;
    this.#options = options;
  }

  async do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    const hunter = this.#idle.pop() ?? this.#open();
    try {
      const outcome = await this.#ask(hunter, job);
      this.#idle.push(hunter);
      return outcome;
    } catch (error) {
      this.#end(hunter);
      throw error;
    }
  }

  close(): void {
    for (const hunter of this.#all) hunter.close();
    this.#all.clear();
  }

  #open(): HunterHost {
    const { open = openHunter, exploration } = this.#options;
    const hunter = open();
    this.#all.add(hunter);
    hunter.post({ kind: 'explore', exploration });
    return hunter;
  }

  #end(hunter: HunterHost): void {
    hunter.close();
    this.#all.delete(hunter);
  }

  #ask(hunter: HunterHost, job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    const { signal } = this.#options;
    let seed = job.kind === 'seeds' ? job.from : job.seed;
    const listening = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const asked = new Promise<SeedsOutcome | FoundFailure>((resolve, reject) => {
      const watch = () => {
        clearTimeout(timer);
        // Making a run smaller is many runs, and says nothing meanwhile.
        if (job.kind === 'seeds') timer = setTimeout(() => hunter.onsilence(''), SILENCE_MS);
      };
      watch();
      hunter.onmessage = (message) => {
        if (message.kind === 'done') resolve(message.outcome);
        else if (message.kind === 'problem') reject(new Error(message.text));
        else if (message.kind === 'seed') {
          ({ seed } = message);
          watch();
        }
      };
      hunter.onproblem = (text) => reject(new Error(text));
      hunter.onsilence = (text) =>
        reject(job.kind === 'seeds' ? new StuckError(seed) : new Error(text));
      const stop = () => {
        hunter.post({ kind: 'stop' });
        clearTimeout(timer);
        timer = setTimeout(() => resolve(nothing), STOP_GRACE_MS);
      };
      if (signal.aborted) return resolve(nothing);
      signal.addEventListener('abort', stop, { signal: listening.signal });
      hunter.post({ kind: 'job', job });
    });
    return asked.finally(() => {
      clearTimeout(timer);
      listening.abort();
    });
  }
}

/** A worker of the page for its own chapters. */
function openHunter(): HunterHost {
  return hostOf(new Worker(new URL('./hunt-worker.ts', import.meta.url), { type: 'module' }));
}

/** What comes of a job that was given up. */
const nothing: SeedsOutcome = {
  ...{ kind: 'seeds', seeds: 0, events: 0, faultsFired: {}, failures: [] },
};
