import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ShareVecNode } from '../../../src/algorithms/share_vec/index.ts';
import { Gbps } from '../../../src/algorithms/gbps/index.ts';
import { Echo } from '../../../src/algorithms/echo/index.ts';
import {
  isNodemanagerFile,
  readNodemanager,
  type NodemanagerRun,
} from '../../../src/lab/nodemanager/read-nodemanager.ts';
import { named, topologyYaml } from '../../../src/lab/nodemanager/topology.ts';
import { ring, randomTopology } from '../../../src/lab/nodemanager/generators.ts';
import { configOf } from '../../../src/lab/nodemanager/write-config.ts';
import { resolveFaults } from '../../../src/core/faults/resolve.ts';
import { Random } from '../../../src/core/random.ts';
import { planOf } from '../../../src/lab/run-spec.ts';
import { testUnless } from '../../support/skip.ts';

function read(text: string, files: Readonly<Record<string, string>> = {}): NodemanagerRun {
  return readNodemanager(text, { file: 'nm.yaml', read: (name) => files[name] });
}

const warningsOf = ({ warnings }: NodemanagerRun) => warnings.map(({ message }) => message);

const DATA = path.resolve(
  process.env['PARLEY_TEST_DATA'] ?? '../shared/data',
  'configs/nodemanager',
);

const testOnFiles = testUnless(existsSync(DATA) ? undefined : `there is no ${DATA}`);

testOnFiles('the files of its authors load, and become plans', () => {
  for (const [file, nodes, sampler] of [
    ['deploy_dynamic.yaml', 8, 'gbps'],
    ['generated_static_topology.yaml', 4, 'static'],
    ['node-full-schema.yaml', 8, 'gbps'],
    ['simulation_dynamic_graph.yaml', 4, 'gbps'],
  ] as const) {
    const text = readFileSync(path.join(DATA, file), 'utf8');
    expect(isNodemanagerFile(text), file).toBe(true);
    const run = read(text);
    expect(run.nodes, file).toHaveLength(nodes);
    expect(run.sampling.algorithm, file).toBe(sampler);
    const { config } = configOf(run, ShareVecNode.definition);
    const spec = { runId: 'r', algorithm: 'share_vec', config, configFile: file, strict: false };
    const { plan, warnings } = planOf(
      { ...spec, format: 'json', seed: 1 },
      { name: 'share_vec', algorithm: ShareVecNode },
    );
    // Nothing that the reading of the file has not said already, with its place in the file.
    const isSaid = (text: string) => run.warnings.some(({ message }) => text.endsWith(message));
    const unsaid = warnings.filter(({ message }) => !isSaid(message));
    expect(unsaid, file).toEqual([]);
    expect(plan.nodes).toHaveLength(nodes);
    if (run.faults !== undefined) resolveFaults(run.faults, run.nodes, 1);
  }
});

test('our own configurations are none of its files', () => {
  expect(isNodemanagerFile('n1: { neighbours: [n2] }\nn2:\n')).toBe(false);
  expect(isNodemanagerFile('topology:\nn1:\n')).toBe(false);
  expect(isNodemanagerFile('[1]')).toBe(false);
  expect(isNodemanagerFile('a: [')).toBe(false);
  expect(isNodemanagerFile('sampling: { algorithm: gbps }')).toBe(true);
});

describe('sampling', () => {
  const file = '{"algorithm": "basalt", "params": {"view_size": 9, "heal": 2}, "delay": 7}';

  test('what is written wins over the file, and the file over defaults', () => {
    const text = 'sampling: { algorithm: gbps, config_file: ./s.json, params: { view_size: 6 } }';
    const run = read(text, { './s.json': file });
    expect(run.sampling).toEqual({
      algorithm: 'gbps',
      params: { view_size: 6, heal: 2, delay: 7 },
    });
    expect(run.warnings).toEqual([]);
  });

  test('a file that is not there is a warning, one that is no JSON an error', () => {
    const text = 'sampling: { algorithm: brahams, config_file: s.json, sampler_size: 5 }';
    const run = read(text);
    expect(run.sampling).toEqual({ algorithm: 'brahams', params: { sampler_size: 5 } });
    expect(warningsOf(run)).toEqual([
      'there is no file s.json: what is written here counts, and defaults',
    ]);
    expect(() => read(text, { 's.json': '{' })).toThrow('nm.yaml:1:46: s.json is no JSON object');
  });

  test('parameters of other samplers are left out, and named', () => {
    const run = read(
      'sampling: { algorithm: basalt, params: { view_size: 5, heal: 2, alpha: 0.1 } }',
    );
    expect(run.sampling.params).toEqual({ view_size: 5 });
    expect(warningsOf(run)).toEqual(['basalt has no heal, alpha: left out']);
  });

  test('what a sampler says of its parameters has its place in this file', () => {
    const text = 'sampling:\n  algorithm: gbps\n  params:\n    view_size: 4\n';
    expect(() => read(`${text}    heal: 2\n    swap: 1\n`)).toThrow(
      /^nm\.yaml:5:11: heal: 2 and swap: 1 together exceed half a view of 4/,
    );
    expect(() => read(`${text}    heal: x\n`)).toThrow(/^nm\.yaml:5:11: 'heal': Invalid type/);
    const { warnings } = read(`simulation: { nb_nodes: 4 }\n${text}`);
    expect(warnings).toMatchObject([
      { line: 5, column: 16, message: expect.stringMatching(/^view_size: 4 is more than/) },
    ]);
  });

  test('an unknown sampler is an error with its place', () => {
    expect(() => read('sampling: { algorithm: gbbs }')).toThrow(/nm\.yaml:1:24: /);
  });

  test('without it a topology is static, and enable_sampling: false or mode: static makes it so', () => {
    const nodes = 'nodes: { a: { can_send_to: [b] }, b: {} }';
    expect(read(`topology: { ${nodes} }`).sampling.algorithm).toBe('static');
    const both = `topology: { mode: static, ${nodes} }\nsampling: { algorithm: gbps }`;
    expect(read(both).sampling.algorithm).toBe('static');
    expect(
      read('network: { enable_sampling: false }\nsimulation: { nb_nodes: 3 }').sampling.algorithm,
    ).toBe('static');
  });
});

describe('static topologies', () => {
  test('what is written is read back', () => {
    const random = Random.stream(1, 't');
    for (const topology of [
      named(ring(5)),
      named(randomTopology(9, { mode: 'range', min: 0, max: 3 }, random)),
    ]) {
      const run = read(topologyYaml(topology));
      expect(
        new Map(Array.from(run.topology!, ([name, links]) => [name, links.toSorted()])),
      ).toEqual(new Map(Array.from(topology, ([name, links]) => [name, links.toSorted()])));
    }
  });

  test('a list that is missing follows from the others', () => {
    const run = read(
      'topology: { nodes: { a: {}, b: { can_send_to: [a], can_receive_from: [a] }, c: { can_receive_from: [a] } } }',
    );
    expect(run.topology).toEqual(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['a']],
        ['c', []],
      ]),
    );
  });

  test.each([
    [
      'a: { can_send_to: [x] }\n    b: {}',
      "nm.yaml:3:24: there is no node 'x': add it to topology.nodes, or take it out of can_send_to of a",
    ],
    [
      'a: { can_send_to: [b], can_receive_from: [] }\n    b: { can_send_to: [], can_receive_from: [] }',
      'nm.yaml:3:24: a can send to b, and b cannot receive from a: add a to can_receive_from of b, or take b out of can_send_to of a',
    ],
    [
      'a: { can_send_to: [], can_receive_from: [b] }\n    b: { can_send_to: [], can_receive_from: [] }',
      'nm.yaml:3:46: a can receive from b, and b cannot send to a: add a to can_send_to of b, or take b out of can_receive_from of a',
    ],
    ['a: { can_send_to: [a] }', "nm.yaml:3:24: 'can_send_to' of a names a itself"],
    ['a: { can_send_to: b }\n    b: {}', "'can_send_to' is a list"],
  ])('%j is refused with its place', (nodes, message) => {
    expect(() => read(`topology:\n  nodes:\n    ${nodes}\n`)).toThrow(message);
  });

  test('a rule, a file', () => {
    const rule =
      'topology: { generate: { node_count: 5, kind: random, random: { mode: exact, send_to: 2, receive_from: 2 } } }';
    const links = [...read(rule).topology!.values()];
    expect(links.map(({ length }) => length)).toEqual([2, 2, 2, 2, 2]);
    const elsewhere = read('topology: { file: t.yaml }', {
      't.yaml': topologyYaml(named(ring(3))),
    });
    expect(elsewhere.nodes).toEqual(['node_1', 'node_2', 'node_3']);
    expect(() => read('topology: { file: t.yaml }')).toThrow('there is no topology t.yaml');
    expect(() =>
      read('topology: { file: t.yaml }', {
        't.yaml': 'topology: { nodes: { a: { can_send_to: [b] } } }',
      }),
    ).toThrow('t.yaml:1:');
    expect(() =>
      read('topology: { kind: random, random: { mode: exact, send_to: 1, receive_from: 2 } }'),
    ).toThrow('cannot be for all');
  });

  test('a node without links has none, and not all', () => {
    const run = read('topology: { nodes: { a: { can_send_to: [b] }, b: {}, c: {} } }');
    const { config } = configOf(run, ShareVecNode.definition);
    const spec = { runId: 'r', algorithm: 'x', config, configFile: 'c', strict: true };
    const { plan } = planOf(
      { ...spec, format: 'json', seed: 1 },
      { name: 'x', algorithm: ShareVecNode },
    );
    expect(plan.nodes.map(({ neighbours }) => neighbours)).toEqual([['b'], [], []]);
  });
});

describe('simulation', () => {
  test('its keys are faults, times and a pace', () => {
    const run = read(
      [
        'simulation: { nb_nodes: 3, timeout: 60, max_sim_time: 20, time_step_ms: 200, real_time_factor: 2 }',
        'latency: { base_latency_ms: 40, jitter_factor: 0.25 }',
        'disconnection: { failure_probability: 0.02, recovery_time: 5 }',
        'synchronization: { sync_node_count: 2, sync_interval_ms: 500, max_drift_ms: 30 }',
      ].join('\n'),
    );
    expect(run).toMatchObject({ serviceMs: 20_000, timeoutMs: 60_000, pace: 2 });
    const often = { every: 10_000, for: 5000 };
    expect(run.faults).toEqual({
      latency: { min: 30, max: 50 },
      partitions: ['node_1', 'node_2', 'node_3'].map((isolate) => ({ isolate, ...often })),
      clocks: { node_1: { offset: -30 }, node_2: { offset: 30 } },
    });
    expect(resolveFaults(run.faults!, run.nodes, 1).kinds).toEqual(
      expect.arrayContaining(['partition', 'clock']),
    );
  });

  test('what never happens is no fault', () => {
    const run = read(
      'simulation: { nb_nodes: 2 }\ndisconnection: { failure_probability: 0 }\nsynchronization: { sync_node_count: 0, max_drift_ms: 9 }',
    );
    expect(run.faults).toBeUndefined();
  });

  test.each([
    ['simulation: { nb_nodes: 0 }', 'simulation.nb_nodes'],
    ['simulation: { nb_nodes: 2, real_time_factor: 0 }', 'simulation.real_time_factor'],
    [
      'simulation: { nb_nodes: 2 }\ndisconnection: { failure_probability: 2 }',
      'disconnection.failure_probability',
    ],
    ['simulation: 4', "'simulation' is a block"],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

test('what means nothing among browsers is named, once each, and what nobody knows as well', () => {
  const run = read(
    'context: lab\naddress: 0.0.0.0\nport: 1\nsampling: { algorithm: gbps }\nnetwork: { yamux: { max_num_streams: 3 }, enable_mdsn: true }\n',
  );
  expect(run.context).toBe('lab');
  const said = warningsOf(run);
  expect(said).toHaveLength(4);
  for (const [at, name] of [
    "'address'",
    "'port'",
    "'network.yamux'",
    "unknown key 'enable_mdsn' in 'network'",
  ].entries()) {
    expect(said[at]).toContain(name);
  }
  expect(run.warnings.at(-1)!.suggestion).toBe('enable_mdns');
});

test('an algorithm gets what it has a use for: samplers their parameters, others links alone', () => {
  const run = read(
    'sampling: { algorithm: gbps, view_size: 4 }\ntopology: { kind: ring }\napplication: { cycles: 3 }',
  );
  expect(configOf(run, Gbps.definition)).toMatchObject({ unused: ['application'] });
  expect(configOf(run, Gbps.definition).config).toContain('"view_size":4}');
  expect(configOf(run, Echo.definition)).toMatchObject({ unused: ['sampling'] });
  expect(configOf(run, ShareVecNode.definition).config).toContain('"app":{"cycles":3}');
});
