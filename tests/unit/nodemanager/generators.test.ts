import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  fromEdges,
  full,
  lattice,
  randomTopology,
  ring,
  smallWorld,
  star,
  type Topology,
} from '../../../src/lab/nodemanager/generators.ts';
import { fc } from '../../support/property.ts';

const sizes = fc.integer({ min: 1, max: 30 });
const random = (seed: number) => Random.stream(seed, 'topology');

function expectSymmetric(topology: Topology): void {
  for (const [node, links] of topology.entries()) {
    for (const other of links) expect(topology[other], `${node} and ${other}`).toContain(node);
  }
}

function receivers(topology: Topology): number[] {
  return topology.map((_, node) => topology.filter((links) => links.includes(node)).length);
}

test('whatever the rule: nobody has a link to itself, or one twice, or one to nobody', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (count, seed) => {
      const all = [ring(count), star(count), full(count), lattice(count, Math.ceil(count / 3))];
      all.push(randomTopology(count, { mode: 'range', min: 0, max: count - 1 }, random(seed)));
      if (count > 3) all.push(smallWorld(count, 2, 0.5, random(seed)));
      for (const topology of all) {
        expect(topology).toHaveLength(count);
        for (const [node, links] of topology.entries()) {
          expect(links).not.toContain(node);
          expect(new Set(links).size).toBe(links.length);
          for (const other of links) expect(other >= 0 && other < count).toBe(true);
        }
      }
    }),
  );
});

test('rings, stars, lattices and meshes are what they are called, both ways', () => {
  for (const topology of [ring(6), star(6), full(6), lattice(6, 2)]) expectSymmetric(topology);
  expect(ring(4)).toEqual([
    [1, 3],
    [0, 2],
    [1, 3],
    [0, 2],
  ]);
  expect(ring(2)).toEqual([[1], [0]]);
  expect(ring(1)).toEqual([[]]);
  expect(star(4)).toEqual([[1, 2, 3], [0], [0], [0]]);
  expect(full(3)).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
  // 0 1 2
  // 3 4
  expect(lattice(5, 2)).toEqual([[1, 3], [0, 2, 4], [1], [0, 4], [1, 3]]);
});

test('exact random topologies: everybody sends to as many and receives from as many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 25 }), fc.nat(), fc.nat(), (count, links, seed) => {
      const each = links % count;
      const topology = randomTopology(
        count,
        { mode: 'exact', sendTo: each, receiveFrom: each },
        random(seed),
      );
      expect(topology.map((list) => list.length)).toEqual(topology.map(() => each));
      expect(receivers(topology)).toEqual(topology.map(() => each));
    }),
  );
});

test('exact random topologies differ by seed, and are no ring of strides', () => {
  const make = (seed: number) =>
    randomTopology(20, { mode: 'exact', sendTo: 2, receiveFrom: 2 }, random(seed));
  expect(make(1)).toEqual(make(1));
  expect(make(1)).not.toEqual(make(2));
  const strides = make(1).filter((links, node) => links.includes((node + 1) % 20)).length;
  expect(strides).toBeLessThan(8);
});

test('in a range: numbers between both ends, and both occur', () => {
  const topology = randomTopology(200, { mode: 'range', min: 1, max: 4 }, random(3));
  expect(new Set(topology.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4]));
});

describe('a small world', () => {
  test('is the ring where nothing is rewired, and keeps its number of links', () => {
    expect(smallWorld(10, 2, 0, random(1))).toEqual(ring(10));
    const links = (rewired: number) =>
      smallWorld(40, 4, rewired, random(5)).reduce((sum, list) => sum + list.length, 0);
    expect(links(0)).toBe(160);
    expect(links(1)).toBeGreaterThan(150);
    expectSymmetric(smallWorld(40, 4, 0.3, random(2)));
  });

  test('has the shorter paths, the more is rewired', () => {
    expect(meanPath(smallWorld(100, 4, 0.2, random(1)))).toBeLessThan(
      meanPath(smallWorld(100, 4, 0, random(1))) / 2,
    );
  });
});

describe('a list of edges', () => {
  test('has both ways, one way, remarks', () => {
    expect(fromEdges('# friends\na b\nb -> c # likes\n\nc--d\nd, a\n')).toEqual({
      names: ['a', 'b', 'c', 'd'],
      topology: [[1, 3], [0, 2], [3], [0, 2]],
    });
  });

  test.each([
    ['a b\nb b', "line 2: 'b b' leads from a node to itself"],
    ['a b c', "line 1: 'a b c' is no edge"],
    ['a', "line 1: 'a' is no edge"],
    ['# nothing', 'there is no edge in it'],
  ])('%j is refused', (text, message) => {
    expect(() => fromEdges(text)).toThrow(message);
  });
});

test.each([
  [() => ring(0), 'nodes: 0 is no whole number'],
  [() => lattice(4, 5), 'rows: 5'],
  [() => smallWorld(10, 3, 0, random(1)), '3 is odd'],
  [() => smallWorld(10, 2, 2, random(1)), 'no share'],
  [() => randomTopology(4, { mode: 'exact', sendTo: 4, receiveFrom: 4 }, random(1)), 'send_to: 4'],
  [
    () => randomTopology(4, { mode: 'exact', sendTo: 1, receiveFrom: 2 }, random(1)),
    'cannot be for all',
  ],
  [() => randomTopology(4, { mode: 'range', min: 3, max: 2 }, random(1)), 'max: 2'],
])('numbers that make none are refused', (make, message) => {
  expect(make).toThrow(message);
});

function meanPath(topology: Topology): number {
  let [sum, pairs] = [0, 0];
  for (const start of topology.keys()) {
    const hops = new Map([[start, 0]]);
    for (const [node, distance] of hops) {
      for (const next of topology[node]!) if (!hops.has(next)) hops.set(next, distance + 1);
    }
    for (const distance of hops.values()) sum += distance;
    pairs += hops.size - 1;
  }
  return sum / pairs;
}
