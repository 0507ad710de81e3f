/** Settings of samplers that are valid one by one: what they contradict is told where it is written. */

import { expect, test } from 'vitest';
import { Basalt } from '../../../../src/algorithms/basalt/index.ts';
import { Brahms } from '../../../../src/algorithms/brahms/index.ts';
import { Cyclon } from '../../../../src/algorithms/cyclon/index.ts';
import { Gbps } from '../../../../src/algorithms/gbps/index.ts';
import { Hyparview } from '../../../../src/algorithms/hyparview/index.ts';
import { defineAlgorithm, type AlgorithmClass } from '../../../../src/core/algorithm.ts';
import { ConfigError, type ConfigProblem } from '../../../../src/core/config/config-error.ts';
import { loadConfig } from '../../../../src/core/config/load-config.ts';

const others = 'n2: {}\nn3: {}\nn4: {}\nn5: {}\nn6: {}\n';

const Application = defineAlgorithm('application', { children: { sampling: Gbps } });

/** The layer's settings once for all. */
const layered = `_all: &all
  sampling: { view_size: 4, heal: 3 }
n1: *all
n2: *all
n3: *all
n4: *all
n5: *all
`;

/** Each as `line:column severity message`. */
function problemsOf(
  { definition }: Pick<AlgorithmClass, 'definition'>,
  text: string,
): readonly string[] {
  const told = ({ line, column, severity, message }: ConfigProblem) =>
    `${line}:${column} ${severity} ${message}`;
  try {
    return loadConfig(text, definition, { file: 'net.yaml' }).warnings.map(told);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(told);
  }
}

const cases: readonly [
  string,
  Pick<AlgorithmClass, 'definition'>,
  string,
  readonly (string | RegExp)[],
][] = [
  [
    'heal and swap beyond half a view',
    Gbps,
    `n1: { view_size: 4, heal: 2, swap: 1 }\n${others}`,
    [
      /^1:27 error heal: 2 and swap: 1 together exceed half a view of 4.*lower one of the two, or write view_size: 6 at least/,
    ],
  ],
  [
    'swap alone beyond it: the line of the node, where heal is not written',
    Gbps,
    `n1:\n  view_size: 4\n  swap: 3\n${others}`,
    [/^1:1 error heal: 0 and swap: 3 together/],
  ],
  [
    'a view that is none',
    Gbps,
    `n1: { view_size: 20000 }\n${others}`,
    [
      /^1:18 error view_size: 20000 is no partial view; 10000 at most/,
      /^1:18 warning view_size: 20000 is more/,
    ],
  ],
  [
    'alpha and beta, once for all who share them',
    Brahms,
    `_all: &all\n  alpha: 0.7\n  beta: 0.6\nn1: *all\nn2: *all\nn3: {}\nn4: {}\nn5: {}\n`,
    [
      /^2:10 error alpha: 0\.7 and beta: 0\.6 make more than a whole view; together they may be 1 at most/,
    ],
  ],
  [
    'more slots refreshed than there are',
    Basalt,
    `n1: { refresh: 5 }\n${others}`,
    [/^1:16 error refresh: 5 is more than the 4 slots/],
  ],
  [
    'a bootnode that is nobody, of every sampler',
    Hyparview,
    `n1: { bootnodes: [n7] }\n${others}`,
    [/^1:18 error bootnodes: n7 is no node of the run/],
  ],
  [
    'the node itself is left out of its bootnodes, as ever',
    Cyclon,
    `n1: { bootnodes: [n1, n2] }\n${others}`,
    [],
  ],
  [
    'a bootnode that is nobody, and one that is no neighbour',
    Gbps,
    `n1: { neighbours: [n2], bootnodes: [n9] }\nn2: { neighbours: [n1], bootnodes: [n3] }\nn3: {}\nn4: {}\nn5: {}\n`,
    [
      '1:36 error bootnodes: n9 is no node of the run',
      '2:36 error bootnodes: n2 cannot send to n3, which is not among its neighbours',
    ],
  ],
  [
    'a sampler below an application',
    Application,
    layered,
    [/^2:35 error 'sampling': heal: 3 and swap: 0 together exceed half a view of 4/],
  ],
  [
    'nothing of all when one is wrong by itself',
    Gbps,
    `n1: { view_size: 4, heal: 9, swap: x }\n${others}`,
    [/^1:36 error 'swap'/],
  ],
  [
    'views larger than the network, where they are written and nowhere else',
    Gbps,
    `n1: { view_size: 6 }\n${others}`,
    [
      '1:18 warning view_size: 6 is more than the network has: there are 5 others to know; write 5 at most, or add nodes',
    ],
  ],
  [
    'slots for more than there are',
    Basalt,
    `n1: { view_size: 6 }\n${others}`,
    [/^1:18 warning view_size: 6 is more/],
  ],
  ['the same of brahms', Brahms, `n1: { view_size: 7 }\n${others}`, [/^1:18 warning view_size: 7/]],
  ['of cyclon', Cyclon, `n1: { view_size: 6 }\n${others}`, [/^1:18 warning view_size: 6/]],
  [
    'of cyclon beyond all bounds',
    Cyclon,
    `n1: { view_size: 20000 }\n${others}`,
    [/^1:18 error view_size: 20000 is no partial view/, /^1:18 warning view_size: 20000/],
  ],
  [
    'and of hyparview’s neighbours',
    Hyparview,
    `n1: { active_size: 6 }\n${others}`,
    [/^1:20 warning active_size: 6 is more/],
  ],
  ['a default larger than the network is nobody’s mistake', Gbps, 'n1: {}\nn2: {}\n', []],
  ['two are few, and a view of two is the least', Gbps, 'n1: { view_size: 2 }\nn2: {}\n', []],
  ['whoever is alone has no network', Gbps, 'n1: { view_size: 4 }\n', []],
  [
    'nothing of what fits',
    Gbps,
    `n1: { view_size: 4, heal: 1, swap: 1, bootnodes: [n2] }\n${others}`,
    [],
  ],
];

test('who is strict has no view larger than the network', () => {
  const text = `n1: { view_size: 6 }\n${others}`;
  const load = () => loadConfig(text, Gbps.definition, { file: 'net.yaml', strict: true });
  expect(load).toThrow(/^net\.yaml:1:18: view_size: 6 is more than the network has/);
});

test.each(cases)('%s', (_name, algorithm, text, expected) => {
  const found = problemsOf(algorithm, text);
  expect(found).toHaveLength(expected.length);
  expected.forEach((problem, at) => expect(found[at]).toMatch(problem));
});
