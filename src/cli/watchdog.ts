/**
 * Ends a simulation that hangs in one step. All nodes share this thread: a loop without end in one of them stops time for all, and
 * no signal is heard either. (Live nodes have threads of their own, and a page that ends them.)
 */

import { Worker } from 'node:worker_threads';
import type { NodeId } from '../core/id.ts';

/** No step of an algorithm takes so long; and nobody should wait much longer to be told. */
const STUCK_MS = 10_000;

/** How often this thread shows that it is alive. */
const BEAT_MS = 200;

/** Watches from its making until it is closed. */
export class Watchdog {
  readonly #cells = new Int32Array(new SharedArrayBuffer(8));
  readonly #places: ReadonlyMap<NodeId, number>;
  readonly #thread: Worker;
  readonly #timer: NodeJS.Timeout;

  constructor(nodes: readonly NodeId[]) {
    this.#places = new Map(nodes.map((id, place) => [id, place]));
    const workerData = { shared: this.#cells.buffer, nodes, limitMs: STUCK_MS };
    this.#thread = new Worker(new URL('./stuck-watch.js', import.meta.url), { workerData });
    this.#thread.unref();
    this.#timer = setInterval(() => Atomics.add(this.#cells, 0, 1), BEAT_MS);
  }

  /** Something happened at this node: if the next step hangs, it is probably its. */
  sees(node: NodeId): void {
    this.#cells[1] = this.#places.get(node) ?? -1;
  }

  close(): void {
    clearInterval(this.#timer);
    void this.#thread.terminate();
  }
}
