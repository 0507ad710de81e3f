import { describe, expect, test } from 'vitest';
import { EXPANDED_VALUES_MAX } from '../../../src/core/config/build-tree.ts';
import { CONFIG_TEXT_LENGTH_MAX } from '../../../src/core/config/parse-yaml.ts';
import { NESTING_MAX } from '../../../src/core/config/yaml-tree.ts';
import { ANY, BARE, errorOf, load, problemsOf, settingsOf } from './load.ts';

describe('aliases and merges', () => {
  test('a template is merged and is no node', () => {
    const text = '_d: &d {hops: 3, text: x}\nn1:\n  <<: *d\n  text: own\nn2: *d\n';
    const { nodes } = load(text, ANY);
    expect(nodes.map(({ id }) => id)).toEqual(['n1', 'n2']);
    expect(nodes[0]!.settings.own).toMatchObject({ hops: 3, text: 'own' });
    expect(nodes[1]!.settings.own).toMatchObject({ hops: 3, text: 'x' });
  });

  test('own keys win also when the merge stands below them', () => {
    expect(settingsOf('_d: &d {hops: 3}\nn1:\n  hops: 1\n  <<: *d\n', ANY)).toMatchObject({
      hops: 1,
    });
  });

  test('of a list of merges the first wins, and merges nest', () => {
    const text = [
      '_a: &a {hops: 1}',
      '_b: &b {<<: *a, text: b, flag: true}',
      '_c: &c {hops: 2, text: c}',
      'n1: {<<: [*c, *b]}',
      'n2:',
      '  <<: *b',
      '  <<: *c',
    ].join('\n');
    const [first, second] = load(text, ANY).nodes;
    expect(first!.settings.own).toMatchObject({ hops: 2, text: 'c', flag: true });
    expect(second!.settings.own).toMatchObject({ hops: 1, text: 'b', flag: true });
  });

  test('inline maps are merged, a quoted << is a key', () => {
    expect(settingsOf('n1: {<<: {hops: 2}}', ANY)).toMatchObject({ hops: 2 });
    expect(problemsOf('n1: {"<<": {hops: 2}}')[0]).toContain("unknown key '<<'");
  });

  test('an anchor that is set again counts from there on', () => {
    const text = '_a: &a 1\n_b: [*a]\n_c: &a 2\nn1: {hops: *a}\n';
    expect(settingsOf(text, ANY)).toMatchObject({ hops: 2 });
  });

  test('hundreds of nodes share one template', () => {
    const nodes = Array.from({ length: 500 }, (_, i) => `n${i}: {<<: *d, neighbours: [n0]}`);
    expect(load(`_d: &d {hops: 3}\n${nodes.join('\n')}`, ANY).nodes).toHaveLength(500);
  });

  test.each([
    [
      '_d: &default {}\nn1: *defualt',
      "a.yaml:2:5: *defualt names nothing: there is no &defualt above (did you mean 'default'?)",
    ],
    ['_d: &d {x: *d}\nn1: {}', 'a.yaml:1:12: *d stands inside of what it names; move it out'],
    ['n1: {<<: 3}', "a.yaml:1:10: '<<' merges a map or a list of maps: <<: *name"],
    ['n1:\n  <<:\n', "a.yaml:2:3: '<<' merges a map or a list of maps: <<: *name"],
    ['n1: {<<: [{}, a]}', "a.yaml:1:15: '<<' merges a map or a list of maps: <<: *name"],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });
});

describe('what is not YAML', () => {
  test.each([
    ['n1: {}\n\tn2: {}', 2, 'use spaces'],
    ['n1:\n   a: 1\n  b: 2', 3, 'indentation'],
    ['n1: "open', 1, 'quote'],
    ['n1: {a: 1', 1, 'bracket'],
    ['n1:\n  a: b: c', 2, "two ': '"],
    ['n1:\n  hops\n', 2, ''],
    ['n1: {}\nn2\n', 2, "':'"],
    ['n1: !secret {}', 1, 'tags'],
    ['n1: @home', 1, 'quotes'],
    ['n1: {a: 1 b: 2}', 1, 'comma'],
    ['n1: {}}', 1, 'not opened'],
    ['n1:\n  text: "a" b', 2, 'end of a value'],
    ['n1: "\\q"', 1, 'escape'],
    ['n1: {}\n---\nn2: {}', 2, 'second document'],
    ['n1: {}\n...\n%TAG\n---\nn2: {}', 2, ''],
    ['%FOO\n---\nn1: {}', 1, '%'],
    ['? [a]\n: b', 1, 'a key is a word'],
  ])('%j fails in line %i', (text, line, words) => {
    const first = errorOf(() => load(text))!.problems[0]!;
    expect(first.message).toContain(words);
    expect(first.line).toBeGreaterThanOrEqual(line);
  });

  test('every syntax error is listed', () => {
    expect(problemsOf('n1: !a {}\nn2: !b {}')).toEqual([
      'a.yaml:1:5: tags (!name) have no meaning here; remove it',
      'a.yaml:2:5: tags (!name) have no meaning here; remove it',
    ]);
  });

  test('the second document is underlined where it begins', () => {
    expect(errorOf(() => load('n1: {}\n---\nn2: {}\n'))!.problems[0]).toMatchObject({
      line: 2,
      column: 1,
      endLine: 2,
      endColumn: 4,
    });
  });
});

describe('bounds', () => {
  test('the text', () => {
    const fits = `n1: {}\n${'#'.repeat(CONFIG_TEXT_LENGTH_MAX - 7)}`;
    expect(load(fits).nodes).toHaveLength(1);
    expect(problemsOf(`${fits}#`)[0]).toMatch(/^a\.yaml:1:1: 1048577 characters/);
  });

  test('what aliases expand to', () => {
    const levels = Array.from({ length: 30 }, (_, i) => {
      const alias = `*a${i}`;
      return `_a${i + 1}: &a${i + 1} [${Array(9).fill(alias).join(', ')}]`;
    });
    const error = errorOf(() => load(`_a0: &a0 x\n${levels.join('\n')}\nn1: {}`))!;
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain(`more than ${EXPANDED_VALUES_MAX} values`);
  });

  test('merges of merges', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`).join(', ');
    const merges = Array(5000).fill('  - {<<: *d}').join('\n');
    expect(problemsOf(`_d: &d {${keys}}\n_all:\n${merges}\nn1: {}`)[0]).toContain('expand');
  });

  test.each([
    ['lists', (depth: number) => `n1: {words: ${'['.repeat(depth)}${']'.repeat(depth)}}`],
    ['maps', (depth: number) => `n1: {words: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}}`],
    [
      'lines',
      (depth: number) => {
        return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}n1:`).join('\n');
      },
    ],
  ])('nesting of %s', (_, nested) => {
    expect(problemsOf(nested(NESTING_MAX - 10)).join()).not.toContain('levels deep');
    for (const depth of [NESTING_MAX + 1, 100, 1000]) {
      expect(problemsOf(nested(depth)).join()).toContain(`${NESTING_MAX} levels deep`);
    }
  });

  test('nesting through aliases', () => {
    const levels = Array.from({ length: 100 }, (_, i) => `_a${i + 1}: &a${i + 1} [*a${i}]`);
    const problems = problemsOf(`_a0: &a0 x\n${levels.join('\n')}\nn1: {}`, BARE);
    expect(problems).toEqual(['a.yaml:64:13: nested more than 64 levels deep']);
  });

  test('a megabyte of brackets neither hangs nor ends the process', () => {
    for (const count of [20_000, 1_000_000]) {
      expect(problemsOf('['.repeat(count))[0]).toContain('levels deep');
    }
  });
});
