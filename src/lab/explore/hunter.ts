/** Whoever looks for counterexamples inside a worker: it learns what is searched, and then does one job after the other. */

import type { Chapter } from '../../core/chapter.ts';
import { messageOf } from '../../core/errors.ts';
import {
  doJob,
  type Exploration,
  type ExploreJob,
  type FoundFailure,
  type SeedsOutcome,
} from './explore-job.ts';

/** To the hunter: an exploration first, then jobs. */
export type ToHunter =
  | { readonly kind: 'explore'; readonly exploration: Exploration }
  | { readonly kind: 'job'; readonly job: ExploreJob }
  | { readonly kind: 'stop' };

/** From the hunter. */
export type FromHunter =
  /** A seed begins: the hunter is alive, and this is what it is at. */
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'done'; readonly outcome: SeedsOutcome | FoundFailure }
  | { readonly kind: 'problem'; readonly text: string };

/** One hunter. */
export class Hunter {
  readonly #find: (algorithm: string) => Promise<Chapter>;
  readonly #tell: (message: FromHunter) => void;
  readonly #stop = new AbortController();
  #exploration: Exploration | undefined;

  /** @param find the chapter that is searched */
  constructor(find: (algorithm: string) => Promise<Chapter>, tell: (message: FromHunter) => void) {
    this.#find = find;
    this.#tell = tell;
  }

  /** Does what it is told; whatever goes wrong is told, never thrown. */
  hear(message: ToHunter): void {
    if (message.kind === 'stop') this.#stop.abort();
    else if (message.kind === 'explore') this.#exploration = message.exploration;
    else void this.#work(message.job);
  }

  async #work(job: ExploreJob): Promise<void> {
    try {
      const exploration = this.#exploration!;
      const chapter = await this.#find(exploration.run.algorithm);
      const onSeed = (seed: number) => this.#tell({ kind: 'seed', seed });
      const outcome = await doJob(exploration, chapter, job, this.#stop.signal, onSeed);
      this.#tell({ kind: 'done', outcome });
    } catch (error) {
      this.#tell({ kind: 'problem', text: messageOf(error) });
    }
  }
}
