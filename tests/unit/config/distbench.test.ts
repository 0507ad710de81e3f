import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/load-config.ts';
import { printProblem } from '../../../src/core/config/config-error.ts';
import type { AnyDefinition } from '../../../src/core/algorithm.ts';
import { describeUnless } from '../../support/skip.ts';
import { define } from './load.ts';

const repository = resolve(import.meta.dirname, '../../..');
const data = process.env['PARLEY_TEST_DATA'] ?? resolve(repository, '../shared/data');
const folder = join(data, 'configs/distbench');
const missing = existsSync(folder) ? undefined : 'PARLEY_TEST_DATA has no configs/distbench';

const echo = define('echo', { start_node: v.boolean() });
const ring = define('chang_roberts', { node_id: v.number() });
const chain = define('message_chain', {
  is_initiator: v.boolean(),
  initial_value: v.optional(v.string()),
  max_hops: v.number(),
});
const upper = define(
  'simple_broadcast',
  { start_node: v.boolean(), messages: v.array(v.string()) },
  { broadcast: define('broadcast') },
);
const pingpong = define('pingpong', {
  initiator: v.boolean(),
  max_rounds: v.optional(v.number(), 5),
});
const bracha = define('bracha', {
  is_sender: v.boolean(),
  broadcast_value: v.optional(v.string()),
});

function loadFile(file: string, definition: AnyDefinition) {
  return loadConfig(readFileSync(join(folder, file), 'utf8'), definition, { file });
}

function summary(file: string, definition: AnyDefinition) {
  const { nodes, warnings } = loadFile(file, definition);
  return {
    nodes: Object.fromEntries(
      nodes.map(({ id, neighbours, settings }) => [id, [neighbours.join(' '), settings.own]]),
    ),
    warnings: warnings.map(printProblem),
  };
}

describeUnless(missing)('the configurations of distbench', () => {
  test('echo.yaml', () => {
    expect(summary('echo.yaml', echo)).toEqual({
      nodes: {
        node1: ['node2 node3', { start_node: true }],
        node2: ['node1', { start_node: false }],
        node3: ['node1', { start_node: false }],
      },
      warnings: [],
    });
  });

  test('ring.yaml', () => {
    expect(summary('ring.yaml', ring)).toEqual({
      nodes: {
        node1: ['node2', { node_id: 1 }],
        node2: ['node3', { node_id: 2 }],
        node3: ['node4', { node_id: 3 }],
        node4: ['node1', { node_id: 4 }],
      },
      warnings: [],
    });
  });

  test('message_chain.yaml', () => {
    const initial_value = 'Hello from the message chain!';
    expect(summary('message_chain.yaml', chain)).toEqual({
      nodes: {
        node1: ['node2 node3 node4', { is_initiator: true, initial_value, max_hops: 3 }],
        node2: ['node1 node3 node4', { is_initiator: false, max_hops: 3 }],
        node3: ['node1 node2 node4', { is_initiator: false, max_hops: 3 }],
        node4: ['node1 node2 node3', { is_initiator: false, max_hops: 3 }],
      },
      warnings: [],
    });
  });

  test('simple_broadcast.yaml', () => {
    const messages = ['This is a test message'];
    expect(summary('simple_broadcast.yaml', upper)).toEqual({
      nodes: {
        node1: ['node2 node3', { start_node: true, messages }],
        node2: ['node1 node3', { start_node: false, messages }],
        node3: ['node1 node2', { start_node: false, messages }],
      },
      warnings: [
        "simple_broadcast.yaml:7:5: warning: unknown key 'is_sender' in 'broadcast'; broadcast takes no settings",
      ],
    });
    const [node] = loadFile('simple_broadcast.yaml', upper).nodes;
    expect(node!.settings.children).toEqual({ broadcast: { own: {}, children: {} } });
  });

  test('guide-pingpong.yaml', () => {
    expect(summary('guide-pingpong.yaml', pingpong)).toEqual({
      nodes: {
        n1: ['n2', { initiator: true, max_rounds: 10 }],
        n2: ['n1', { initiator: false, max_rounds: 5 }],
      },
      warnings: [],
    });
  });

  test('readme-bracha.yaml', () => {
    expect(summary('readme-bracha.yaml', bracha)).toEqual({
      nodes: {
        n1: ['n2 n3 n4', { is_sender: true, broadcast_value: 'TestValue123' }],
        n2: ['n1 n3 n4', { is_sender: false }],
        n3: ['n1 n2 n4', { is_sender: false }],
        n4: ['n1 n2 n3', { is_sender: false }],
      },
      warnings: [],
    });
  });
});
