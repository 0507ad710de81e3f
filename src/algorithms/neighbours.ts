/** No sampling at all: the view is the list of neighbours that the configuration gives. What nodemanager calls a static topology. */

import { defineAlgorithm } from '../core/algorithm.ts';

/** A layer that sends nothing: its view is whom the node can send to, and never changes. */
export class Neighbours extends defineAlgorithm('neighbours', { service: true }) {
  handlers = this.on({});

  override state() {
    return this.report();
  }

  override report() {
    return { view: [...this.peers.keys()] };
  }
}
