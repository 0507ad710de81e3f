/** What must be true at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/id.ts';
import { firstOf, withState } from '../verdict.ts';
import { commonPrefix, positionOf } from './positions.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly k: number;
  readonly alpha: number;
  /** Contacts by the bits that they have in common with the node. */
  readonly buckets: Readonly<Record<string, readonly NodeId[]>>;
  readonly searches: readonly {
    readonly kind: string;
    readonly asking: number;
    readonly known: number;
  }[];
  readonly values: readonly string[];
  readonly providers: readonly string[];
  readonly found: Readonly<Record<string, string | null>>;
  /** The rooms that the node is in, with the others who were found there. */
  readonly rooms: Readonly<Record<string, readonly NodeId[]>>;
  readonly lookups: number;
  readonly asked: number;
  readonly unanswered: number;
  readonly depth_max: number;
}

/** Invariants of {@link Kademlia}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'No bucket is larger than k',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.buckets), ([bucket, peers]) =>
          peers.length <= state.k
            ? undefined
            : `${id} knows ${peers.length} at distance ${bucket}, not ${state.k}`,
        ),
      ),
  },
  {
    name: 'Every contact lies in the bucket of its distance',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.buckets), ([bucket, peers]) =>
          firstOf(peers, (peer) => {
            const distance = commonPrefix(positionOf(id), positionOf(peer));
            return distance === Number(bucket)
              ? undefined
              : `${id} keeps ${peer} in bucket ${bucket}, and it belongs to ${distance}`;
          }),
        ),
      ),
  },
  {
    name: 'No lookup asks more than α at once',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(state.searches, ({ asking }) =>
          asking <= state.alpha ? undefined : `${id} asks ${asking} at once, not ${state.alpha}`,
        ),
      ),
  },
  {
    name: 'Nobody is its own contact',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        Object.values(state.buckets).flat().includes(id) ? `${id} knows itself` : undefined,
      ),
  },
];
