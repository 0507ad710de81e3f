/** What a thread of an exploration does: it loads the algorithm, and then one job after the other. */

import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import {
  doJob,
  type Exploration,
  type ExploreJob,
  type FoundFailure,
  type SeedsOutcome,
} from '../../lab/explore/explore-job.ts';
import { locateChapter } from '../chapters.ts';

/** What a thread is made with. */
export interface ThreadData {
  readonly exploration: Exploration;
  readonly workingDirectory: string;
  /** How often the thread showed that it is alive, and which seed it is at, as two halves. */
  readonly cells: SharedArrayBuffer;
}

/** To a thread. */
export type ToThread = ExploreJob | { readonly kind: 'stop' };

/** From a thread. */
export type FromThread =
  | { readonly kind: 'done'; readonly outcome: SeedsOutcome | FoundFailure }
  | { readonly kind: 'problem'; readonly text: string };

/** How often a thread shows that it is alive. */
const BEAT_MS = 100;

const { exploration, workingDirectory, cells } = workerData as ThreadData;
const seen = new Int32Array(cells);
const stop = new AbortController();
setInterval(() => Atomics.add(seen, 0, 1), BEAT_MS).unref();

const located = locateChapter(exploration.run.algorithm, workingDirectory);

parentPort!.on('message', (message: ToThread) => {
  if (message.kind === 'stop') stop.abort();
  else void work(message);
});

async function work(job: ExploreJob): Promise<void> {
  try {
    const { chapter } = await located;
    const outcome = await doJob(exploration, chapter, job, stop.signal, (seed) => {
      seen[1] = Math.floor(seed / HALF);
      seen[2] = seed % HALF;
    });
    tell({ kind: 'done', outcome });
  } catch (error) {
    tell({ kind: 'problem', text: messageOf(error) });
  }
}

/** Seeds are up to 53 bits long, and a cell has 32. */
export const HALF = 2 ** 30;

function tell(message: FromThread): void {
  parentPort!.postMessage(message);
}
