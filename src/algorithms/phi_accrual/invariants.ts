/** What must be true at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/id.ts';
import type { Verdict } from '../failure-detector.ts';
import { firstOf, withState } from '../verdict.ts';

/** What a node shows of a peer. */
export interface VisiblePeer {
  readonly verdict: Verdict;
  readonly left: boolean;
  readonly life: number;
  readonly beat: number;
  readonly counted: number;
  readonly intervals: number;
  /** Absent before there are two intervals. */
  readonly mean_ms?: number;
  readonly deviation_ms?: number;
}

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly awake: boolean;
  readonly life: number;
  readonly beat: number;
  readonly left: boolean;
  readonly declared: number;
  readonly window_size: number;
  readonly peers: Readonly<Record<NodeId, VisiblePeer>>;
}

/** Invariants of {@link PhiAccrual}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'No heartbeat is counted twice',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.peers), ([peer, { counted, beat }]) =>
          counted <= beat
            ? undefined
            : `${id} has counted ${counted} heartbeats of ${peer}, which is at its number ${beat}`,
        ),
      ),
  },
  {
    name: 'Nobody has heard a heartbeat that was not sent',
    check: (view) => {
      const nodes = withState(view);
      const sent = new Map(nodes.map(({ id, state }) => [id, state]));
      return firstOf(nodes, ({ id, state }) =>
        firstOf(Object.entries(state.peers), ([peer, { life, beat }]) => {
          const own = sent.get(peer);
          // Until a node that comes back has looked, nobody knows which life it is in.
          if (own === undefined || !own.awake || life < own.life) return undefined;
          return life === own.life && beat <= own.beat
            ? undefined
            : `${id} has heard ${life}/${beat} of ${peer}, which is at ${own.life}/${own.beat}`;
        }),
      );
    },
  },
  {
    name: 'No window is larger than it may be',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.peers), ([peer, { intervals }]) =>
          intervals <= state.window_size
            ? undefined
            : `${id} remembers ${intervals} intervals of ${peer}`,
        ),
      ),
  },
];
