/**
 * Nodes that are alike: situations that differ only in which of them is which are searched once.
 *
 * Of all arrangements of such nodes a situation has one fingerprint, the least. Names are exchanged wherever they stand: in states, on
 * disks, in messages.
 */

import type { NodeId } from '../../core/id.ts';
import type { SituationView } from '../../core/small-world.ts';
import { bitsOf, type Bits } from './fingerprints.ts';
import type { InFlight } from './in-flight.ts';
import { Interner } from './interner.ts';
import type { NodeSituation } from './node-situation.ts';
import { renaming } from './renaming.ts';
import { SearchError } from './search-error.ts';
import type { Situation } from './situation.ts';
import type { World } from './world.ts';

/** Which nodes are alike. */
export interface Symmetry {
  /** They must have the same settings, and no machine may prefer one to another, e.g. by comparing ids. */
  readonly nodes: readonly NodeId[];
  /**
   * For more nodes than can be arranged in every way: only the arrangement is looked at in which they are sorted by this, those with
   * the same remaining in their order. Fewer situations are taken for one, none that should not be.
   */
  readonly by?: (node: SituationView['nodes'][number]) => number;
}

/** More nodes than this have too many arrangements: 7! = 5040. */
const NODES_MAX = 6;

/** Apart from other kinds of bits. */
const RENAMED_KIND = 2;

/** A way to arrange the nodes: for each place, the place that it is moved to. */
class Arrangement {
  readonly places: readonly number[];
  readonly rename: <T>(part: T) => T;
  readonly nodes = new Map<number, Bits>();
  readonly messages = new Map<number, Bits>();

  constructor(places: readonly number[], ids: readonly NodeId[]) {
    this.places = places;
    this.rename = renaming(new Map(ids.map((id, place) => [id, ids[places[place]!]!])));
  }
}

/** Fingerprints that are the same for all arrangements. */
export class Orbits {
  readonly #world: World;
  readonly #ids: readonly NodeId[];
  /** The places that may be exchanged. */
  readonly #alike: readonly number[];
  readonly #by: Symmetry['by'];
  readonly #arrangements = new Map<string, Arrangement>();
  readonly #all: readonly Arrangement[];
  readonly #keys = new Interner<number>();

  /** @throws {SearchError} when the nodes are not alike, or too many */
  constructor(world: World, { nodes, by }: Symmetry) {
    this.#world = world;
    this.#ids = world.nodes.map(({ id }) => id);
    this.#alike = nodes.map((id) => this.#placeOf(id));
    this.#by = by;
    checkAlike(world, this.#alike);
    if (by === undefined && nodes.length > NODES_MAX) {
      throw new SearchError(
        `${nodes.length} nodes that are alike are too many: at most ${NODES_MAX}`,
      );
    }
    const orders = by === undefined ? permutations(this.#alike) : [];
    this.#all = orders.map((order) => this.#arrangement(order));
  }

  /** The fingerprint of a situation and of all that are like it. */
  bitsOf(situation: Situation): Bits {
    const { crashesLeft, timeoutsLeft } = situation;
    const left = Math.imul(crashesLeft + 1, 0x01000193) + (timeoutsLeft | 0);
    const rest = bitsOf(RENAMED_KIND, left);
    let least: Bits | undefined;
    for (const arrangement of this.#arrangementsOf(situation)) {
      const bits = this.#sum(situation, arrangement, rest);
      if (least === undefined || isLess(bits, least)) least = bits;
    }
    return least!;
  }

  #arrangementsOf({ nodes }: Situation): readonly Arrangement[] {
    const by = this.#by;
    if (by === undefined) return this.#all;
    // The sort is stable: ties keep their order.
    return [
      this.#arrangement(this.#alike.toSorted((a, b) => by(nodes[a]!.view) - by(nodes[b]!.view))),
    ];
  }

  /** @param order of the places that are alike: the first of it is moved to the first of them, and so on */
  #arrangement(order: readonly number[]): Arrangement {
    const key = order.join();
    const known = this.#arrangements.get(key);
    if (known !== undefined) return known;
    const places = this.#ids.map((_, place) => {
      const at = order.indexOf(place);
      return at < 0 ? place : this.#alike[at]!;
    });
    const arrangement = new Arrangement(places, this.#ids);
    this.#arrangements.set(key, arrangement);
    return arrangement;
  }

  #sum({ nodes, messages }: Situation, arrangement: Arrangement, rest: Bits): Bits {
    let { low, high } = rest;
    for (const node of nodes) {
      const bits = this.#nodeBits(node, arrangement);
      low = (low + bits.low) | 0;
      high = (high + bits.high) | 0;
    }
    for (const message of messages) {
      const bits = this.#messageBits(message, arrangement);
      low = (low + bits.low) | 0;
      high = (high + bits.high) | 0;
    }
    return { low, high };
  }

  #nodeBits(node: NodeSituation, arrangement: Arrangement): Bits {
    const known = arrangement.nodes.get(node.number);
    if (known !== undefined) return known;
    const { situations } = this.#world;
    const place = arrangement.places[this.#ids.indexOf(node.view.id)]!;
    const text = situations.renamedText(node, this.#ids[place]!, place, arrangement.rename);
    const bits = bitsOf(
      RENAMED_KIND,
      this.#keys.take(text, (number) => number),
    );
    arrangement.nodes.set(node.number, bits);
    return bits;
  }

  #messageBits(message: InFlight, { messages, places, rename }: Arrangement): Bits {
    const known = messages.get(message.number);
    if (known !== undefined) return known;
    const { from, to, kind, type, body, ticket } = message;
    const ends = { from: places[from]!, to: places[to]! };
    const { bits } = this.#world.messages.take({ ...ends, kind, type, body: rename(body), ticket });
    messages.set(message.number, bits);
    return bits;
  }

  #placeOf(id: NodeId): number {
    const place = this.#ids.indexOf(id);
    if (place < 0) throw new SearchError(`${id}, which shall be like others, is no node`);
    return place;
  }
}

function checkAlike(world: World, alike: readonly number[]): void {
  const { nodes } = world;
  const [first, ...others] = alike;
  if (first === undefined) throw new SearchError('no nodes are named that are alike');
  for (const place of others) {
    if (world.settingsKey(nodes[place]!) === world.settingsKey(nodes[first]!)) continue;
    throw new SearchError(
      `${nodes[place]!.id} and ${nodes[first]!.id} are not alike: they have different settings`,
    );
  }
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

function isLess(a: Bits, b: Bits): boolean {
  return a.low === b.low ? a.high < b.high : a.low < b.low;
}
