import { describe, expect, test } from 'vitest';
import { TOPOLOGY_NAMES, topologyOf } from '../../../src/maelstrom/topology.ts';

const nodes = (n: number) => Array.from({ length: n }, (_, at) => `n${at}`);
const edges = (topology: Readonly<Record<string, readonly string[]>>) =>
  Object.values(topology).reduce((sum, neighbours) => sum + neighbours.length, 0) / 2;

describe.each(TOPOLOGY_NAMES)('%s', (name) => {
  test.each([1, 2, 5, 7, 25])('joins %i nodes, both ways, to one piece', (n) => {
    const topology = topologyOf(name, nodes(n));
    for (const [id, neighbours] of Object.entries(topology)) {
      for (const other of neighbours) expect(topology[other]).toContain(id);
      expect(neighbours).not.toContain(id);
    }
    const reached = new Set(['n0']);
    for (const id of reached) for (const other of topology[id]!) reached.add(other);
    expect(reached.size).toBe(n);
  });
});

test('has as many links as it should', () => {
  const count = (name: (typeof TOPOLOGY_NAMES)[number], n: number) =>
    edges(topologyOf(name, nodes(n)));
  expect(count('line', 25)).toBe(24);
  expect(count('tree4', 25)).toBe(24);
  expect(count('tree2', 25)).toBe(24);
  expect(count('grid', 25)).toBe(40);
  expect(count('grid', 5)).toBe(5);
  expect(count('total', 25)).toBe(300);
});

test('draws a grid row by row, and a tree level by level', () => {
  expect(topologyOf('grid', nodes(5))).toEqual({
    n0: ['n1', 'n3'],
    n1: ['n0', 'n2', 'n4'],
    n2: ['n1'],
    n3: ['n0', 'n4'],
    n4: ['n1', 'n3'],
  });
  expect(topologyOf('tree2', nodes(5))['n1']).toEqual(['n0', 'n3', 'n4']);
});
