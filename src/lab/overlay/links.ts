/** The links of an overlay, read off the views as often as they are needed: they take no memory of their own. */

import type { OverlayEngine } from './engine.ts';

/** What was met on the way through all views. */
export interface Tally {
  /** Links to nodes that are gone. */
  readonly deadLinks: number;
  /** Filled slots of the views, and how many of them hold a Byzantine node. */
  readonly slots: number;
  readonly byzantineSlots: number;
}

/** The views of the living correct nodes, who are numbered anew. A peer that is twice in a view is one link. */
export class Links {
  /** Nodes that count. */
  readonly nodes: number;
  readonly #engine: OverlayEngine;
  readonly #numbers: Int32Array;
  readonly #metBy: Int32Array;

  constructor(engine: OverlayEngine) {
    const { alive, byzantine, nodes } = engine;
    this.#engine = engine;
    this.#numbers = new Int32Array(nodes).fill(-1);
    this.#metBy = new Int32Array(nodes);
    let count = 0;
    for (let node = byzantine; node < nodes; node++) {
      if (alive[node] === 1) this.#numbers[node] = count++;
    }
    this.nodes = count;
  }

  /** Tells every link, from who has it in its view to whom. */
  each(link: (from: number, to: number) => void): Tally {
    const { alive, byzantine, nodes, capacity } = this.#engine;
    const numbers = this.#numbers;
    const metBy = this.#metBy.fill(-1);
    let [deadLinks, slots, byzantineSlots] = [0, 0, 0];
    for (let node = byzantine; node < nodes; node++) {
      if (alive[node] === 0) continue;
      const base = node * capacity;
      for (let i = base; i < base + this.#engine.degree(node); i++) {
        const peer = this.#engine.peerAt(i);
        if (peer < 0) continue;
        slots++;
        if (peer < byzantine) byzantineSlots++;
        if (metBy[peer] === node || peer === node) continue;
        metBy[peer] = node;
        if (alive[peer] === 0) deadLinks++;
        else if (peer >= byzantine) link(numbers[node]!, numbers[peer]!);
      }
    }
    return { deadLinks, slots, byzantineSlots };
  }
}
