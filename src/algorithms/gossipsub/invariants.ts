/** What must be true at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { commonInvariants } from '../dissemination/invariants.ts';
import type { CommonVisible } from '../dissemination/visible.ts';
import { firstOf, withState } from '../verdict.ts';
import type { ControlCounts } from './state.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends CommonVisible {
  readonly mesh: Readonly<Record<string, readonly NodeId[]>>;
  readonly fanout: Readonly<Record<string, readonly NodeId[]>>;
  /** Peers in the largest mesh at the last heartbeat, when those that were too many had gone. */
  readonly largest: number;
  readonly D_high: number;
  /** Scores that are not 0. */
  readonly scores: Readonly<Record<NodeId, number>>;
  readonly kept: number;
  readonly control: ControlCounts;
}

/** Who is in a mesh belongs there. */
export const MESH_OF_MEMBERS = 'A mesh consists of members of its topic, as far as one can know';
/** Meshes are small. */
export const MESH_IN_BOUNDS = 'A heartbeat leaves no mesh larger than D_high';

/** Invariants of {@link Gossipsub}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  ...commonInvariants,
  {
    name: MESH_OF_MEMBERS,
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.mesh), ([topic, mesh]) => {
          if (state.topics[topic]?.joined !== true)
            return `${id} has a mesh of ${topic}, and left it`;
          const stranger = mesh.find((peer) => state.peers[peer]?.includes(topic) !== true);
          return stranger === undefined
            ? undefined
            : `${stranger} is in the mesh of ${id}, and not in ${topic}`;
        }),
      ),
  },
  {
    name: MESH_IN_BOUNDS,
    check: (view) =>
      firstOf(withState(view), ({ id, state: { largest, D_high } }) =>
        largest <= D_high ? undefined : `a mesh of ${id} has ${largest} peers, more than ${D_high}`,
      ),
  },
];
