/** Atomic commitment, AC1 to AC3 of Bernstein, Hadzilacos and Goodman (1987), Section 7.3. */

import type { NodeId } from '../../core/id.ts';
import type { GlobalView, Invariant, NodeView } from '../../core/invariant.ts';
import { firstOf, hasFinished, withState } from '../verdict.ts';
import type { Phase } from './rules.ts';

/** What a node of this chapter shows of itself. */
export type VisibleState =
  | { readonly role: 'participant'; readonly phase: Phase | null }
  | {
      readonly role: 'coordinator';
      readonly phase: Phase | null;
      readonly yes: readonly NodeId[];
      readonly acks: readonly NodeId[];
    };

/** Invariants of {@link TwoPhaseCommit}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Atomicity: no node commits what another aborts',
    check: (view) => {
      const committed = inPhase(view, 'committed')[0];
      const aborted = inPhase(view, 'aborted')[0];
      if (committed === undefined || aborted === undefined) return undefined;
      return `${committed.id} has committed, and ${aborted.id} has aborted`;
    },
  },
  {
    name: 'Nobody commits unless every participant has voted yes',
    check: (view) => {
      const committed = inPhase(view, 'committed')[0];
      const undecided = inPhase(view, 'working').find(({ state }) => state.role === 'participant');
      if (committed === undefined || undecided === undefined) return undefined;
      return `${committed.id} has committed, and ${undecided.id} has not voted`;
    },
  },
  {
    name: 'The coordinator commits before anybody else',
    check: (view) => {
      const coordinator = withState(view).find(({ state }) => state.role === 'coordinator');
      const phase = coordinator?.state.phase ?? null;
      const other = inPhase(view, 'committed')[0];
      if (phase === null || phase === 'committed' || other === undefined) return undefined;
      return `${other.id} has committed, and ${coordinator!.id} is ${phase}`;
    },
  },
  {
    name: 'A node has done its part only when the transaction is over for it',
    check: (view) =>
      firstOf(withState(view), (node) => {
        const { phase } = node.state;
        if (!hasFinished(node) || phase === 'committed' || phase === 'aborted') return undefined;
        return `${node.id} is ${node.status} and ${phase}`;
      }),
  },
];

function inPhase(view: GlobalView<VisibleState>, phase: Phase): NodeView<VisibleState>[] {
  return withState(view).filter(({ state }) => state.phase === phase);
}
