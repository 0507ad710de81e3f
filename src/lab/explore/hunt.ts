/** Looks for counterexamples in a pool of workers of this page, and makes what it finds small. */

import type { Exploration, ExploreJob, FoundFailure, SeedsOutcome } from './explore-job.ts';
import type { FromHunter, ToHunter } from './hunt-worker.ts';
import { StuckError, sweep, type Crew, type SweepProgress, type SweepResult } from './sweep.ts';

/** What is searched, and how far. */
export interface HuntOptions {
  readonly exploration: Exploration;
  /** Runs at most, one a seed. */
  readonly seeds: number;
  /** Failing seeds that are enough. */
  readonly failuresMax: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
}

/** A worker that says nothing for so long is in a loop: even long runs take a small part of it, in milliseconds. */
const SILENCE_MS = 20_000;
/** After it was told to stop, a worker has so long, in milliseconds. */
const STOP_GRACE_MS = 1500;
/** More workers take memory, and are no quicker on the machines of most people. */
const WORKERS_MAX = 8;

/** Searches. What was found until it is ended counts. */
export async function hunt(options: HuntOptions): Promise<SweepResult> {
  const { exploration, seeds, failuresMax, signal, onProgress } = options;
  const size = Math.max(1, Math.min(navigator.hardwareConcurrency, WORKERS_MAX, seeds));
  const crew = new PageCrew(exploration, size, signal);
  try {
    return await sweep(crew, { from: 1, to: seeds, failuresMax, signal, onProgress });
  } finally {
    crew.close();
  }
}

class PageCrew implements Crew {
  readonly size: number;
  readonly #exploration: Exploration;
  readonly #signal: AbortSignal;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  constructor(exploration: Exploration, size: number, signal: AbortSignal) {
    this.size = size;
    this.#exploration = exploration;
    this.#signal = signal;
  }

  async do(job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    const worker = this.#idle.pop() ?? this.#open();
    try {
      const outcome = await this.#ask(worker, job);
      this.#idle.push(worker);
      return outcome;
    } catch (error) {
      this.#end(worker);
      throw error;
    }
  }

  close(): void {
    for (const worker of this.#all) worker.terminate();
    this.#all.clear();
  }

  #open(): Worker {
    const worker = new Worker(new URL('./hunt-worker.ts', import.meta.url), { type: 'module' });
    this.#all.add(worker);
    tell(worker, { kind: 'explore', exploration: this.#exploration });
    return worker;
  }

  #end(worker: Worker): void {
    worker.terminate();
    this.#all.delete(worker);
  }

  #ask(worker: Worker, job: ExploreJob): Promise<SeedsOutcome | FoundFailure> {
    let seed = job.kind === 'seeds' ? job.from : job.seed;
    const listening = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const asked = new Promise<SeedsOutcome | FoundFailure>((resolve, reject) => {
      const watch = () => {
        clearTimeout(timer);
        // Making a run smaller is many runs, and says nothing meanwhile.
        if (job.kind === 'seeds')
          timer = setTimeout(() => reject(new StuckError(seed)), SILENCE_MS);
      };
      watch();
      const { signal } = listening;
      worker.addEventListener(
        'message',
        ({ data }: MessageEvent<FromHunter>) => {
          if (data.kind === 'done') resolve(data.outcome);
          else if (data.kind === 'problem') reject(new Error(data.text));
          else {
            ({ seed } = data);
            watch();
          }
        },
        { signal },
      );
      const failed = (event: ErrorEvent) => {
        event.preventDefault();
        reject(new Error(event.message || 'A worker of the search could not be loaded.'));
      };
      worker.addEventListener('error', failed, { signal });
      const stop = () => {
        tell(worker, { kind: 'stop' });
        clearTimeout(timer);
        timer = setTimeout(() => resolve(nothing), STOP_GRACE_MS);
      };
      if (this.#signal.aborted) return resolve(nothing);
      this.#signal.addEventListener('abort', stop, { signal });
      tell(worker, { kind: 'job', job });
    });
    return asked.finally(() => {
      clearTimeout(timer);
      listening.abort();
    });
  }
}

/** What comes of a job that was given up. */
const nothing: SeedsOutcome = {
  ...{ kind: 'seeds', seeds: 0, events: 0, faultsFired: {}, failures: [] },
};

function tell(worker: Worker, message: ToHunter): void {
  worker.postMessage(message);
}
