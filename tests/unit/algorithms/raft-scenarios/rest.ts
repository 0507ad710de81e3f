/** raftengine’s scenarios of snapshots, events and odd messages, and those that do not apply. */

import { expect } from 'vitest';
import { SchemaError } from '../../../../src/core/errors.ts';
import { parse } from '../../../../src/core/schema.ts';
import { messages } from '../../../../src/algorithms/raft/messages.ts';
import { KeyValue } from '../../../../src/algorithms/raft/key-value.ts';
import { RaftCluster } from '../../../support/raft-by-hand.ts';
import { notApplicable, scenario } from '../../../support/raft-scenarios.ts';

function led(settings: Record<string, unknown> = {}, nodes = 3): RaftCluster {
  const cluster = new RaftCluster({ nodes, settings });
  cluster.elect('n1');
  cluster.beat();
  return cluster;
}

function fill(cluster: RaftCluster, count: number): void {
  const leader = cluster.leader!;
  for (let i = 0; i < count; i++) cluster.put(leader, `k${i}`, `${i}`);
  cluster.settle();
  cluster.beat(leader);
}

scenario('test_snapshots', 'test_dict_ops', () => {
  const machine = new KeyValue();
  machine.apply({ do: 'put', key: 'x', value: '1' });
  const snapshot = machine.snapshot();
  machine.apply({ do: 'put', key: 'x', value: '2' });
  machine.restore(snapshot);
  expect(machine.canonical()).toEqual({ x: '1' });
});

scenario('test_snapshots', 'test_snapshot_1', () => {
  const cluster = led();
  fill(cluster, 5);
  const asked = cluster.ask('n1', 'snapshot');
  expect(asked.outcome).toEqual({ kind: 'result', value: 6 });
  cluster.crash('n1');
  cluster.restart('n1');
  expect(cluster.machine('n1')).toEqual({ k0: '0', k1: '1', k2: '2', k3: '3', k4: '4' });
  expect(cluster.state('n1')).toMatchObject({ commit: 6, applied: 6 });
});

scenario('test_snapshots', 'test_snapshot_2', () => {
  const cluster = led();
  fill(cluster, 5);
  cluster.ask('n2', 'snapshot');
  expect(cluster.state('n2').log.length).toBe(0);
  cluster.elect('n2');
  fill(cluster, 2);
  expect(cluster.state('n3').commit).toBe(cluster.state('n2').commit);
  expect(cluster.machine('n3')).toEqual(cluster.machine('n2'));
});

scenario('test_snapshots', 'test_snapshot_3', () => {
  const cluster = led({ voters: ['n1', 'n2', 'n3'], chunk_bytes: 50 }, 4);
  fill(cluster, 20);
  // It need not hand leadership over to take one.
  cluster.ask('n1', 'snapshot');
  expect(cluster.leader).toBe('n1');
  const asked = cluster.ask('n1', 'change', { changes: [{ make: 'voter', node: 'n4' }] });
  cluster.settle();
  cluster.beat();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  expect(cluster.sent.get('installSnapshot')).toBeGreaterThan(3);
  expect(cluster.machine('n4')).toEqual(cluster.machine('n1'));
});

scenario('test_snapshots', 'test_snapshot_4', () => {
  const cluster = led({ chunk_bytes: 50 });
  cluster.isolate('n3');
  fill(cluster, 20);
  cluster.ask('n1', 'snapshot');
  fill(cluster, 3);
  cluster.heal();
  cluster.timer('n1', 'heartbeat');
  // A piece is lost, and the node restarts in the middle.
  let pieces = 0;
  cluster.onSend = (message) =>
    message.type === 'installSnapshot' && ++pieces === 2 ? [] : [message];
  cluster.settle();
  cluster.beat();
  cluster.beat();
  cluster.beat();
  expect(cluster.machine('n3')).toEqual(cluster.machine('n1'));
  expect(cluster.state('n3').log.base.index).toBe(21);
  cluster.crash('n3');
  cluster.restart('n3');
  cluster.beat();
  expect(cluster.machine('n3')).toEqual(cluster.machine('n1'));
});

scenario('test_events', 'test_event_handlers', () => {
  const cluster = led();
  expect(cluster.details('n1', 'role').map(({ role }) => role)).toEqual([
    'pre-candidate',
    'candidate',
    'leader',
  ]);
  expect(cluster.details('n2', 'term')).toEqual([{ term: 1 }]);
  expect(cluster.details('n2', 'leader').at(-1)).toEqual({ leader: 'n1', term: 1 });
  expect(cluster.details('n1', 'election').map(({ what }) => what)).toEqual(['campaign', 'won']);
  fill(cluster, 2);
  expect(cluster.details('n3', 'applied')).toEqual([
    { index: 2, term: 1 },
    { index: 3, term: 1 },
  ]);
  cluster.crash('n3');
  cluster.restart('n3', { empty: true });
  cluster.beat();
  cluster.beat();
  expect(cluster.details('n1', 'resync').length).toBeGreaterThan(0);
});

function garbage(): void {
  const { schema } = messages.appendEntries;
  const whole = {
    term: 1,
    prevIndex: 0,
    prevTerm: 0,
    entries: [],
    commit: 0,
    round: 0,
    session: 0,
  };
  expect(parse(schema, whole, 'it')).toEqual(whole);
  const broken: object[] = [
    { ...whole, term: -1 },
    { ...whole, term: 1.5 },
    { ...whole, term: 2 ** 60 },
    { ...whole, entries: 'none' },
    { ...whole, entries: [{ term: 1, kind: 'order', data: 1 }] },
    { ...whole, commit: undefined },
  ];
  for (const message of broken) expect(() => parse(schema, message, 'it')).toThrow(SchemaError);
}

scenario('test_events', 'test_message_errors', garbage);
scenario('test_msg_edges', 'test_message_errors', garbage);

scenario('test_msg_edges', 'test_slow_voter', () => {
  const cluster = new RaftCluster({ settings: { pre_vote: false } });
  cluster.ask('n1', 'campaign');
  cluster.settle(({ type }) => type === 'requestVote');
  const slow = cluster.flying.filter(({ type }) => type === 'requestVoteReply');
  cluster.lose();
  cluster.ask('n1', 'campaign');
  for (const reply of slow) cluster.arrive(reply);
  expect(cluster.state('n1')).toMatchObject({ role: 'candidate', term: 2 });
  cluster.settle();
  expect(cluster.state('n1')).toMatchObject({ role: 'leader', term: 2 });
});

scenario('test_msg_edges', 'test_message_serializer', () => {
  // A step is synchronous, so that nothing can come between; what comes in one order is dealt with in it.
  const cluster = led();
  const asked = [1, 2, 3].map((i) => cluster.put('n1', 'x', `${i}`));
  cluster.settle();
  expect(asked.map(({ outcome }) => outcome?.index)).toEqual([2, 3, 4]);
  expect(cluster.machine('n1')).toEqual({ x: '3' });
});

notApplicable(
  'test_member_changes',
  ['test_member_change_messages'],
  'members change through the log; there is no message of their own to encode',
);
notApplicable(
  'test_class_edges',
  ['test_bogus_pilot'],
  'a state machine that lacks a method does not compile',
);
notApplicable(
  'test_class_edges',
  ['test_shutdown_mis_order'],
  'a node and its log are one machine and stop together',
);
notApplicable(
  'test_class_edges',
  ['test_str_methods', 'test_enum_edges'],
  'texts of Python’s classes and enums',
);
notApplicable(
  'test_class_edges',
  ['test_message_ops'],
  'the runtime encodes messages, and answers are messages of their own',
);
notApplicable(
  'test_class_edges',
  [
    ...['test_log_controller_basic', 'test_log_controller_logger_levels'],
    ...['test_log_controller_errors', 'test_log_controller_add_logger'],
    ...['test_log_controller_save_restore', 'test_logger_def', 'test_add_logger_errors'],
    ...['test_temporary_log_control', 'test_convenience_functions', 'test_to_dict_config'],
    ...['test_get_known_copies', 'test_apply_config'],
    'test_internal_set_logger_level_without_custom_flag',
  ],
  'a registry of Python’s loggers',
);
notApplicable(
  'test_dev_tools',
  ['test_memory_log', 'test_sqlite_log'],
  'a wrapper of its test server; stores have a conformance suite of their own',
);
notApplicable('test_random_code', ['test_get_deck'], 'a factory of Python classes');
