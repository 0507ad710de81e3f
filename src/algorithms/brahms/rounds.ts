/**
 * The rules of Brahms (Bortnikov, Gurevich, Keidar, Kliot, Shraer, Computer Networks 53(13), 2009), as functions on numbers.
 *
 * Peers are whole numbers with a key that ranks them. The Machine and the engine for large networks both follow these lines.
 */

import { rank } from '../../core/rank.ts';
import type { Random } from '../../core/random.ts';
import { inFile, type Numbers } from '../roster.ts';

/** No peer yet. */
export const NOBODY = -1;

/** The parameters: the paper's l₁, l₂, α, β; γ is what is left. */
export interface BrahmsRules {
  readonly viewSize: number;
  readonly samplerSize: number;
  readonly alpha: number;
  readonly beta: number;
  /**
   * False to leave the defences out: pushes are not counted, and a round with any number of them renews the view. Only to show what they
   * are good for.
   */
  readonly limited: boolean;
}

/** How many of a view come from where; a round sends so many pushes and so many pulls. */
export interface Shares {
  readonly pushes: number;
  readonly pulls: number;
  readonly history: number;
}

/** @throws {RangeError} where the shares make no whole, with what to do about it */
export function sharesOf({ viewSize, alpha, beta }: BrahmsRules, written = inFile): Shares {
  // Decimal fractions do not add up to the last bit: 0.7 + 0.3 may.
  if (alpha + beta > 1 + 1e-9) {
    throw new RangeError(
      `${written('alpha', alpha)} and ${written('beta', beta)} make more than a whole view; ` +
        `together they may be 1 at most (the paper has 0.45 and 0.45)`,
    );
  }
  const pushes = Math.max(1, Math.round(alpha * viewSize));
  const pulls = Math.max(1, Math.min(viewSize - pushes, Math.round(beta * viewSize)));
  return { pushes, pulls, history: Math.max(0, viewSize - pushes - pulls) };
}

/** The samplers of some nodes: node `i` has those from `i * samplerSize`. */
export interface Samplers {
  readonly samplerSize: number;
  /** What each one ranks by. */
  readonly seeds: Numbers;
  /** Who ranked least of all that it ever heard of; {@link NOBODY} at first. */
  readonly peers: Numbers;
  readonly ranks: Numbers;
}

/** Gives a sampler another seed, and forgets what it has. */
export function clearSampler(samplers: Samplers, at: number, random: Random): void {
  samplers.seeds[at] = random.bits() | 0;
  samplers.peers[at] = NOBODY;
  samplers.ranks[at] = 0;
}

/** Shows a peer to all samplers of a node: the paper's `next()`. */
export function showSamplers(samplers: Samplers, node: number, peer: number, key: number): void {
  const { samplerSize, seeds, peers, ranks } = samplers;
  const base = node * samplerSize;
  for (let at = base; at < base + samplerSize; at++) {
    const ranked = rank(seeds[at]!, key);
    if (peers[at] !== NOBODY && ranked >= ranks[at]!) continue;
    peers[at] = peer;
    ranks[at] = ranked;
  }
}

/** What a round brought. */
export interface Harvest {
  /** Who pushed itself, in the order of arrival; more than {@link BrahmsRules} allow need not be kept. */
  readonly pushed: Numbers;
  /** How many pushes there were. */
  readonly pushes: number;
  /** How many of them are in `pushed`. */
  readonly pushedKept: number;
  /** Everybody in the views that were pulled. */
  readonly pulled: Numbers;
  readonly pulls: number;
}

/**
 * The view after a round, or undefined when it stays: there were too many pushes (blocking), or too little came.
 *
 * @param history whom the node's samplers hold
 */
export function renewedView(
  rules: BrahmsRules,
  shares: Shares,
  { pushed, pushes, pushedKept, pulled, pulls }: Harvest,
  history: readonly number[],
  random: Random,
): number[] | undefined {
  if (rules.limited && pushes > shares.pushes) return undefined;
  if (pushedKept === 0 || pulls === 0) return undefined;
  const view: number[] = [];
  takeRandom(view, pushed, pushedKept, shares.pushes, random);
  takeRandom(view, pulled, pulls, shares.pulls, random);
  takeRandom(view, history, history.length, shares.history, random);
  return view;
}

/** The paper's rand(V, n): `count` of the first `size`, drawn one by one, the same perhaps more than once. */
function takeRandom(
  view: number[],
  from: Numbers | readonly number[],
  size: number,
  count: number,
  random: Random,
): void {
  if (size === 0) return;
  for (let i = 0; i < count; i++) view.push(from[random.below(size)]!);
}
