import { describe, expect, test } from 'vitest';
import { namesFor } from '../../../src/cli/new/new-chapter.ts';
import { fillTemplate } from '../../../src/cli/new/template.ts';

test('a name has four spellings', () => {
  expect(namesFor('my_gossip2')).toEqual({
    name: 'my_gossip2',
    className: 'MyGossip2',
    fileName: 'my-gossip2',
    title: 'My gossip2',
  });
});

test.each([
  ['MyGossip', /e\.g\. my_gossip/],
  ['my-gossip', /e\.g\. my_gossip/],
  ['my gossip!', /e\.g\. my_gossip/],
  ['3gossips', /e\.g\. gossips/],
  ['../evil', /e\.g\. evil/],
  ['_', /e\.g\. my_gossip/],
  ['', /e\.g\. my_gossip/],
  ['a__b', /e\.g\. a_b/],
  ['messages', /messages_algorithm/],
  ['map', /map_algorithm/],
  ['node_id', /node_id_algorithm/],
  ['x'.repeat(41), /at most 40/],
])("'%s' is refused", (name, message) => {
  expect(() => namesFor(name)).toThrow(message);
});

describe('a template', () => {
  const names = namesFor('my_gossip');

  test('keeps its imports in the tree', () => {
    const text = fillTemplate('chapter-name.ts', 'src/algorithms/my_gossip/my-gossip.ts', names);
    expect(text).toContain("from '../../core/algorithm.ts'");
    expect(text).toContain("class MyGossip extends defineAlgorithm('my_gossip'");
    expect(text).not.toMatch(/chapter.?name/i);
  });

  test('imports the package elsewhere, once', () => {
    const text = fillTemplate('chapter-name.ts', 'my_gossip/my-gossip.ts', names);
    expect(text).toContain("import { defineAlgorithm, type NodeId } from '@parley-lab/parley';");
    expect(text.match(/@parley-lab/g)).toHaveLength(1);
    expect(text).not.toContain('../');
    expect(fillTemplate('invariants.ts', 'my_gossip/invariants.ts', names)).toContain(
      "import type { Invariant } from '@parley-lab/parley';",
    );
  });

  test('finds the chapter from its test', () => {
    const target = 'tests/unit/algorithms/my-gossip.test.ts';
    const text = fillTemplate('tree/chapter-name.test.ts', target, names);
    expect(text).toContain("from '../../../src/algorithms/my_gossip/index.ts'");
    expect(text).toContain("from '../../../src/runtime/simulator.ts'");
  });
});
