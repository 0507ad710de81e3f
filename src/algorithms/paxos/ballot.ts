/** Ballots: numbers that order all attempts of all nodes, no two of them alike. */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';

/** An attempt to have a value chosen: its round, and whose it is. */
export interface Ballot {
  readonly round: number;
  readonly node: NodeId;
}

/** A value with the ballot in which it was proposed. */
export interface Proposal {
  readonly ballot: Ballot;
  readonly value: string;
}

/** Lower than every ballot. */
export const NO_BALLOT: Ballot = { round: 0, node: '' };

/** Validates a {@link Ballot}. */
export const ballotSchema = v.object({
  round: v.pipe(v.number(), v.integer(), v.minValue(0)),
  node: v.string(),
});

/** Validates a {@link Proposal}. */
export const proposalSchema = v.object({ ballot: ballotSchema, value: v.string() });

/** By round, and in the same round by node: so two nodes never have the same ballot. */
export function isHigher(a: Ballot, b: Ballot): boolean {
  return a.round === b.round ? a.node > b.node : a.round > b.round;
}

/** True for the same attempt. */
export function isSame(a: Ballot, b: Ballot): boolean {
  return a.round === b.round && a.node === b.node;
}

/** For people: `2.n1`; a dash for none. */
export function shown({ round, node }: Ballot): string {
  return round === 0 ? '–' : `${round}.${node}`;
}
