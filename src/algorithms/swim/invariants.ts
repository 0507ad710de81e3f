/** What must be true at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/id.ts';
import { firstOf, withState } from '../verdict.ts';
import type { News } from './messages.ts';
import type { Standing } from './rules.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly awake: boolean;
  readonly incarnation: number;
  readonly left: boolean;
  readonly health: number;
  readonly members: Readonly<Record<NodeId, Standing>>;
  readonly accusers: Readonly<Record<NodeId, readonly NodeId[]>>;
  readonly probing: NodeId | null;
  readonly news: readonly (News & { readonly sends: number })[];
  readonly retransmit_limit: number;
  readonly probes: number;
  readonly unanswered: number;
  readonly refutations: number;
  readonly declared: number;
}

/** Invariants of {@link Swim}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Nobody is known by a greater incarnation than its own',
    check: (view) => {
      const nodes = withState(view);
      // Until a node that comes back has looked, nobody knows which life it is in.
      const awake = nodes.filter(({ state }) => state.awake);
      const own = new Map(awake.map(({ id, state }) => [id, state.incarnation]));
      return firstOf(nodes, ({ id, state }) =>
        firstOf(Object.entries(state.members), ([other, { incarnation }]) => {
          const most = own.get(other);
          return most === undefined || incarnation <= most
            ? undefined
            : `${id} knows ${other} in incarnation ${incarnation}, which is in its ${most}`;
        }),
      );
    },
  },
  {
    name: 'No news is told more often than its limit',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(state.news, ({ node, sends }) =>
          sends <= state.retransmit_limit
            ? undefined
            : `${id} has told ${sends} times of ${node}, not ${state.retransmit_limit} at most`,
        ),
      ),
  },
  {
    name: 'Whoever is suspected was accused, and nobody else',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.members), ([other, { status }]) =>
          (status === 'suspect') === Object.hasOwn(state.accusers, other)
            ? undefined
            : `${id} holds ${other} for ${status}, accused by ${String(state.accusers[other] ?? 'nobody')}`,
        ),
      ),
  },
  {
    name: 'Nobody is a member of its own table',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        Object.hasOwn(state.members, id) ? `${id} knows itself` : undefined,
      ),
  },
];
