/** Entry of the worker in which a page simulates: an algorithm that never yields cannot freeze the page. */

import { pageChapter } from './page/page-chapters.ts';
import { runSimulation, type FromSimulation, type SimulationOrder } from './run-simulation.ts';

/** To the worker. */
export type ToSimulation = ({ readonly kind: 'run' } & SimulationOrder) | { readonly kind: 'stop' };

/** To a worker that has nothing to do yet: which chapter it will run, so that it has the code by then. */
export interface Preparation {
  readonly kind: 'prepare';
  readonly algorithm: string;
}

const controller = new AbortController();

globalThis.onmessage = ({ data }: MessageEvent<ToSimulation | Preparation>) => {
  if (data.kind === 'stop') return controller.abort();
  // Whoever runs it is told when it cannot be loaded.
  if (data.kind === 'prepare') return void pageChapter(data.algorithm).catch(() => {});
  const find = async () => (await pageChapter(data.linked.algorithm)).chapter;
  return void runSimulation(find, data, tell, controller.signal);
};

function tell(message: FromSimulation): void {
  postMessage(message);
}
