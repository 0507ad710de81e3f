/** Lives of a node in a trace: one that is restarted counts its events from 1 again. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';

/** Tells in which life of its node an event happened. */
export class Lives {
  readonly #nodes = new Map<NodeId, { life: number; last: number }>();

  /** The life of the next event, from 1. */
  take({ node, sequence }: TraceEvent): number {
    let known = this.#nodes.get(node);
    if (known === undefined) {
      known = { life: 1, last: 0 };
      this.#nodes.set(node, known);
    }
    // An onlooker's remarks (a violation) have no number of their own.
    if (sequence === 0) return known.life;
    if (sequence <= known.last) known.life++;
    known.last = sequence;
    return known.life;
  }

  /** How many lives a node has had. */
  of(node: NodeId): number {
    return this.#nodes.get(node)?.life ?? 0;
  }
}
