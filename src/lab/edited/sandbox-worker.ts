/** Entry of the worker in which edited code is simulated: of an origin of its own, without network and without the lab's storage. */

import { chapterFrom, type ModuleExports } from '../chapters.ts';
import { runSimulation, type FromSimulation } from '../run-simulation.ts';
import type { ToSandbox } from './sandbox.ts';
import { evaluate, type PageModules } from './module-room.ts';

/** Between two signs of life, in milliseconds: code that never yields gives none. */
const ALIVE_MS = 1000;

const HERE = '../../';

/** What edited code may import. */
const page: PageModules = {
  ...Object.fromEntries(
    Object.entries(
      import.meta.glob<ModuleExports>(['../../core/**/*.ts', '../../algorithms/**/*.ts']),
    ).map(([path, load]) => [path.replace(HERE, 'src/'), load]),
  ),
  '@parley-lab/parley': () => import('@parley-lab/parley'),
  valibot: () => import('valibot'),
};

const controller = new AbortController();

/** Where the page speaks to us. */
function begin(port: MessagePort): void {
  const tell = (message: FromSimulation) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<ToSandbox>) => {
    if (data.kind === 'stop') return controller.abort();
    setInterval(() => tell({ kind: 'alive' }), ALIVE_MS);
    const find = async () => chapterFrom(await evaluate(data.code, page), data.linked.algorithm);
    return void runSimulation(find, data, tell, controller.signal);
  };
}

const early = (globalThis as { readonly port?: MessagePort }).port;
if (early !== undefined) begin(early);
else globalThis.onmessage = ({ ports: [port] }: MessageEvent) => begin(port!);
