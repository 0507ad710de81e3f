/** What Paxos promises, and the lemmas on the way: `Paxos Made Simple`, Section 2.2. */

import type { NodeId } from '../../core/id.ts';
import type { GlobalView, Invariant, NodeView } from '../../core/invariant.ts';
import { firstOf, hasFinished, withState } from '../verdict.ts';
import { isHigher, isSame, shown, type Ballot, type Proposal } from './ballot.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly wanted: string | null;
  readonly promised: Ballot;
  readonly accepted: Proposal | null;
  readonly chosen: Proposal | null;
  readonly round: {
    readonly ballot: Ballot;
    readonly promises: Readonly<Record<NodeId, Proposal | null>>;
    readonly value: string | null;
    readonly acceptances: readonly NodeId[];
  } | null;
}

type View = GlobalView<VisibleState>;

/** A proposal, and where it was seen. */
interface Sighting {
  readonly id: NodeId;
  readonly proposal: Proposal;
}

/** Invariants of {@link Paxos}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Agreement: no two nodes hold different values to be chosen',
    check: (view) => {
      const [one, ...others] = decisions(view);
      const other = others.find(({ proposal }) => proposal.value !== one!.proposal.value);
      if (one === undefined || other === undefined) return undefined;
      return `${said(one)} is chosen, and ${said(other)}`;
    },
  },
  {
    name: 'Validity: what is chosen was proposed',
    check: (view) => {
      const wanted = new Set(withState(view).map(({ state }) => state.wanted));
      return firstOf(decisions(view), ({ id, proposal: { value } }) =>
        wanted.has(value) ? undefined : `${id} holds '${value}' to be chosen, and nobody wanted it`,
      );
    },
  },
  {
    name: 'In one ballot one value is proposed',
    check: (view) =>
      firstOf(proposals(view), (one) => {
        const other = proposals(view).find(
          ({ proposal: { ballot, value } }) =>
            isSame(ballot, one.proposal.ballot) && value !== one.proposal.value,
        );
        return other === undefined ? undefined : `${said(one)}, and ${said(other)}`;
      }),
  },
  {
    name: 'What is proposed in a higher ballot than a decision is what was decided',
    check: (view) =>
      firstOf(decisions(view), (decision) =>
        firstOf(proposals(view), (later) => {
          const { ballot, value } = decision.proposal;
          if (!isHigher(later.proposal.ballot, ballot)) return undefined;
          if (later.proposal.value === value) return undefined;
          return `${said(decision)} is chosen, and then ${said(later)}`;
        }),
      ),
  },
  {
    name: 'An acceptor accepts nothing above what it has promised',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { promised, accepted } }) => {
        if (accepted === null || !isHigher(accepted.ballot, promised)) return undefined;
        return `${id} accepted ${shown(accepted.ballot)} and promised ${shown(promised)}`;
      }),
  },
  {
    name: 'A node has done its part only when it knows what is chosen',
    check: (view) =>
      firstOf(withState(view), (node) => {
        if (!hasFinished(node) || node.state.chosen !== null) return undefined;
        return `${node.id} is ${node.status} and knows of no decision`;
      }),
  },
];

/** What nodes hold to be chosen. */
function decisions(view: View): Sighting[] {
  return withState(view).flatMap(({ id, state: { chosen } }) =>
    chosen === null ? [] : [{ id, proposal: chosen }],
  );
}

/** What was proposed, as far as anybody still knows of it. */
function proposals(view: View): Sighting[] {
  return withState(view).flatMap(
    ({ id, state: { accepted, chosen, round } }: NodeView<VisibleState>) => {
      const own = round?.value == null ? null : { ballot: round.ballot, value: round.value };
      return [accepted, chosen, own].flatMap((proposal) =>
        proposal === null ? [] : [{ id, proposal }],
      );
    },
  );
}

function said({ id, proposal: { ballot, value } }: Sighting): string {
  return `'${value}' in ballot ${shown(ballot)} (${id})`;
}
