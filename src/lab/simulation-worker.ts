/** Entry of the worker in which a page simulates: an algorithm that never yields cannot freeze the page. */

import { pageChapter } from './page/page-chapters.ts';
import { runSimulation, type FromSimulation, type SimulationOrder } from './run-simulation.ts';

/** To the worker. */
export type ToSimulation = ({ readonly kind: 'run' } & SimulationOrder) | { readonly kind: 'stop' };

const controller = new AbortController();

globalThis.onmessage = ({ data }: MessageEvent<ToSimulation>) => {
  if (data.kind === 'stop') return controller.abort();
  const find = async () => (await pageChapter(data.linked.algorithm)).chapter;
  return void runSimulation(find, data, tell, controller.signal);
};

function tell(message: FromSimulation): void {
  postMessage(message);
}
