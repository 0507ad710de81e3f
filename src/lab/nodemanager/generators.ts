/** Static topologies by rule: who can send to whom. */

import type { Random } from '../../core/random.ts';

/** For each node, by its number, whom it can send to; in ascending order, each once, never itself. */
export type Topology = readonly (readonly number[])[];

/** A topology that cannot be. The message says which number is wrong, and why. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
}

/** Nodes beyond which a file of a topology would be too large to read. */
export const TOPOLOGY_NODES_MAX = 10_000;

/** A ring: everybody and the next one, both ways. */
export function ring(count: number): Topology {
  return symmetric(checked(count), (node) => [(node + 1) % count]);
}

/** A star: the first node and everybody, both ways. */
export function star(count: number): Topology {
  return symmetric(checked(count), (node) => (node === 0 ? [] : [0]));
}

/** Everybody and everybody. */
export function full(count: number): Topology {
  return symmetric(checked(count), (node) => range(count).filter((other) => other > node));
}

/** A lattice of `rows` rows, each node and those beside, above and below it, both ways; the last row may be shorter. */
export function lattice(count: number, rows: number): Topology {
  checked(count);
  whole('rows', rows, 1, count);
  const columns = Math.ceil(count / rows);
  return symmetric(count, (node) =>
    [(node + 1) % columns === 0 ? count : node + 1, node + columns].filter(
      (other) => other < count,
    ),
  );
}

/**
 * A small world (Watts and Strogatz, 1998): a ring on which everybody has the `nearest` neighbours, half of them on each side, and each link
 * leads to anybody with the probability `rewired`.
 */
export function smallWorld(
  count: number,
  nearest: number,
  rewired: number,
  random: Random,
): Topology {
  checked(count);
  whole('nearest', nearest, 2, count - 1);
  if (nearest % 2 !== 0)
    throw new TopologyError(`nearest: ${nearest} is odd, and half of them are on each side`);
  if (!(rewired >= 0 && rewired <= 1))
    throw new TopologyError(`rewired: ${rewired} is no share from 0 to 1`);
  const links = range(count).map(() => new Set<number>());
  const link = (a: number, b: number) => (links[a]!.add(b), links[b]!.add(a));
  for (let distance = 1; distance <= nearest / 2; distance++) {
    for (const node of range(count)) {
      const far = (node + distance) % count;
      const free = count - 1 - links[node]!.size;
      if (free === 0 || !random.chance(rewired)) link(node, far);
      else
        link(
          node,
          random.pick(range(count).filter((other) => other !== node && !links[node]!.has(other))),
        );
    }
  }
  return links.map(ascending);
}

/** How many links each node has in a random topology. */
export type RandomDegrees =
  | { readonly mode: 'exact'; readonly sendTo: number; readonly receiveFrom: number }
  | { readonly mode: 'range'; readonly min: number; readonly max: number };

/**
 * A random topology. `exact`: everybody can send to so many, and receive from so many, which must be as many in all; `range`: everybody can send
 * to some number of others between `min` and `max`.
 *
 * Exact ones begin as a ring of strides and have links exchanged (a→b, c→d become a→d, c→b), which keeps all numbers as they are.
 */
export function randomTopology(count: number, degrees: RandomDegrees, random: Random): Topology {
  checked(count);
  if (degrees.mode === 'range') {
    whole('min', degrees.min, 0, count - 1);
    whole('max', degrees.max, degrees.min, count - 1);
    return range(count).map((node) => {
      const others = range(count).filter((other) => other !== node);
      const size = random.integer(degrees.min, degrees.max);
      return ascending(random.shuffled(others).slice(0, size));
    });
  }
  const { sendTo, receiveFrom } = degrees;
  whole('send_to', sendTo, 0, count - 1);
  whole('receive_from', receiveFrom, 0, count - 1);
  if (sendTo !== receiveFrom) {
    throw new TopologyError(
      `send_to: ${sendTo} and receive_from: ${receiveFrom} cannot be for all ${count} nodes: what all send is what all receive`,
    );
  }
  const links = range(count).map(
    (node) => new Set(range(sendTo).map((i) => (node + i + 1) % count)),
  );
  exchangeLinks(links, EXCHANGES_A_LINK * sendTo * count, random);
  return links.map(ascending);
}

/** Tries for each link until nothing is left of the order that it began with. */
const EXCHANGES_A_LINK = 10;

function exchangeLinks(links: readonly Set<number>[], tries: number, random: Random): void {
  for (let i = 0; i < tries; i++) {
    const [a, c] = [random.below(links.length), random.below(links.length)];
    const [b, d] = [random.pick([...links[a]!]), random.pick([...links[c]!])];
    if (a === d || c === b || links[a]!.has(d) || links[c]!.has(b)) continue;
    links[a]!.delete(b);
    links[c]!.delete(d);
    links[a]!.add(d);
    links[c]!.add(b);
  }
}

/**
 * From a list of edges, a line each: two names with white space, a comma or an arrow between them. `a b` and `a -- b` go both ways,
 * `a -> b` one way. What follows a `#` is a remark.
 *
 * @throws {TopologyError} with the line
 */
export function fromEdges(text: string): {
  readonly names: readonly string[];
  readonly topology: Topology;
} {
  const numbers = new Map<string, number>();
  const links: Set<number>[] = [];
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    if (links.length >= TOPOLOGY_NODES_MAX)
      throw new TopologyError(`more than ${TOPOLOGY_NODES_MAX} nodes`);
    numbers.set(name, links.length);
    return links.push(new Set()) - 1;
  };
  for (const [at, line] of text.split('\n').entries()) {
    const edge = line.replace(/#.*/, '').trim();
    if (edge === '') continue;
    const match = /^([\w.-]+?)\s*(?:(->)|--|,|\s)\s*([\w.][\w.-]*)$/.exec(edge);
    if (match === null)
      throw new TopologyError(`line ${at + 1}: '${edge}' is no edge: write a b, a -- b or a -> b`);
    const [from, to] = [numberOf(match[1]!), numberOf(match[3]!)];
    if (from === to)
      throw new TopologyError(`line ${at + 1}: '${edge}' leads from a node to itself`);
    links[from]!.add(to);
    if (match[2] === undefined) links[to]!.add(from);
  }
  if (links.length === 0) throw new TopologyError('there is no edge in it');
  return { names: [...numbers.keys()], topology: links.map(ascending) };
}

function symmetric(count: number, half: (node: number) => readonly number[]): Topology {
  const links = range(count).map(() => new Set<number>());
  for (const node of range(count)) {
    for (const other of half(node)) {
      if (other === node) continue;
      links[node]!.add(other);
      links[other]!.add(node);
    }
  }
  return links.map(ascending);
}

function checked(count: number): number {
  whole('nodes', count, 1, TOPOLOGY_NODES_MAX);
  return count;
}

function whole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new TopologyError(`${name}: ${value} is no whole number from ${min} to ${max}`);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].toSorted((a, b) => a - b);
}
