/** How many make a quorum, and where none can be made. Everything rests on n ≥ 3f + 1. */

import { Misuse } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';

/** The most nodes that may be faulty among n: n ≥ 3f + 1. */
export function faultsMax(n: number): number {
  return Math.floor((n - 1) / 3);
}

/** Echoes for a ready: ⌈(n + f + 1)/2⌉, so that two quorums share more than f nodes. */
export function echoQuorum(n: number, f: number): number {
  return Math.ceil((n + f + 1) / 2);
}

/** Readies for a ready. */
export function amplification(f: number): number {
  return f + 1;
}

/** Readies for a delivery. */
export function deliveryQuorum(f: number): number {
  return 2 * f + 1;
}

/**
 * Refuses a place where the algorithm cannot work.
 *
 * @throws {RangeError} where the proof does not hold: too many faults, or nodes that cannot reach
 * one another
 */
export function checkPlace(
  id: NodeId,
  nodes: readonly NodeId[],
  neighbours: readonly NodeId[],
  f: number,
): void {
  if (nodes.length < 3 * f + 1) {
    throw new Misuse(
      `f: ${f} needs ${3 * f + 1} nodes (n ≥ 3f + 1); there are ${nodes.length}, so f may be at ` +
        `most ${faultsMax(nodes.length)}`,
    );
  }
  const missing = nodes.filter((node) => node !== id && !neighbours.includes(node));
  if (missing.length > 0) {
    throw new Misuse(
      `bracha wants every node to be everybody's neighbour; ${id} lacks ${missing.join(', ')}. ` +
        `Leave 'neighbours' out, or put a reliable communication layer underneath.`,
    );
  }
}
