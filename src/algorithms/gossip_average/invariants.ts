/** What must be true of all values at every moment: nothing is lost and nothing is made, in whatever order messages come. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant, NodeView } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';
import type { AverageState } from './gossip-average.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends AverageState {
  readonly view: readonly NodeId[];
  /** Whom its failure detector has given up, where it has one. */
  readonly missed?: readonly NodeId[];
  readonly cycle: number;
}

type Nodes = readonly NodeView<VisibleState>[];

/** What rounding may do to a sum, as a part of what was added up. */
const ROUNDING = 1e-9;

/** Invariants of {@link GossipAverage}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'The mean stays what it was',
    check: (view) => {
      const nodes = withState(view);
      if (!isComplete(nodes, view.nodes.length)) return undefined;
      const { sum, size } =
        nodes[0]!.state.exchange === 'pushpull' ? pairSum(nodes) : shareSum(nodes);
      const expected = total(nodes, ({ initial }) => initial);
      if (Math.abs(sum - expected) <= ROUNDING * size) return undefined;
      return `the values add up to ${sum}, and began with ${expected}`;
    },
  },
  {
    name: 'No weight is lost',
    check: (view) => {
      const nodes = withState(view);
      if (!isComplete(nodes, view.nodes.length)) return undefined;
      const { weight } = shareSum(nodes);
      if (Math.abs(weight - nodes.length) <= ROUNDING * nodes.length) return undefined;
      return `the weights of ${nodes.length} nodes add up to ${weight}`;
    },
  },
  {
    name: 'Every value lies among those that the nodes began with',
    check: (view) => {
      const nodes = withState(view);
      if (!isComplete(nodes, view.nodes.length)) return undefined;
      const initial = nodes.map(({ state }) => state.initial);
      const [low, high] = [Math.min(...initial), Math.max(...initial)];
      const slack = ROUNDING * Math.max(1, Math.abs(low), Math.abs(high));
      return firstOf(nodes, ({ id, state: { value } }) =>
        value >= low - slack && value <= high + slack
          ? undefined
          : `${id} has ${value}, and all began between ${low} and ${high}`,
      );
    },
  },
];

/** Where somebody lies, or has given up an exchange that may have happened, nothing can be said; and before all have begun neither. */
function isComplete(nodes: Nodes, count: number): boolean {
  const [first] = nodes;
  return (
    first !== undefined &&
    nodes.length === count &&
    nodes.every(({ state }) => state.given_up === 0 && state.exchange === first.state.exchange)
  );
}

/** All values, and what those who wait for an answer will gain or lose by one that has been given. */
function pairSum(nodes: Nodes): { readonly sum: number; readonly size: number } {
  const states = new Map(nodes.map(({ id, state }) => [id, state]));
  const owed = nodes.map(({ id, state: { pending, value } }) => {
    const answer = pending === null ? undefined : states.get(pending.peer)?.answered[id];
    const isAccepted = answer?.number === pending?.number && typeof answer?.value === 'number';
    return isAccepted ? (answer.value - value) / 2 : 0;
  });
  return {
    sum: total(nodes, ({ value }) => value) + owed.reduce((all, one) => all + one, 0),
    size: sizeOf(nodes),
  };
}

/** All sums and weights, and what was given and has not been got. */
function shareSum(nodes: Nodes) {
  const all = (key: 'sum' | 'weight') =>
    total(nodes, (state) => {
      const given = Object.values(state.given).reduce((sum, one) => sum + one[key], 0);
      const got = Object.values(state.got).reduce((sum, one) => sum + one[key], 0);
      return state[key] + given - got;
    });
  return { sum: all('sum'), weight: all('weight'), size: sizeOf(nodes) };
}

function total(nodes: Nodes, of: (state: VisibleState) => number): number {
  return nodes.reduce((sum, { state }) => sum + of(state), 0);
}

function sizeOf(nodes: Nodes): number {
  return total(nodes, ({ initial }) => 1 + Math.abs(initial));
}
