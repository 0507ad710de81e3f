/**
 * What every failure detector says to the layer above, and what it may be asked. An application is written against these words and
 * takes the detector itself as a value: [`swim`](swim/README.md) or [`phi_accrual`](phi_accrual/README.md).
 *
 * ```ts
 * const watchOver = (detector: DetectorClass) =>
 *   class extends defineAlgorithm('watch', { children: { detector } }) {
 *     handlers = this.on({});
 *     delivered = this.from({
 *       detector: { alive: ({ node }) => {}, suspect: ({ node }) => {}, dead: ({ node, left }) => {} },
 *     });
 *   };
 * ```
 *
 * No detector of an asynchronous network is right always: each of these makes up its mind, and changes it when it hears better. An
 * application must be able to live with a node that was called dead and is not.
 */

import * as v from 'valibot';
import type { AnyAlgorithm, AnyDefinition, ChildClass } from '../core/algorithm.ts';
import type { NodeContext } from '../core/context.ts';
import type { MachineAlgorithm } from '../core/machine-driver.ts';
import { cast, request } from '../core/message.ts';
import type { NodeId } from '../core/id.ts';

/** What a detector thinks of a node. */
export type Verdict = 'alive' | 'suspect' | 'dead';

/** One line of a detector's table. */
export const standing = v.object({
  node: v.string(),
  verdict: v.picklist(['alive', 'suspect', 'dead']),
  /** Whether it said goodbye; then it is `dead`. */
  left: v.boolean(),
});

/** What the layer above hears: every change of mind, once. */
export const detections = {
  /** It is there: heard of for the first time, or again. */
  alive: cast({ node: v.string() }),
  /** It may be gone. Time to prepare, too early to act. */
  suspect: cast({ node: v.string() }),
  /** It is gone; `left` when it said so itself. It may come back, and is `alive` then. */
  dead: cast({ node: v.string(), left: v.boolean() }),
};

/** What the layer above may ask and say. */
export const detectorCalls = {
  /** Everybody that it knows of, but for the node itself. */
  members: request({}, v.array(standing)),
  /**
   * From now on only these are watched and spoken to, for a layer above that keeps links to a few. All that the node can send to are,
   * unless this is said; others in the list are passed over.
   */
  watch: cast({ nodes: v.array(v.string()) }),
  /** The node goes away on purpose: the others are told, and need not wait until they miss it. */
  leave: cast({}),
};

/** A failure detector as a layer: put it under an application's `children`. */
export type DetectorClass = ChildClass & {
  readonly definition: AnyDefinition & { readonly delivers: typeof detections };
} & (new (
    context: NodeContext,
  ) => AnyAlgorithm & Pick<MachineAlgorithm<{}, {}, {}, typeof detectorCalls>, 'call'>);

/** Peers that are spoken to: those of `wanted` that can be. */
export function watchable(neighbours: readonly NodeId[], wanted: readonly NodeId[]): NodeId[] {
  const set = new Set(wanted);
  return neighbours.filter((id) => set.has(id));
}
