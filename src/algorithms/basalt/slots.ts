/**
 * The rules of Basalt (Auvolat, Bromberg, Frey, Mvondo, Taïani, Middleware 2023), as functions on numbers.
 *
 * Peers are whole numbers, each with a key that ranks it; the slots of any number of nodes stand one after the other. The Machine and
 * the engine for large networks both follow these lines.
 */

import { rank } from '../../core/rank.ts';
import type { Random } from '../../core/random.ts';
import type { Numbers } from '../roster.ts';

/** No peer yet. */
export const NOBODY = -1;

/** The views of some nodes: node `i` has the slots from `i * viewSize`. */
export interface Slots {
  readonly viewSize: number;
  /** What each slot ranks by. */
  readonly seeds: Numbers;
  /** The peer with the least rank of all that the slot ever saw; {@link NOBODY} at first. */
  readonly peers: Numbers;
  /** Its rank. */
  readonly ranks: Numbers;
  /** How often it was chosen or named since it is here. */
  readonly hits: Numbers;
}

/** Another seed for a slot, and nobody in it. */
export function clearSlot(slots: Slots, slot: number, random: Random): void {
  slots.seeds[slot] = random.bits() | 0;
  slots.peers[slot] = NOBODY;
  slots.ranks[slot] = 0;
  slots.hits[slot] = 0;
}

/**
 * Candidates, as they came from a peer: in each slot the one with the least rank stays. One that is there already is hit once more,
 * so that whoever is named over and over is contacted less.
 *
 * @param keys the rank key of each candidate, in the order of `candidates`
 * @returns evaluations of the rank
 */
export function offer(
  slots: Slots,
  node: number,
  candidates: Numbers,
  keys: Numbers,
  count: number,
): number {
  const { viewSize } = slots;
  const base = node * viewSize;
  for (let slot = base; slot < base + viewSize; slot++) {
    offerTo(slots, slot, candidates, keys, count);
  }
  return viewSize * count;
}

function offerTo(
  slots: Slots,
  slot: number,
  candidates: Numbers,
  keys: Numbers,
  count: number,
): void {
  const seed = slots.seeds[slot]!;
  let peer = slots.peers[slot]!;
  let least = peer === NOBODY ? Infinity : slots.ranks[slot]!;
  let hits = slots.hits[slot]!;
  for (let i = 0; i < count; i++) {
    const ranked = rank(seed, keys[i]!);
    if (ranked > least) continue;
    const candidate = candidates[i]!;
    if (candidate === peer) {
      hits++;
    } else if (ranked < least) {
      peer = candidate;
      least = ranked;
      hits = 1;
    }
  }
  if (peer === NOBODY) return;
  slots.peers[slot] = peer;
  slots.ranks[slot] = least;
  slots.hits[slot] = hits;
}

/** Whom to talk to: one of the peers with the fewest hits, who then has one more. {@link NOBODY} when all slots are empty. */
export function choosePeer({ viewSize, peers, hits }: Slots, node: number, random: Random): number {
  const base = node * viewSize;
  let chosen = -1;
  let fewest = Infinity;
  let equals = 0;
  for (let slot = base; slot < base + viewSize; slot++) {
    if (peers[slot] === NOBODY || hits[slot]! > fewest) continue;
    equals = hits[slot]! < fewest ? 1 : equals + 1;
    fewest = hits[slot]!;
    // Each of the equals met so far has the same chance to be the chosen one.
    if (equals === 1 || random.below(equals) === 0) chosen = slot;
  }
  if (chosen < 0) return NOBODY;
  hits[chosen] = fewest + 1;
  return peers[chosen]!;
}

/**
 * Takes the peers of `count` slots from `from` on as samples and gives those slots new seeds; they choose again among all whom the
 * node knew at that moment, the samples too.
 *
 * @param note is told how often the rank was evaluated
 */
export function takeSamples(
  slots: Slots,
  node: number,
  from: number,
  count: number,
  random: Random,
  keyOf: (peer: number) => number,
  note?: (evaluations: number) => void,
): number[] {
  const known = knownTo(slots, node);
  const keys = known.map(keyOf);
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const slot = node * slots.viewSize + ((from + i) % slots.viewSize);
    if (slots.peers[slot] !== NOBODY) samples.push(slots.peers[slot]!);
    clearSlot(slots, slot, random);
    offerTo(slots, slot, known, keys, known.length);
  }
  note?.(count * known.length);
  return samples;
}

/**
 * A peer did not answer: its slots choose again among the others, and rank as before.
 *
 * @returns evaluations of the rank
 */
export function forgetPeer(
  slots: Slots,
  node: number,
  peer: number,
  keyOf: (peer: number) => number,
): number {
  const known = knownTo(slots, node).filter((other) => other !== peer);
  const keys = known.map(keyOf);
  const base = node * slots.viewSize;
  let evaluations = 0;
  for (let slot = base; slot < base + slots.viewSize; slot++) {
    if (slots.peers[slot] !== peer) continue;
    slots.peers[slot] = NOBODY;
    slots.ranks[slot] = 0;
    slots.hits[slot] = 0;
    offerTo(slots, slot, known, keys, known.length);
    evaluations += known.length;
  }
  return evaluations;
}

/** The peers in the slots of a node, some perhaps more than once. */
function knownTo({ viewSize, peers }: Slots, node: number): number[] {
  const known: number[] = [];
  for (let slot = node * viewSize; slot < (node + 1) * viewSize; slot++) {
    if (peers[slot] !== NOBODY) known.push(peers[slot]!);
  }
  return known;
}
