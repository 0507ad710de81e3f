/** The workers that this page simulates in. One may stand ready, so that whoever presses something need not wait for code. */

import { hostOf, type WorkerHost } from './live/worker-host.ts';
import type { FromSimulation } from './run-simulation.ts';
import type { Preparation, ToSimulation } from './simulation-worker.ts';

type Host = WorkerHost<ToSimulation | Preparation, FromSimulation>;

let spare: Host | undefined;

/** A worker that has run nothing: the one that stands ready, if there is one. */
export function openWorker(): Host {
  const host = spare ?? newWorker();
  spare = undefined;
  return host;
}

/** Lets a worker stand ready that has the code of a chapter. */
export function prepareWorker(algorithm: string): void {
  if (spare === undefined) {
    const host = newWorker();
    // One that could not be loaded helps nobody: the next attempt says why.
    host.onproblem = () => {
      if (spare === host) spare = undefined;
    };
    spare = host;
  }
  spare.post({ kind: 'prepare', algorithm });
}

/** A worker of its own for what nobody waits for. */
export function newWorker(): Host {
  return hostOf(new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' }));
}
