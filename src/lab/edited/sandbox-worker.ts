/** Entry of the worker in which edited code is simulated and searched: of an origin of its own, without network and without the lab's storage. */

import { chapterFrom, type ModuleExports } from '../chapters.ts';
import type { Chapter } from '../../core/chapter.ts';
import { Hunter } from '../explore/hunter.ts';
import { runSimulation } from '../run-simulation.ts';
import type { FromSandbox, ToSandbox } from './sandbox.ts';
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

/** Where the page speaks to us: it sends the code first. */
function begin(port: MessagePort): void {
  const tell = (message: FromSandbox) => port.postMessage(message);
  let found: Promise<ModuleExports> | undefined;
  const find = async (algorithm: string): Promise<Chapter> => chapterFrom(await found!, algorithm);
  const hunter = new Hunter(find, tell);
  port.onmessage = ({ data }: MessageEvent<ToSandbox>) => {
    switch (data.kind) {
      case 'code':
        setInterval(() => tell({ kind: 'alive' }), ALIVE_MS);
        tell({ kind: 'alive' });
        found = evaluate(data.code, page);
        // Whoever asks for the chapter hears of it.
        found.catch(() => {});
        return;
      case 'run':
        return void runSimulation(() => find(data.linked.algorithm), data, tell, controller.signal);
      case 'stop':
        controller.abort();
        return hunter.hear(data);
      case 'explore':
      case 'job':
        hunter.hear(data);
    }
  };
}

const early = (globalThis as { readonly port?: MessagePort }).port;
if (early !== undefined) begin(early);
else globalThis.onmessage = ({ ports: [port] }: MessageEvent) => begin(port!);
