/**
 * Thread that ends the process when an algorithm never comes back from its code: see watchdog.ts.
 *
 * Plain JavaScript, because threads do not inherit the translation of TypeScript.
 */

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** @type {{ shared: SharedArrayBuffer, nodes: readonly string[], limitMs: number }} */
const { shared, nodes, limitMs } = workerData;
const cells = new Int32Array(shared);

let seen = -1;
let sinceMs = performance.now();

setInterval(() => {
  const beats = Atomics.load(cells, 0);
  if (beats !== seen) {
    seen = beats;
    sinceMs = performance.now();
  } else if (performance.now() - sinceMs >= limitMs) {
    const node = nodes[Atomics.load(cells, 1)] ?? 'a node';
    const seconds = Math.round(limitMs / 1000);
    writeSync(
      2,
      `error: ${node} has not come back from its code for ${seconds} s: is there a loop without end?\n` +
        'Nothing else can run meanwhile, not even Ctrl-C, so the run was ended by force.\n',
    );
    process.kill(process.pid, 'SIGKILL');
  }
}, limitMs / 10);
