/** The decisions of SWIM and Lifeguard, and the arithmetic behind them. */

import { decimalLogarithm, naturalLogarithm } from '../../core/math.ts';
import { STATUSES, type Status } from './messages.ts';

/** What is known of a node. */
export interface Standing {
  readonly status: Status;
  readonly incarnation: number;
}

/**
 * Whether news replaces what is known: the higher incarnation, then the graver status. So knowledge is a maximum, and it makes no
 * difference in which order news arrives, or how often.
 */
function overrides(news: Standing, known: Standing): boolean {
  if (news.incarnation !== known.incarnation) return news.incarnation > known.incarnation;
  return STATUSES.indexOf(news.status) > STATUSES.indexOf(known.status);
}

/** What is said of a node that did not answer: it is suspected, in the incarnation that it is known by. Only it may count up. */
function accusation({ incarnation }: Standing): Standing {
  return { status: 'suspect', incarnation };
}

/** The incarnation with which a node contradicts what is said of it; undefined where there is nothing to contradict. */
function refutation(own: number, said: Standing): number | undefined {
  if (said.incarnation < own || said.status === 'alive') return undefined;
  return said.incarnation + 1;
}

/** How long a suspicion lasts, and how many have to share it until it lasts no longer than it must. */
export interface SuspicionTerms {
  readonly minMs: number;
  readonly maxMs: number;
  /** Lifeguard's k: suspicions of others, after which it is `minMs`. */
  readonly confirmations: number;
}

/**
 * The terms among `count` nodes, as memberlist has them: mult · max(1, log₁₀ n) periods, and up to `maxMult` as long while few agree.
 */
export function suspicionTerms(
  count: number,
  periodMs: number,
  { mult, maxMult }: { readonly mult: number; readonly maxMult: number },
): SuspicionTerms {
  const minMs = mult * Math.max(1, decimalLogarithm(Math.max(1, count))) * periodMs;
  const wanted = Math.max(0, Math.floor(mult) - 2);
  // Where there are not so many others to agree, nobody waits for them.
  const confirmations = count - 2 < wanted ? 0 : wanted;
  return { minMs, maxMs: maxMult * minMs, confirmations };
}

/** How long a suspicion that so many others share lasts in all: Lifeguard's max − (max − min) · log(C + 1) / log(k + 1). */
function suspicionMs({ minMs, maxMs, confirmations }: SuspicionTerms, shared: number): number {
  if (confirmations === 0) return minMs;
  const share = naturalLogarithm(shared + 1) / naturalLogarithm(confirmations + 1);
  return Math.max(minMs, maxMs - (maxMs - minMs) * share);
}

/** How often a piece of news is passed on among `count` nodes: mult · ⌈log₁₀(n + 1)⌉, which is mult for each digit of n. */
export function retransmitLimit(count: number, mult: number): number {
  let digits = 1;
  for (let left = count; left >= 10; left = Math.floor(left / 10)) digits++;
  return mult * digits;
}

/** Whether news has been passed on often enough. */
function isSpent(sends: number, limit: number): boolean {
  return sends >= limit;
}

/**
 * Lifeguard's local health after one probe: an answer is a point less, silence one more. Where others were asked, each that did not even
 * say that it had no answer counts instead: then it is this node that does not hear.
 */
function healthAfter(
  health: number,
  probe: { readonly answered: boolean; readonly asked: number; readonly heardBack: number },
  max: number,
): number {
  const silence = probe.asked === 0 ? 1 : probe.asked - probe.heardBack;
  return Math.min(max, Math.max(0, health + (probe.answered ? -1 : silence)));
}

/** Rules of {@link Swim}. */
export const rules = {
  overrides,
  accusation,
  refutation,
  suspicionMs,
  isSpent,
  healthAfter,
};
