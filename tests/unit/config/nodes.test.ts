import { describe, expect, test } from 'vitest';
import { NODE_ID_LENGTH_MAX } from '../../../src/core/id.ts';
import { PROBLEMS_MAX } from '../../../src/core/config/config-error.ts';
import { ANY, BARE, define, errorOf, load, problemsOf } from './load.ts';

const neighboursOf = (text: string) => load(text).nodes.map(({ neighbours }) => neighbours);

describe('nodes', () => {
  test('stand in the order of the file', () => {
    expect(load('n2:\n10:\nn1:\n').nodes.map(({ id }) => id)).toEqual(['n2', '10', 'n1']);
  });

  test('null is an empty block', () => {
    expect(load('n1:\nn2: ~\nn3: null\n', ANY).nodes).toHaveLength(3);
  });

  test.each([
    ['', 'a.yaml:1:1: no nodes: write n1: and its settings below (keys with _ are templates)'],
    [
      '# nothing\n',
      'a.yaml:1:1: no nodes: write n1: and its settings below (keys with _ are templates)',
    ],
    [
      '_d: {}\n',
      'a.yaml:1:1: no nodes: write n1: and its settings below (keys with _ are templates)',
    ],
    ['- n1\n', 'a.yaml:1:1: a configuration is a map of nodes: write n1: and its settings below'],
    ['n1', 'a.yaml:1:1: a configuration is a map of nodes: write n1: and its settings below'],
    ['n1: 3', "a.yaml:1:5: node 'n1' is a map: write its settings below, indented"],
    ['n1: [a]', "a.yaml:1:5: node 'n1' is a map: write its settings below, indented"],
    ['n1: {}\nn2: {}\nn1: {}', "a.yaml:3:1: 'n1' is written twice; remove one"],
    ['1: {}\n"1": {}', "a.yaml:2:1: '1' is written twice; remove one"],
    ['n1: {hops: 1, hops: 2}', "a.yaml:1:15: 'hops' is written twice; remove one"],
    [
      'n 1: {}',
      "a.yaml:1:1: 'n 1' cannot name a node: use letters A–Z, digits, and - _ . behind the first",
    ],
    [
      '-n: {}',
      "a.yaml:1:1: '-n' cannot name a node: use letters A–Z, digits, and - _ . behind the first",
    ],
    ['n1: {__proto__: 1}', "a.yaml:1:6: no key may be '__proto__'"],
  ])('%j', (text, expected) => {
    expect(problemsOf(text, ANY)).toEqual([expected]);
  });

  test('names have a greatest length', () => {
    const longest = 'n'.repeat(NODE_ID_LENGTH_MAX);
    expect(load(`${longest}: {}`).nodes[0]!.id).toBe(longest);
    expect(problemsOf(`${longest}n: {}`)).toEqual([
      "a.yaml:1:1: a node's name has at most 64 characters",
    ]);
  });

  test('host and port are accepted, a public key is kept', () => {
    const key = 'AB'.repeat(32);
    const { nodes, warnings } = load(
      `n1: {host: 127.0.0.1, port: 5001, public_key: ${key}}\nn2:\n`,
    );
    expect(warnings).toEqual([]);
    expect(nodes[0]!.publicKey).toBe('ab'.repeat(32));
    expect('publicKey' in nodes[1]!).toBe(false);
    const digits = '1'.repeat(64);
    expect(load(`n1: {public_key: ${digits}}`).nodes[0]!.publicKey).toBe(digits);
  });

  test.each(['abc', `${'ab'.repeat(31)}xy`, '[a]', '{}'])('%s is no public key', (key) => {
    expect(problemsOf(`n1: {public_key: ${key}}`)).toEqual([
      "a.yaml:1:18: 'public_key' is a text of 64 hexadecimal digits",
    ]);
  });
});

describe('neighbours', () => {
  test('missing, null or empty, they are all others', () => {
    expect(neighboursOf('n1:\nn2: {neighbours: }\nn3: {neighbours: []}\n')).toEqual([
      ['n2', 'n3'],
      ['n1', 'n3'],
      ['n1', 'n2'],
    ]);
  });

  test('lists stay directed; the node itself and repetitions are left out', () => {
    const text = 'n1: {neighbours: [n2, n1, n2]}\nn2: {neighbours: [n3]}\nn3: {neighbours: [n3]}\n';
    expect(neighboursOf(text)).toEqual([['n2'], ['n3'], []]);
  });

  test('numbers may name nodes, as they are written', () => {
    expect(neighboursOf('1: {neighbours: [02]}\n02: {neighbours: ["1"]}\n')).toEqual([
      ['02'],
      ['1'],
    ]);
  });

  test('templates are no neighbours', () => {
    expect(neighboursOf('_d: {}\nn1:\nn2:\n')).toEqual([['n2'], ['n1']]);
    expect(problemsOf('_d: {}\nn1: {neighbours: [_d]}\n')).toHaveLength(1);
  });

  test.each([
    [
      'nod2',
      "a.yaml:1:22: there is no node 'nod2': add a node of this name, or take it out of the neighbours of node1 (did you mean 'node2'?)",
    ],
    [
      'Node2',
      "a.yaml:1:22: there is no node 'Node2': add a node of this name, or take it out of the neighbours of node1 (did you mean 'node2'?)",
    ],
    [
      'else',
      "a.yaml:1:22: there is no node 'else': add a node of this name, or take it out of the neighbours of node1",
    ],
    [
      '7',
      "a.yaml:1:22: there is no node '7': add a node of this name, or take it out of the neighbours of node1",
    ],
    ['~', 'a.yaml:1:22: a neighbour is the name of a node: neighbours: [n2, n3]'],
    ['[node2]', 'a.yaml:1:22: a neighbour is the name of a node: neighbours: [n2, n3]'],
  ])('%s', (neighbour, expected) => {
    const text = `node1: {neighbours: [${neighbour}]}\nnode2:\nnode3:\n`;
    expect(problemsOf(text)).toEqual([expected]);
  });

  test.each(['n2', '{n2: }', '3'])('%s is no list', (value) => {
    expect(problemsOf(`n1: {neighbours: ${value}}\nn2:\n`)).toEqual([
      "a.yaml:1:18: 'neighbours' is a list: neighbours: [n2, n3]",
    ]);
  });

  test('a complete graph has a greatest size', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}:`).join('\n');
    expect(load(names(1000)).nodes[0]!.neighbours).toHaveLength(999);
    expect(problemsOf(names(3000))).toEqual([
      "a.yaml:1:1: 3000 nodes without neighbours would have 8997000 links to all others; write 'neighbours' lists",
    ]);
  });
});

describe('unknown keys', () => {
  const upper = define('upper', {}, { broadcast: ANY });

  test('warn, with the right name when it is close', () => {
    const { warnings, nodes } = load('n1: {hop: 3, colour: red}', ANY);
    expect(nodes).toHaveLength(1);
    expect(warnings).toEqual([
      {
        severity: 'warning',
        message: "unknown key 'hop'",
        file: 'a.yaml',
        line: 1,
        column: 6,
        endLine: 1,
        endColumn: 9,
        suggestion: 'hops',
      },
      {
        severity: 'warning',
        message: "unknown key 'colour'; any takes flag, hops, text, words",
        file: 'a.yaml',
        line: 1,
        column: 14,
        endLine: 1,
        endColumn: 20,
      },
    ]);
  });

  test.each([
    [
      'n1: {neighbors: []}',
      "a.yaml:1:6: warning: unknown key 'neighbors' (did you mean 'neighbours'?)",
    ],
    [
      'n1: {Broadcast: {}}',
      "a.yaml:1:6: warning: unknown key 'Broadcast' (did you mean 'broadcast'?)",
    ],
    ['n1: {prt: 1}', "a.yaml:1:6: warning: unknown key 'prt'; upper takes broadcast"],
    [
      'n1: {broadcast: {hop: 3}}',
      "a.yaml:1:18: warning: unknown key 'hop' in 'broadcast' (did you mean 'hops'?)",
    ],
    [
      'n1: {broadcast: {port: 3}}',
      "a.yaml:1:18: warning: unknown key 'port' in 'broadcast'; any takes flag, hops, text, words",
    ],
    ['n1: {toString: 3}', "a.yaml:1:6: warning: unknown key 'toString'; upper takes broadcast"],
  ])('%s', (text, expected) => {
    expect(problemsOf(text, upper)).toEqual([expected]);
  });

  test('are errors when strict', () => {
    const error = errorOf(() => load('n1: {hop: 3}', ANY, true))!;
    expect(error.message).toBe("a.yaml:1:6: unknown key 'hop' (did you mean 'hops'?)");
    expect(error.problems[0]!.severity).toBe('error');
  });

  test('of a template warn once', () => {
    expect(problemsOf('_d: &d {hop: 1}\nn1: *d\nn2: {<<: *d}\n', ANY)).toHaveLength(1);
  });
});

describe('the list of problems', () => {
  test('has all of them, in the order of the text, warnings too', () => {
    const text = 'n1:\n  hops: many\n  hop: 3\n  neighbours: [n2, x, y]\nn2: 3\n';
    expect(problemsOf(text, ANY)).toEqual([
      'a.yaml:2:9: \'hops\': Invalid type: Expected number but received "many"',
      "a.yaml:3:3: warning: unknown key 'hop' (did you mean 'hops'?)",
      "a.yaml:4:20: there is no node 'x': add a node of this name, or take it out of the neighbours of n1",
      "a.yaml:4:23: there is no node 'y': add a node of this name, or take it out of the neighbours of n1",
      "a.yaml:5:5: node 'n2' is a map: write its settings below, indented",
    ]);
  });

  test('ends somewhere, and counts the rest', () => {
    const wrong = Array.from({ length: PROBLEMS_MAX + 20 }, (_, i) => `x${i}y`).join(', ');
    const error = errorOf(() => load(`n1: {neighbours: [${wrong}]}`, BARE))!;
    expect(error.problems).toHaveLength(PROBLEMS_MAX);
    expect(error.message).toMatch(/\n… and 20 more$/);
  });

  test('counts what a template repeats once', () => {
    const keys = Array.from({ length: PROBLEMS_MAX + 5 }, (_, i) => `x${i}: 1`).join(', ');
    const error = errorOf(() => load(`_d: &d {${keys}}\nn1: *d\nn2: *d\n`, BARE, true))!;
    expect(error.message).toMatch(/\n… and 5 more$/);
  });

  test('still refuses when the errors come behind the last that is listed', () => {
    const keys = Array.from({ length: PROBLEMS_MAX + 5 }, (_, i) => `x${i}: 1`).join(', ');
    expect(errorOf(() => load(`n1: {${keys}}\nn2: 3\n`))?.message).toContain('… and ');
  });
});
