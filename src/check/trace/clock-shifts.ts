/**
 * How far the clocks of machines must be moved so that no message arrives before it was sent.
 *
 * Every message bounds the difference of two clocks: it may not arrive, on the moved clocks, earlier than it left. The bounds are a
 * system of difference constraints; Bellman and Ford's relaxation gives its least solution that moves clocks forward only. Clocks that
 * agree with all messages stay as they are.
 */

import type { NodeId } from '../../core/id.ts';

/** The quickest message of each pair of nodes, by the clocks as they are: negative when it seems to arrive before it was sent. */
export class QuickestMessages {
  readonly #quickestMs = new Map<NodeId, Map<NodeId, number>>();

  /** A message took so long, by the receiver's clock minus the sender's. */
  add(from: NodeId, to: NodeId, tookMs: number): void {
    if (from === to) return;
    let ofSender = this.#quickestMs.get(from);
    if (ofSender === undefined) this.#quickestMs.set(from, (ofSender = new Map<NodeId, number>()));
    const known = ofSender.get(to);
    if (known === undefined || tookMs < known) ofSender.set(to, tookMs);
  }

  /**
   * Milliseconds to add to the clock of each node; nodes without an entry stay as they are. Where clocks drift so much that nothing
   * suits every message, the result is as good as it gets.
   */
  shifts(): ReadonlyMap<NodeId, number> {
    const shifts = new Map<NodeId, number>();
    const shiftOf = (node: NodeId) => shifts.get(node) ?? 0;
    const nodes = new Set([...this.#quickestMs].flatMap(([from, to]) => [from, ...to.keys()]));
    for (let round = 0; round < nodes.size; round++) {
      let changed = false;
      for (const [from, ofSender] of this.#quickestMs) {
        for (const [to, tookMs] of ofSender) {
          const least = microseconds(shiftOf(from) - tookMs);
          if (least <= shiftOf(to)) continue;
          shifts.set(to, least);
          changed = true;
        }
      }
      if (!changed) break;
    }
    return shifts;
  }
}

/** Times are whole microseconds, as in every trace. */
export function microseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}
