/**
 * What decides how fast Basalt gets over a flood: two readings that differ between its authors' simulator and our engine, one by one. Their
 * messages take a unit of time each, so that a pull brings its answer two units later, and of several slots with the fewest hits they
 * choose the first. Ours arrive at once, and any of those slots is chosen. No time of the machine is in it.
 */

import {
  choosePeer,
  clearSlot,
  NOBODY,
  offer,
  takeSamples,
  type Slots,
} from '../src/algorithms/basalt/slots.ts';
import { Random } from '../src/core/random.ts';
import { keysOf } from '../src/lab/overlay/brahms-engine.ts';
import { shuffle } from '../src/lab/overlay/engine.ts';

/** 10 000 for the large network, which takes minutes. */
const NODES = Number(process.env['PARLEY_BENCH_NODES'] ?? 1000);
const VIEW_SIZE = NODES > 1000 ? 160 : 100;
const BYZANTINE = NODES / 10;
/** Pushes of each Byzantine node in a unit. */
const FORCE = 10;
const UNITS = NODES > 1000 ? [8, 20] : [2, 5, 9, 20, 40];

interface Reading {
  readonly ties: 'first' | 'any';
  readonly messages: 'a unit each' | 'at once';
}

/** A pull has no view yet. */
interface Message {
  readonly from: number;
  readonly to: number;
  readonly view?: Int32Array;
}

/** Runs and prints. */
export function bench(): void {
  console.log(`  ${NODES} nodes, views of ${VIEW_SIZE}, f = .1, F = ${FORCE}: liars in views`);
  for (const messages of ['a unit each', 'at once'] as const) {
    for (const ties of ['first', 'any'] as const) {
      const shares = sharesOf({ ties, messages }).map((value) => value.toFixed(3));
      const cells = UNITS.map((unit, at) => `${shares[at]} after ${unit}`).join(', ');
      console.log(`  messages ${messages}, of equals ${ties}: ${cells}`);
    }
  }
}

function sharesOf(reading: Reading): number[] {
  const world = new World(reading);
  const shares: number[] = [];
  for (let unit = 1; unit <= UNITS.at(-1)!; unit++) {
    world.unit(unit);
    if (UNITS.includes(unit)) shares.push(world.liars());
  }
  return shares;
}

class World {
  readonly #reading: Reading;
  readonly #random = Random.stream(1, 'basalt-units');
  readonly #keys = keysOf(NODES);
  readonly #order = Int32Array.from({ length: NODES }, (_, node) => node);
  readonly #slots: Slots & { readonly peers: Int32Array; readonly hits: Int32Array };
  #underway: Message[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
    const slots = NODES * VIEW_SIZE;
    this.#slots = {
      viewSize: VIEW_SIZE,
      seeds: new Int32Array(slots),
      peers: new Int32Array(slots).fill(NOBODY),
      ranks: new Uint32Array(slots),
      hits: new Int32Array(slots),
    };
    for (let slot = BYZANTINE * VIEW_SIZE; slot < slots; slot++) {
      clearSlot(this.#slots, slot, this.#random);
    }
    for (let node = BYZANTINE; node < NODES; node++)
      this.#consider(node, this.#some(NODES, VIEW_SIZE));
  }

  unit(unit: number): void {
    const arrived = this.#underway;
    this.#underway = [];
    shuffle(this.#order, NODES, this.#random);
    for (const message of arrived) this.#hear(message);
    for (const node of this.#order) {
      if (node < BYZANTINE) this.#flood(node);
      else this.#gossip(node, unit);
    }
  }

  liars(): number {
    const correct = this.#slots.peers.subarray(BYZANTINE * VIEW_SIZE);
    return correct.filter((peer) => peer < BYZANTINE).length / correct.length;
  }

  #gossip(node: number, unit: number): void {
    const keyOf = (peer: number) => this.#keys[peer]!;
    takeSamples(this.#slots, node, unit % VIEW_SIZE, 1, this.#random, keyOf);
    this.#send({ from: node, to: this.#choose(node) });
    this.#send({ from: node, to: this.#choose(node), view: this.#viewOf(node) });
  }

  #choose(node: number): number {
    if (this.#reading.ties === 'any') return choosePeer(this.#slots, node, this.#random);
    const { peers, hits } = this.#slots;
    const base = node * VIEW_SIZE;
    let chosen = base;
    for (let slot = base + 1; slot < base + VIEW_SIZE; slot++) {
      if (hits[slot]! < hits[chosen]!) chosen = slot;
    }
    hits[chosen]!++;
    return peers[chosen]!;
  }

  #send(message: Message): void {
    if (this.#reading.messages === 'a unit each') this.#underway.push(message);
    else this.#hear(message);
  }

  #hear({ from, to, view }: Message): void {
    if (view === undefined) this.#send({ from: to, to: from, view: this.#viewOf(to) });
    else if (to >= BYZANTINE) this.#consider(to, Int32Array.of(...view, from));
  }

  /** To anybody, liars among them, as the authors' do. */
  #flood(node: number): void {
    for (const to of this.#some(NODES, FORCE))
      this.#send({ from: node, to, view: this.#viewOf(node) });
  }

  #viewOf(node: number): Int32Array {
    if (node < BYZANTINE) return this.#some(BYZANTINE, VIEW_SIZE);
    return this.#slots.peers.slice(node * VIEW_SIZE, (node + 1) * VIEW_SIZE);
  }

  #consider(node: number, candidates: Int32Array): void {
    const others = candidates.filter((peer) => peer !== node);
    const keys = others.map((peer) => this.#keys[peer]!);
    offer(this.#slots, node, others, keys, others.length);
  }

  /** So many of the first `among` nodes, all different. */
  #some(among: number, count: number): Int32Array {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(among, count)) chosen.add(this.#random.below(among));
    return Int32Array.from(chosen);
  }
}
