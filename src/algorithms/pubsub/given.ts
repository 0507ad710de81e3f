/** To whom something was handed on lately: a neighbour that is slow must not be given the same again and again, for that makes it slower. */

import type { NodeId } from '../../core/id.ts';
import type { StreamId } from './streams.ts';

/** What was handed on, by neighbour. */
export class Given {
  readonly #patienceMs: number;
  readonly #last = new Map<NodeId, { readonly sum: number; readonly atMs: number }>();
  /** How far neighbours had come when they asked last. */
  readonly #asked = new Map<
    NodeId,
    { readonly have: Readonly<Record<StreamId, number>>; readonly atMs: number }
  >();

  /** @param patienceMs how long one waits for a neighbour to come further before it is given the same again */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /**
   * What a neighbour that asks lacks and is not about to get: where it has come further since it asked last, more is on its way to it, and sending that
   * once more would only make it slower. Returns how far it has come as if that had come.
   */
  stuckAt(
    node: NodeId,
    have: Readonly<Record<StreamId, number>>,
    nowMs: number,
  ): Readonly<Record<StreamId, number>> {
    const before = this.#asked.get(node);
    this.#asked.set(node, { have, atMs: nowMs });
    if (before === undefined || nowMs - before.atMs > this.#patienceMs) return have;
    const moved = Object.entries(have).map(([stream, number]) => {
      const known = before.have[stream];
      return [stream, known !== undefined && number > known ? Infinity : number] as const;
    });
    return Object.fromEntries(moved);
  }

  /** Whether a neighbour that has come so far may be given what it lacks; then it counts as given. */
  mayGive(node: NodeId, have: Readonly<Record<StreamId, number>>, nowMs: number): boolean {
    const sum = Object.values(have).reduce((total, number) => total + number, 0);
    const last = this.#last.get(node);
    const isSame = last !== undefined && last.sum === sum && nowMs - last.atMs < this.#patienceMs;
    if (isSame) return false;
    this.#last.set(node, { sum, atMs: nowMs });
    return true;
  }
}
