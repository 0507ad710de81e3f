/**
 * Push-pull averaging: two nodes exchange their values, and both have the mean of them (Jelasity, Montresor and Babaoglu, 2005). What one
 * gains the other loses, so the mean of all stays what it is, provided that the exchange happens as a whole: at both ends once, or at none.
 */

import type { NodeId } from '../../core/id.ts';

/** An exchange that a node has offered and that is not answered yet. */
export interface Pending {
  readonly peer: NodeId;
  readonly number: number;
  /** Cycles that it has waited. */
  waited: number;
}

/** What a node last answered to a peer: the value that it had, or null when it refused. */
export interface Answered {
  readonly number: number;
  readonly value: number | null;
}

/** What a node knows of its exchanges. */
export interface PushPull {
  value: number;
  pending: Pending | null;
  /** The last answer to each peer: who asks again under the same number hears the same. */
  readonly answered: Map<NodeId, Answered>;
  /** Offers made. */
  offers: number;
  /** Offers of its own that were accepted. */
  exchanges: number;
  /** Offers of others that came while it waited itself. */
  refused: number;
  /** Offers that it gave up, not knowing whether they were accepted. */
  givenUp: number;
}

/** A node that has exchanged nothing. */
export function pushPull(value: number): PushPull {
  return {
    ...{ value, pending: null, answered: new Map() },
    ...{ offers: 0, exchanges: 0, refused: 0, givenUp: 0 },
  };
}

/** The mean of two values; halved first, so that the sum cannot overflow. */
export function meanOf(a: number, b: number): number {
  return a / 2 + b / 2;
}

/** A node that waits for an answer must keep its value: it can accept nothing meanwhile. */
export function canAccept({ pending }: PushPull): boolean {
  return pending === null;
}

/** What was answered to this very offer before; undefined when it is new, null when it is older than the last one. */
export function answerBefore(
  { answered }: PushPull,
  from: NodeId,
  number: number,
): Answered | null | undefined {
  const last = answered.get(from);
  if (last === undefined || last.number < number) return undefined;
  return last.number === number ? last : null;
}

/** Answers an offer, and takes the mean when it accepts; undefined for one that is so old that nobody waits for an answer. */
export function answerTo(
  state: PushPull,
  from: NodeId,
  offer: { readonly number: number; readonly value: number },
  rules: AverageRules,
): Answered | undefined {
  const before = rules.answerBefore(state, from, offer.number);
  if (before === null) return undefined;
  if (before !== undefined) return before;
  const accepts = rules.canAccept(state);
  const answer = { number: offer.number, value: accepts ? state.value : null };
  state.answered.set(from, answer);
  if (accepts) state.value = rules.meanOf(state.value, offer.value);
  else state.refused++;
  return answer;
}

/** Takes an answer to the offer under way; any other is late, and was dealt with. */
export function takeAnswer(
  state: PushPull,
  from: NodeId,
  { number, value }: Answered,
  rules: AverageRules,
): void {
  const { pending } = state;
  if (pending?.peer !== from || pending.number !== number) return;
  state.pending = null;
  if (value === null) return;
  state.exchanges++;
  state.value = rules.meanOf(state.value, value);
}

/** The decisions in which an exchange can go wrong. */
export interface AverageRules {
  readonly meanOf: typeof meanOf;
  readonly canAccept: typeof canAccept;
  readonly answerBefore: typeof answerBefore;
}
