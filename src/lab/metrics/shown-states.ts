/** What all nodes show, looked at when a bin is full and not after every event. */

import type { NodeId } from '../../core/id.ts';
import type { Value, ValueMap } from '../../core/value.ts';

/** Nodes beyond which nothing is taken: some measures look at every pair, and a page has other things to do. */
const NODES_MAX = 200;

/** Takes something of what the nodes show. */
export interface StateTaker {
  /** False when there is nothing to take: then nothing is kept for it. */
  readonly isWanted: boolean;
  /** The nodes showed this when the bin was full. */
  take(bin: number, states: ReadonlyMap<NodeId, ValueMap>): void;
}

/** The states of one run as they are now. */
export class ShownStates {
  readonly #takers: readonly StateTaker[];
  readonly #states = new Map<NodeId, ValueMap>();
  #bin = 0;
  #hasNews = false;

  constructor(takers: readonly StateTaker[]) {
    this.#takers = takers.filter(({ isWanted }) => isWanted);
  }

  /** Everything from here on belongs to this bin: the one before is full. A wider bin may have taken its place. */
  reach(bin: number): void {
    if (bin === this.#bin) return;
    this.take(bin);
    this.#bin = bin;
  }

  /** A node shows this now. */
  note(node: NodeId, state: Value): void {
    if (this.#takers.length === 0 || typeof state !== 'object' || state === null) return;
    if (Array.isArray(state) || state instanceof Uint8Array) return;
    this.#states.set(node, state as ValueMap);
    this.#hasNews = true;
  }

  /** A node is gone: what it showed last counts no more. */
  forget(node: NodeId): void {
    if (this.#states.delete(node)) this.#hasNews = true;
  }

  /** Everything so far is to be taken; `last` is the last bin that there is. */
  take(last: number): void {
    if (!this.#hasNews || this.#states.size > NODES_MAX) return;
    this.#hasNews = false;
    for (const taker of this.#takers) taker.take(Math.min(this.#bin, last), this.#states);
  }
}
