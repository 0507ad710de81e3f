import { describe, expect, test } from 'vitest';
import { nearest, sameName } from '../../../src/core/nearest-name.ts';

describe('nearest', () => {
  test.each([
    ['start_nod', ['node_id', 'start_node'], 'start_node'],
    ['neighbors', ['neighbours', 'start_node'], 'neighbours'],
    ['StartNode', ['start_nodes', 'start_node'], 'start_node'],
    ['MAX_HOPS', ['max_hop', 'max_hops'], 'max_hops'],
    ['chang-roberts', ['echo', 'chang_roberts'], 'chang_roberts'],
    ['startNode', ['start_node', 'startnode'], 'start_node'],
    ['m1', ['n1', 'n2'], 'n1'],
    ['node22', ['node1', 'node2'], 'node2'],
    ['brahca', ['bracha', 'Bracha'], 'bracha'],
    ['ehco', ['bracha', 'echo'], 'echo'],
  ])('%s means the obvious one of %j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  test.each([
    ['n9', ['n1', 'n2', 'n3']],
    ['echo', ['bracha', 'raft']],
    ['a', ['b']],
    ['anything', []],
    ['', ['a']],
    ['abcdef', ['abcxyz']],
  ])('%s means none of %j', (name, candidates) => {
    expect(nearest(name, candidates)).toBeUndefined();
  });

  test('long names that cannot be close cost nothing', () => {
    expect(nearest('x'.repeat(1_000_000), ['start_node'])).toBeUndefined();
  });
});

describe('sameName', () => {
  test.each(['chang_roberts', 'ChangRoberts', 'chang-roberts', 'CHANGROBERTS'])('%s', (name) => {
    expect(sameName(name, 'chang_roberts')).toBe(true);
  });

  test('other names are others', () => {
    expect(sameName('echo', 'Echo')).toBe(true);
    expect(sameName('echo', 'echos')).toBe(false);
  });
});
