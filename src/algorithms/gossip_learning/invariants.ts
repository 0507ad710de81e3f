/** What must be true of all learners at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';
import type { LearningState } from './gossip-learning.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends LearningState {
  readonly view: readonly NodeId[];
  /** Whom its failure detector has given up, where it has one. */
  readonly missed?: readonly NodeId[];
  readonly cycle: number;
}

/** Invariants of {@link GossipLearning}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Models stay small',
    check: (view) => {
      if (view.nodes.some(({ fault }) => fault === 'byzantine')) return undefined;
      return firstOf(withState(view), ({ id, state: { model } }) => {
        const large = model.find((weight) => !(Math.abs(weight) <= WEIGHT_MAX));
        return large === undefined ? undefined : `${id} has a weight of ${large}`;
      });
    },
  },
  {
    name: 'A model is merged once for each time that it was sent',
    check: (view) => {
      const nodes = withState(view);
      const sent = new Map(nodes.map(({ id, state }) => [id, state.sent]));
      return firstOf(nodes, ({ id, state }) =>
        firstOf(Object.entries(state.heard), ([from, { merges }]) => {
          const times = sent.get(from)?.[id] ?? 0;
          if (merges <= times || !sent.has(from)) return undefined;
          return `${id} has merged ${merges} models of ${from}, who sent it ${times}`;
        }),
      );
    },
  },
  {
    name: 'Every exchange ends once',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const { asked, answered, cancelled, given_up, awaited } = state;
        const ended = answered + cancelled + given_up + awaited.length;
        if (ended === asked) return undefined;
        return `${id} asked ${asked} times, and ${ended} of them were answered, cancelled, given up or wait`;
      }),
  },
];

/** With features of size 1 and some decay no weight comes near to it. */
const WEIGHT_MAX = 1000;
