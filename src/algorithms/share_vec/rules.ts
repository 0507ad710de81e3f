/** The decisions of the application. */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';

/** With whom: anybody in the view. */
function choosePeer(view: readonly NodeId[], random: Random): NodeId | undefined {
  return view.length === 0 ? undefined : random.pick(view);
}

/** What the receiver has then: the mean of both vectors. The sender keeps its own, and that is what biases the whole. */
function averaged(own: readonly number[], received: readonly number[]): number[] {
  return own.map((value, at) => value / 2 + received[at]! / 2);
}

/** Rules of {@link ShareVec}. */
export const rules = { choosePeer, averaged };
