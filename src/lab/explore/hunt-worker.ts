/** Entry of a worker that looks for counterexamples in a page: it loads the chapter, and then does one job after the other. */

import { messageOf } from '../../core/errors.ts';
import { pageChapter } from '../page-chapters.ts';
import {
  doJob,
  type Exploration,
  type ExploreJob,
  type FoundFailure,
  type SeedsOutcome,
} from './explore-job.ts';

/** To the worker: an exploration first, then jobs. */
export type ToHunter =
  | { readonly kind: 'explore'; readonly exploration: Exploration }
  | { readonly kind: 'job'; readonly job: ExploreJob }
  | { readonly kind: 'stop' };

/** From the worker. */
export type FromHunter =
  /** A seed begins: the worker is alive, and this is what it is at. */
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'done'; readonly outcome: SeedsOutcome | FoundFailure }
  | { readonly kind: 'problem'; readonly text: string };

const stop = new AbortController();
let exploration: Exploration | undefined;

globalThis.onmessage = ({ data }: MessageEvent<ToHunter>) => {
  if (data.kind === 'stop') stop.abort();
  else if (data.kind === 'explore') exploration = data.exploration;
  else void work(data.job);
};

async function work(job: ExploreJob): Promise<void> {
  try {
    const { chapter } = await pageChapter(exploration!.run.algorithm);
    const onSeed = (seed: number) => tell({ kind: 'seed', seed });
    const outcome = await doJob(exploration!, chapter, job, stop.signal, onSeed);
    tell({ kind: 'done', outcome });
  } catch (error) {
    tell({ kind: 'problem', text: messageOf(error) });
  }
}

function tell(message: FromHunter): void {
  postMessage(message);
}
