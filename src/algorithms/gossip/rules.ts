/** The decisions of this gossip. */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import { commonRules } from '../dissemination/rules.ts';

/** Seconds between two rounds: where it begins, and how short and long it may become. */
export const INTERVAL = { first: 2, min: 0.5, max: 5 } as const;

/** Rules of {@link Gossip}. */
export const rules = { ...commonRules, fanoutFor, intervalAfter, receivers };

/** How many are told, of so many peers. */
function fanoutFor(peers: number): number {
  if (peers > 10) return Math.min(6, 3 + Math.floor(peers / 10));
  return peers > 3 ? 3 : 2;
}

/** Seconds until the next round, after what was measured. */
function intervalAfter(seconds: number, { rate, latency }: Measured): number {
  let next = seconds;
  if (rate > 20) next *= 0.8;
  else if (rate < 5) next *= 1.2;
  if (latency !== undefined) {
    if (latency > 1) next *= 1.3;
    else if (latency > 0 && latency < 0.2) next *= 0.9;
  }
  return Math.min(INTERVAL.max, Math.max(INTERVAL.min, next));
}

/** What a node has measured since the last time. */
export interface Measured {
  /** Messages a second. */
  readonly rate: number;
  /** Seconds on the way from one node to another, on average; undefined when nobody has answered. */
  readonly latency: number | undefined;
}

/** Whom a rumour is told: `fanout` of the members, drawn, but those that are known to have it. */
function receivers(
  members: readonly NodeId[],
  known: readonly NodeId[],
  fanout: number,
  random: Random,
): NodeId[] {
  const others = members.filter((id) => !known.includes(id));
  return random.shuffled(others).slice(0, fanout);
}
