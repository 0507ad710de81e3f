/** A large Kademlia network at rest, without messages or time: its lookups, by the chapter's rules. */

import {
  beginLookup,
  closestOf,
  isOver,
  nextToAsk,
  noteAnswer,
} from '../../src/algorithms/kademlia/lookup.ts';
import {
  commonPrefix,
  compareDistance,
  type Position,
} from '../../src/algorithms/kademlia/positions.ts';
import {
  closestIn,
  emptyTable,
  noteSeen,
  type RoutingTable,
} from '../../src/algorithms/kademlia/routing-table.ts';
import { rules } from '../../src/algorithms/kademlia/rules.ts';
import { Random } from '../../src/core/random.ts';

/** Positions of so many words: 64 bits tell 10⁵ nodes apart. */
const WORDS = 2;

/** What lookups came to, in the mean. */
export interface Depths {
  /** Questions that led to the closest node: 1 for one that the searcher knew. */
  readonly depth: number;
  readonly depth95: number;
  /** Nodes asked until the k closest had answered. */
  readonly asked: number;
  /** The share of lookups that found the closest node of all. */
  readonly found: number;
}

/** Nodes at random positions, whose buckets are as full as they can be. */
export class KademliaWorld {
  /** In the order of the space. */
  readonly #positions: readonly Position[];
  readonly #tables = new Map<number, RoutingTable<number>>();
  readonly #random: Random;
  readonly #k: number;

  constructor(nodes: number, k: number) {
    this.#random = Random.stream(1, `kademlia ${nodes}`);
    this.#k = k;
    this.#positions = Array.from({ length: nodes }, () => this.#anywhere()).toSorted(compare);
  }

  /** The mean over so many lookups of random positions by random nodes. */
  measure(lookups: number, alpha: number): Depths {
    const all = Array.from({ length: lookups }, () => this.#lookUp(alpha));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const depths = all.flatMap(({ depth }) => (depth === undefined ? [] : [depth]));
    return {
      depth: mean(depths),
      depth95: depths.toSorted((a, b) => a - b)[Math.floor(depths.length * 0.95)]!,
      asked: mean(all.map(({ asked }) => asked)),
      found: depths.length / lookups,
    };
  }

  #lookUp(alpha: number): { readonly depth: number | undefined; readonly asked: number } {
    const k = this.#k;
    const placeOf = (node: number) => this.#positions[node]!;
    const target = this.#anywhere();
    const searcher = this.#random.below(this.#positions.length);
    const lookup = beginLookup(target, closestIn(this.#tableOf(searcher), target, k, placeOf));
    const lookupRules = { k, alpha };
    let asked = 0;
    while (!isOver(lookup, lookupRules)) {
      // A round: what was asked at once is answered at once.
      const round = nextToAsk(lookup, lookupRules, (asking) => rules.mayAsk(asking, alpha));
      asked += round.length;
      for (const node of round) {
        const near = closestIn(this.#tableOf(node), target, k, placeOf);
        const others = near.filter((other) => other !== searcher);
        noteAnswer(lookup, node, others, lookupRules, placeOf);
      }
    }
    const closest = closestOf(lookup, 1)[0]!;
    const isTrue = closest.peer === this.#closestTo(target, searcher);
    return { depth: isTrue ? closest.depth : undefined, asked };
  }

  #closestTo(target: Position, searcher: number): number {
    let best = searcher === 0 ? 1 : 0;
    for (const [node, position] of this.#positions.entries()) {
      if (node === searcher) continue;
      if (compareDistance(target, position, this.#positions[best]!) < 0) best = node;
    }
    return best;
  }

  /** Made when it is asked for the first time: in each bucket k of those who belong there, at random. */
  #tableOf(node: number): RoutingTable<number> {
    const known = this.#tables.get(node);
    if (known !== undefined) return known;
    const table = emptyTable<number>(32 * WORDS + 1);
    const own = this.#positions[node]!;
    const k = this.#k;
    let [from, to] = [0, this.#positions.length];
    for (let bits = 0; to - from > 1; bits++) {
      const split = this.#firstWithBit(from, to, bits);
      const isHigh = node >= split;
      const [low, high] = isHigh ? [from, split] : [split, to];
      for (const other of this.#some(low, high, k)) {
        const bucket = rules.bucketOf(own, this.#positions[other]!);
        noteSeen(table, bucket, other, (size) => rules.hasRoom(size, k), k);
      }
      if (isHigh) from = split;
      else to = split;
    }
    this.#tables.set(node, table);
    return table;
  }

  /** Where, among neighbours in the space that agree in all bits before it, the bit becomes 1. */
  #firstWithBit(from: number, to: number, bit: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      const isSet = (this.#positions[middle]![bit >> 5]! >>> (31 - (bit & 31))) & 1;
      if (isSet === 1) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #some(from: number, to: number, count: number): readonly number[] {
    const all = to - from;
    if (all <= count) return Array.from({ length: all }, (_, at) => from + at);
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(from + this.#random.below(all));
    return [...chosen];
  }

  #anywhere(): Position {
    return Array.from({ length: WORDS }, () => this.#random.bits());
  }
}

function compare(a: Position, b: Position): number {
  const shared = commonPrefix(a, b);
  if (shared === 32 * WORDS) return 0;
  return a[shared >> 5]! - b[shared >> 5]!;
}
