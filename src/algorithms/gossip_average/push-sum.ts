/**
 * Push-sum (Kempe, Dobra and Gehrke, 2003): a node has a sum and a weight, and gives half of both away in each cycle; sum over weight is
 * its estimate. Nobody has to wait for an answer.
 *
 * A lost message would take its halves with it. So a message says what this node has given to that one altogether (running sums: Hadjicostis,
 * Vaidya and Domínguez-García, 2016): the next one that arrives makes up for those that did not, and a doubled one brings nothing new.
 */

import type { NodeId } from '../../core/id.ts';

/** What went from one node to another altogether, and in how many messages. */
export interface Total {
  readonly number: number;
  readonly sum: number;
  readonly weight: number;
}

/** What a node has, has given and has got. */
export interface PushSum {
  sum: number;
  weight: number;
  readonly given: Map<NodeId, Total>;
  readonly got: Map<NodeId, Total>;
}

const NOTHING: Total = { number: 0, sum: 0, weight: 0 };

/** A node that has given and got nothing. */
export function pushSum(value: number): PushSum {
  return { sum: value, weight: 1, given: new Map(), got: new Map() };
}

/** What the node takes the mean to be. */
export function estimateOf({ sum, weight }: PushSum): number {
  return sum / weight;
}

/** Gives half of everything to a peer: what it is to be told. */
export function giveHalf(state: PushSum, peer: NodeId): Total {
  const before = state.given.get(peer) ?? NOTHING;
  const [sum, weight] = [state.sum / 2, state.weight / 2];
  state.sum -= sum;
  state.weight -= weight;
  const total = {
    number: before.number + 1,
    sum: before.sum + sum,
    weight: before.weight + weight,
  };
  state.given.set(peer, total);
  return total;
}

/** What is new in a total, compared with what came from this peer before; undefined for one that is old. */
export function newIn(before: Total | undefined, total: Total): Total | undefined {
  const { number, sum, weight } = before ?? NOTHING;
  if (total.number <= number) return undefined;
  return { number: total.number, sum: total.sum - sum, weight: total.weight - weight };
}

/** Takes what a peer has given. */
export function take(
  state: PushSum,
  from: NodeId,
  total: Total,
  rules: { readonly newIn: typeof newIn },
): void {
  const fresh = rules.newIn(state.got.get(from), total);
  if (fresh === undefined) return;
  state.got.set(from, total);
  state.sum += fresh.sum;
  state.weight += fresh.weight;
}
