import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ANY, define, errorOf, load, problemsOf, settingsOf } from './load.ts';

const libraries = [
  [
    'valibot',
    define('one', { n: v.number(), s: v.string(), b: v.boolean(), list: v.array(v.string()) }),
  ],
  [
    'zod',
    define('one', { n: z.number(), s: z.string(), b: z.boolean(), list: z.array(z.string()) }),
  ],
] as const;

const rest = (name: string) => {
  const all = ['n: 0', 's: s', 'b: true', 'list: []'];
  return all.filter((field) => !field.startsWith(`${name}:`)).join(', ');
};

describe.each(libraries)('types with %s', (_, definition) => {
  const read = (name: string, written: string) => {
    return settingsOf(`n1: {${name}: ${written}, ${rest(name)}}`, definition)[name];
  };

  test.each([
    ['n', '3', 3],
    ['n', '"3"', 3],
    ['n', "'-1.5e2'", -150],
    ['n', '!!str 3', 3],
    ['s', '3', '3'],
    ['s', '"3"', '3'],
    ['s', '007', '007'],
    ['s', '12345678901234567890', '12345678901234567890'],
    ['s', '1.50', '1.50'],
    ['s', 'true', 'true'],
    ['s', 'False', 'False'],
    ['s', 'yes', 'yes'],
    ['b', 'true', true],
    ['b', '"false"', false],
    ['list', '[a, 1, true]', ['a', '1', 'true']],
  ])('%s: %s', (name, written, expected) => {
    expect(read(name, written)).toEqual(expected);
  });

  test.each([
    ['n', 'many'],
    ['n', '""'],
    ['n', '"0x10"'],
    ['n', '"1e999"'],
    ['n', '"Infinity"'],
    ['n', 'true'],
    ['n', '[1]'],
    ['n', '{}'],
    ['s', '[a]'],
    ['s', '~'],
    ['b', '1'],
    ['b', 'yes'],
    ['b', '"True"'],
    ['list', 'a'],
    ['list', '[[a]]'],
  ])('%s: %s is refused', (name, written) => {
    expect(problemsOf(`n1:\n  {${name}: ${written}, ${rest(name)}}`, definition)).toEqual([
      expect.stringMatching(new RegExp(`^a\\.yaml:2:\\d+: '${name}': `)),
    ]);
  });

  test('missing ones are reported at the key of the node', () => {
    const problems = errorOf(() =>
      load('n2: {n: 1, s: s, b: true, list: []}\nn1: {b: true}', definition),
    );
    expect(problems!.problems).toMatchObject([
      { line: 2, column: 1, endLine: 2, endColumn: 3 },
      { line: 2, column: 1, endLine: 2, endColumn: 3 },
      { line: 2, column: 1, endLine: 2, endColumn: 3 },
    ]);
    expect(problems!.message).toContain("2:1: n1 lacks the required setting 'list': Invalid");
  });

  test('a problem inside a list has its own place, alone', () => {
    const problems = problemsOf(
      `n1:\n  list:\n    - 1\n    - [a]\n    - c\n  n: 0\n  s: s\n  b: true\n`,
      definition,
    );
    expect(problems).toEqual([expect.stringMatching(/^a\.yaml:4:7: 'list': 1: Invalid/)]);
  });
});

test('zod fills in defaults and transforms like valibot', () => {
  const definition = define('d', {
    a: z.number().default(5),
    b: v.optional(v.number(), 6),
    c: z.string().transform((text) => text.length),
    d: v.optional(v.string()),
  });
  const own = load('n1: {c: four}', definition).nodes[0]!.settings.own;
  expect(own).toEqual({ a: 5, b: 6, c: 4 });
  expect('d' in own).toBe(false);
});

describe('null', () => {
  test('counts as not written unless the schema takes it', () => {
    expect(settingsOf('n1:\n  hops:\n  text: ~\n', ANY)).toEqual({
      flag: false,
      hops: 7,
      words: [],
    });
    const nullable = define('nullable', { leader: v.nullable(v.string()) });
    expect(settingsOf('n1: {leader: ~}', nullable)).toEqual({ leader: null });
  });

  test('in a required setting is reported at its key', () => {
    const required = define('required', { start_node: v.boolean() });
    expect(problemsOf('n1:\n  start_node:\n', required)).toEqual([
      "a.yaml:2:3: 'start_node': Invalid type: Expected boolean but received null",
    ]);
  });
});

test('yes and no are not booleans any more, which is said', () => {
  expect(problemsOf('n1: {flag: yes}\nn2: {flag: Off}\n', ANY)).toEqual([
    "a.yaml:1:12: 'flag': Invalid type: Expected boolean but received \"yes\" (did you mean 'true'?)",
    "a.yaml:2:12: 'flag': Invalid type: Expected boolean but received \"Off\" (did you mean 'false'?)",
  ]);
});

test('a schema that throws, or waits, is a problem of its setting', () => {
  const odd = define('odd', {
    thrown: v.pipe(
      v.number(),
      v.transform(() => {
        throw new Error('no such thing');
      }),
    ),
    late: v.optionalAsync(v.number()) as never,
  });
  expect(problemsOf('n1: {thrown: 1, late: 2}', odd)).toEqual([
    "a.yaml:1:14: 'thrown': no such thing",
    "a.yaml:1:23: 'late': an asynchronous schema cannot judge a message; use a synchronous one",
  ]);
});

describe('places', () => {
  test('a value inside a template is underlined there, once', () => {
    const text = '_d: &d\n  hops: 3\n  words: [a, [b]]\nn1:\n  <<: *d\nn2: *d\n';
    expect(errorOf(() => load(text, ANY))!.problems).toMatchObject([
      { line: 3, column: 14, endLine: 3, endColumn: 17 },
    ]);
  });

  test('a value behind an alias is underlined where it is written', () => {
    const text = '_n: &many   lots\nn1:\n  hops: *many\n';
    expect(errorOf(() => load(text, ANY))!.problems).toMatchObject([
      { line: 1, column: 13, endLine: 1, endColumn: 17 },
    ]);
  });

  test('a block is underlined to its last letter', () => {
    const text = 'n1:\n  hops:\n    a: 1\n    b: 2   \n\n# more\nn2:\n';
    expect(errorOf(() => load(text, ANY))!.problems).toMatchObject([
      { line: 3, column: 5, endLine: 4, endColumn: 9 },
    ]);
  });

  test('quotes belong to a value, and lines may end in CR LF', () => {
    const text = 'n1:\r\n  text: x\r\n  hops: "lots"\r\n';
    expect(errorOf(() => load(text, ANY))!.problems).toMatchObject([
      { line: 3, column: 9, endLine: 3, endColumn: 15 },
    ]);
  });
});

describe('layers', () => {
  const lower = define('lower', { fanout: v.number(), ttl: v.optional(v.number(), 4) });
  const middle = define('middle', { name: v.optional(v.string(), 'm') }, { lower });
  const upper = define('upper', { start: v.optional(v.boolean(), false) }, { middle });

  test('have their settings under their names, at every depth', () => {
    const text = 'n1:\n  start: true\n  middle:\n    lower:\n      fanout: "3"\n';
    expect(load(text, upper).nodes[0]!.settings).toEqual({
      own: { start: true },
      children: {
        middle: {
          own: { name: 'm' },
          children: { lower: { own: { fanout: 3, ttl: 4 }, children: {} } },
        },
      },
    });
  });

  test.each([
    ['n1: {}', "a.yaml:1:1: n1 lacks the required setting 'middle.lower.fanout': "],
    ['n1:\n  middle:\n', "a.yaml:1:1: n1 lacks the required setting 'middle.lower.fanout': "],
    [
      'n1:\n  middle:\n    lower: {}\n',
      "a.yaml:3:5: n1 lacks the required setting 'middle.lower.fanout': ",
    ],
    [
      'n1:\n  middle: 3\n',
      "a.yaml:2:11: 'middle' is a layer: write its settings below it, indented",
    ],
    [
      'n1: {middle: {lower: [1]}}',
      "a.yaml:1:22: 'middle.lower' is a layer: write its settings below it, indented",
    ],
    ['n1: {middle: {lower: {fanout: x}}}', "a.yaml:1:31: 'middle.lower.fanout': Invalid type: "],
  ])('%j', (text, expected) => {
    expect(problemsOf(text, upper)).toEqual([expect.stringContaining(expected)]);
  });
});
