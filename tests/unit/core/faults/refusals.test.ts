/** Plans that cannot be: all that is wrong is said at once, each with its place. */

import { describe, expect, test } from 'vitest';
import { fc } from '../../../support/property.ts';
import { codeProblemsOf, problemsOf } from './support.ts';

/** Text, place and what is said of it. */
const refusals: readonly (readonly [text: string, place: string, problem: string])[] = [
  // Names.
  ['lateny: 5', '1:1', "unknown key 'lateny' (did you mean 'latency'?)"],
  [
    'byzantine: { n1: equivocte }',
    '1:18',
    "no such behaviour: 'equivocte' (did you mean 'equivocate'?)",
  ],
  ['byzantine: { n1: { lie: true } }', '1:20', "unknown key 'lie'"],
  ['crashes: [{ node: n5, at: 1 }]', '1:19', "there is no node 'n5'"],
  ['byzantine: { node1: forge }', '1:14', "there is no node 'node1'"],
  ['links: { n1->n9: { loss: 1 } }', '1:10', "there is no node 'n9'"],
  ['links: { n1: { loss: 1 } }', '1:10', 'a link is written n1->n2'],
  ['links: { n1->n1: { loss: 1 } }', '1:10', 'n1 has no link to itself'],
  ['partitions: [{ isolate: x* }]', '1:25', "no node fits 'x*'"],
  ['pauses: [{ node: any 9, at: 1, for: 1 }]', '1:18', 'there are 4 nodes'],
  ['crashes: [{ node: n1, at: 1, disk: losst }]', '1:36', 'a disk is one of kept'],
  [
    'crashes: [{ node: n1, at: 1, disk: full }]',
    '1:36',
    'every write is durable at once, none can fail',
  ],
  ['crashes: [{ node: n1, at: 1, disk: damaged }]', '1:36', 'none has a checksum'],
  // Numbers.
  ['loss: 1.5', '1:7', 'a share lies between 0 and 1 (100%); this is 1.5'],
  ['loss: -0.1', '1:7', 'a share lies between 0 and 1'],
  ['loss: much', '1:7', 'a share is a number from 0 to 1, or 10%'],
  ['latency: -5', '1:10', 'a time is not negative'],
  ['latency: 50-5', '1:10', 'the smaller number comes first: 5-50'],
  ['latency: 5 hours', '1:10', "there is no unit 'hours'"],
  ['latency: 2000m', '1:10', 'a time is at most a day'],
  ['latency: .nan', '1:10', 'a time is a number of milliseconds'],
  ['latency: .inf', '1:10', 'a time is a number of milliseconds'],
  [
    'latency: { exponential: 5, normal: 5 }',
    '1:10',
    'one distribution, not exponential and normal',
  ],
  ['latency: { normal: 5 }', '1:10', "a normal distribution has a 'deviation' too"],
  ['latency: { uniform: 5 }', '1:21', 'a uniform distribution has two ends'],
  ['latency: { exponential: 5, deviation: 5 }', '1:28', "'deviation' belongs to a normal"],
  ['latency: { exponential: 5, min: 9, max: 3 }', '1:33', "the smaller number is 'min'"],
  ['bandwidth: 0', '1:12', 'a bandwidth is a number of bytes a second above 0'],
  ['clocks: { n1: { drift: -2 } }', '1:24', 'a share lies between -0.99 and 1'],
  // Times.
  ['crashes: [{ node: n1 }]', '1:11', 'say when: at: 2s, or every: 5s'],
  ['crashes: [{ node: n1, at: -1 }]', '1:27', 'a time is not negative'],
  ['crashes: [{ node: n1, at: 1, every: 1s, for: 1 }]', '1:30', "either 'at', once, or 'every'"],
  ['crashes: [{ node: n1, every: 1s }]', '1:11', 'say for how long each time'],
  ['pauses: [{ node: n1, at: 1 }]', '1:10', 'say for how long: for: 500ms'],
  ['pauses: [{ node: n1, at: 1, for: 0 }]', '1:34', 'this lasts no time'],
  ['pauses: [{ every: 0, for: 1 }]', '1:19', 'the time between two is at least 1 ms'],
  ['partitions: [{ isolate: n1, for: 1s }]', '1:29', "'for' stands beside 'at' or 'every'"],
  [
    '{ heal: 1s, crashes: [{ node: n1, at: 2s }] }',
    '1:39',
    'it would begin at 2000 ms, and all is healed at 1000 ms',
  ],
  ['heal: 0', '1:7', 'nothing could go wrong before 0'],
  ['progress: 5s', '1:1', "'progress' is counted from 'heal'"],
  // What contradicts itself.
  [
    'crashes: [{ node: n1, at: 1s, for: 2s }, { node: n1, at: 2s, for: 1s }]',
    '1:42',
    'n1 is down from 1000 ms to 3000 ms already',
  ],
  [
    'crashes: [{ node: n1, at: 1s }, { nodes: n*, at: 9s, for: 1s }]',
    '1:33',
    'n1 is down from 1000 ms to the end already',
  ],
  [
    'pauses: [{ node: n1, at: 1, for: 9 }, { node: n1, at: 2, for: 1 }]',
    '1:39',
    'n1 stands still from 1 ms to 10 ms already',
  ],
  ['crashes: [{ node: n1, nodes: n2, at: 1 }]', '1:23', "either 'node' or 'nodes'"],
  ['crashes: [{ at: 1 }]', '1:11', 'say which: node: n1'],
  ['crashes: [{ node: n1, at: 1, disk: torn }]', '1:36', 'give the disk a time'],
  ['crashes: [{ nodes: n*, at: 1 }]', '1:1', 'no correct node would be left'],
  [
    '{ byzantine: { n1: forge, n2: forge, n3: forge }, crashes: [{ node: n4, at: 1 }] }',
    '1:51',
    'no correct node would be left',
  ],
  ['byzantine: { "n*": forge }', '1:1', 'every node would be Byzantine'],
  ['twins: n*', '1:1', 'every node would be Byzantine'],
  [
    '{ twins: [n1], crashes: [{ node: n1, at: 1 }] }',
    '1:26',
    'n1 has a twin: it cannot crash as well',
  ],
  ['partitions: [{ groups: [[n1, n2], [n2]] }]', '1:35', 'n2 is in two groups'],
  ['partitions: [{ groups: [n1] }]', '1:24', 'a partition has two groups'],
  [
    'partitions: [{ isolate: n1, cut: n1->n2 }]',
    '1:14',
    'say who is cut off from whom, by one of groups',
  ],
  ['partitions: [{ at: 1s }]', '1:14', 'say who is cut off from whom, by one of groups'],
  ['partitions: [{ split: quarters }]', '1:23', 'a split is one of halves, one, random'],
  ['partitions: [{ isolate: n1, one_way: please }]', '1:38', 'this is true or false'],
  // Expectations.
  ['expect: fired', '1:9', 'there is no fault in this plan that could fire'],
  ['{ loss: 1%, expect: duplication }', '1:21', "this plan has no 'duplication'"],
  ['{ loss: 1%, expect: los }', '1:21', "no fault is called 'los'"],
  // Forms.
  ['[loss]', '1:1', 'faults are a map'],
  ['loss: {}', '1:7', 'a share is a number from 0 to 1'],
  ['links: [n1->n2]', '1:8', 'a map: n1->n2: { loss: 10% }'],
  ['links: { n1->n2: {} }', '1:18', 'say what it does: one of latency'],
  ['byzantine: { n1: }', '1:14', 'how does it lie? equivocate'],
  ['byzantine: { n1: {} }', '1:18', 'which? equivocate'],
  ['crashes: soon', '1:10', 'this is a map of node'],
  ['disk: 5', '1:7', 'this is a map of sync'],
  ['disk: {}', '1:7', 'say how long a write takes'],
  ['reordering: { within: 5 }', '1:13', 'say which share'],
  ['clocks: { n1: { at: 1s } }', '1:15', 'say how it is wrong'],
  ['loss: 10%\nloss: 20%', '2:1', "'loss' is written twice"],
];

describe('a plan is refused, with the place', () => {
  test.each(refusals)('%s', (text, place, problem) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.startsWith(`f.yaml:${place}: `), problems[0]).toBe(true);
    expect(problems[0]).toContain(problem);
  });
});

test('everything that is wrong is said at once, in the order of the text', () => {
  const text = 'loss: 2\nduplicaton: 1%\ncrashes:\n  - node: n7\n    at: soon\n';
  expect(problemsOf(text)).toEqual([
    expect.stringContaining('f.yaml:1:7: a share lies between'),
    expect.stringContaining("f.yaml:2:1: unknown key 'duplicaton' (did you mean 'duplication'?)"),
    expect.stringContaining("f.yaml:4:11: there is no node 'n7'"),
    expect.stringContaining('f.yaml:5:9: a time is a number of milliseconds'),
  ]);
});

test('in code, the place is a path', () => {
  expect(
    codeProblemsOf({
      loss: 2,
      links: { 'n1->n9': { loss: 0.1 } },
      crashes: [
        { node: 'n1', at: 1 },
        { node: 'm2', at: 'soon' },
      ],
      expct: 'fired',
    }).toSorted(),
  ).toEqual([
    expect.stringContaining('crashes[1].at: a time is'),
    expect.stringContaining("crashes[1].node: there is no node 'm2'"),
    expect.stringContaining("expct: unknown key 'expct' (did you mean 'expect'?)"),
    expect.stringContaining("links.n1->n9: there is no node 'n9'"),
    expect.stringContaining('loss: a share lies between'),
  ]);
});

test('whatever it is given, it says what is wrong and throws nothing else', () => {
  const keys = fc.constantFrom(
    ...['latency', 'loss', 'links', 'nodes', 'partitions', 'crashes', 'pauses', 'disk', 'clocks'],
    ...['byzantine', 'twins', 'heal', 'progress', 'expect', 'at', 'every', 'for', 'node', 'groups'],
    ...['n1', 'n1->n2', 'equivocate', 'share', 'to', 'offset', 'sync', 'normal', 'first', 'split'],
  );
  const words = fc.constantFrom(
    'n1',
    'n1->n2',
    'any 1',
    'any third',
    '1s',
    '5-9',
    'fired',
    'forge',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(words, fc.anything({ maxDepth: 0 })),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (faults) => {
      for (const problem of codeProblemsOf(faults)) expect(problem).toMatch(/^\S.*: \S/);
    }),
    { numRuns: 3000 },
  );
});
