/** raftengine’s scenarios of commands, partitions and odd logs. */

import { expect } from 'vitest';
import { RaftCluster } from '../../../support/raft-by-hand.ts';
import { scenario } from '../../../support/raft-scenarios.ts';

function led(settings: Record<string, unknown> = {}, nodes = 3): RaftCluster {
  const cluster = new RaftCluster({ nodes, settings });
  cluster.elect('n1');
  cluster.beat();
  return cluster;
}

/** A command that the leader answers with a result, and that everybody has applied. */
function done(cluster: RaftCluster, at: string, key: string, value: string): void {
  const asked = cluster.put(at, key, value);
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  cluster.beat();
}

function expectSame(cluster: RaftCluster, machine: Record<string, string>): void {
  for (const id of cluster.ids) expect(cluster.machine(id), id).toEqual(machine);
  const [one, ...others] = cluster.ids.map((id) => cluster.terms(id));
  for (const other of others) expect(other).toEqual(one);
}

scenario('test_commands_1', 'test_command_1', () => {
  const cluster = led({ forward: false });
  done(cluster, 'n1', 'x', '1');
  expectSame(cluster, { x: '1' });
  expect(cluster.put('n2', 'x', '2').outcome).toEqual({ kind: 'redirect', leader: 'n1' });
  cluster.forget();
  expect(cluster.put('n1', 'x', '2').outcome).toMatchObject({ kind: 'retry' });
  cluster.ask('n1', 'campaign');
  expect(cluster.put('n1', 'x', '2').outcome).toMatchObject({ kind: 'retry' });
  cluster.settle();
  cluster.crash('n3');
  done(cluster, 'n1', 'x', '3');
  cluster.restart('n3');
  cluster.beat();
  cluster.beat();
  expectSame(cluster, { x: '3' });
});

scenario('test_commands_1', 'test_command_1a', () => {
  const cluster = led();
  done(cluster, 'n1', 'x', '1');
  expect(cluster.state('n3').log.at(2)).toMatchObject({ kind: 'command', term: 1 });
});

scenario('test_commands_1', 'test_command_sqlite_1', () => {
  const cluster = led();
  done(cluster, 'n1', 'x', '1');
  for (const id of cluster.ids) cluster.crash(id);
  for (const id of cluster.ids) cluster.restart(id);
  for (const id of cluster.ids) {
    expect(cluster.state(id)).toMatchObject({ term: 1, vote: 'n1' });
    expect(cluster.terms(id)).toEqual([1, 1]);
  }
  cluster.elect('n2');
  cluster.beat();
  expectSame(cluster, { x: '1' });
});

/** n1 is cut off, n2 leads and commits. */
function twoLeaders(): RaftCluster {
  const cluster = led({ forward: false, check_quorum: false });
  cluster.isolate('n1');
  const lost = cluster.put('n1', 'x', 'lost');
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  expect(cluster.state('n1').role).toBe('leader');
  expect(cluster.state('n2').role).toBe('leader');
  const kept = cluster.put('n2', 'x', 'kept');
  cluster.settle();
  expect([lost.outcome, kept.outcome?.kind]).toEqual([undefined, 'result']);
  return cluster;
}

scenario('test_commands_1', 'test_command_2_leaders_1', () => {
  const cluster = twoLeaders();
  cluster.heal();
  cluster.beat('n2');
  cluster.beat('n2');
  expect(cluster.state('n1')).toMatchObject({ role: 'follower', leader: 'n2', term: 2 });
  expectSame(cluster, { x: 'kept' });
});

scenario('test_commands_1', 'test_command_2_leaders_2', () => {
  const cluster = led({ check_quorum: false });
  cluster.put('n1', 'x', 'lost');
  // What the old leader sent comes late.
  const late = cluster.flying;
  cluster.lose();
  cluster.isolate('n1');
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  cluster.heal();
  for (const message of late) cluster.arrive(message);
  cluster.settle();
  done(cluster, 'n2', 'x', 'kept');
  cluster.beat('n2');
  expectSame(cluster, { x: 'kept' });
});

scenario('test_commands_1', 'test_command_2_leaders_3', () => {
  const cluster = twoLeaders();
  cluster.heal();
  const asked = cluster.put('n1', 'x', 'late');
  cluster.settle();
  // It was taken by a leader that is none: what became of it is for the client to ask again.
  expect(asked.outcome).toMatchObject({ kind: 'retry' });
  cluster.beat('n2');
  expect(cluster.put('n1', 'x', 'later').outcome).toEqual({ kind: 'redirect', leader: 'n2' });
  cluster.beat('n2');
  expectSame(cluster, { x: 'kept' });
});

function afterHeal(pre_vote: boolean): void {
  const cluster = led({ pre_vote, check_quorum: false });
  cluster.isolate('n3');
  cluster.ask('n3', 'campaign');
  const { term } = cluster.state('n3');
  cluster.lose();
  cluster.heal();
  cluster.timer('n1', 'heartbeat');
  const append = cluster.flying.find(({ to }) => to === 'n3')!;
  cluster.deliver(append);
  if (pre_vote) {
    // Its term never went up, so it follows.
    expect(cluster.state('n3')).toMatchObject({ role: 'follower', term: 1, leader: 'n1' });
  } else {
    expect(term).toBeGreaterThan(1);
    expect(cluster.state('n3')).toMatchObject({ role: 'candidate', term });
    const reply = cluster.flying.find(
      ({ from, type }) => from === 'n3' && type === 'appendEntriesReply',
    );
    expect(reply!.message).toMatchObject({ success: false, term });
  }
}

scenario('test_commands_1', 'test_command_after_heal_1', () => afterHeal(false));
scenario('test_commands_1', 'test_command_after_heal_2', () => afterHeal(true));

/** The next command explodes at one node, so often. */
function explode(cluster: RaftCluster, id: string, times: number): void {
  const { machine } = cluster.state(id);
  const apply = machine.apply.bind(machine);
  let left = times;
  machine.apply = (command, at) => {
    if (left-- > 0) throw new Error('it explodes');
    return apply(command, at);
  };
}

scenario('test_commands_1', 'test_follower_explodes_in_command_1', () => {
  const cluster = led({ idempotent: true });
  explode(cluster, 'n3', 1);
  done(cluster, 'n1', 'x', '1');
  cluster.beat();
  expectSame(cluster, { x: '1' });
  expect(cluster.details('n3', 'error')).toHaveLength(1);
});

scenario('test_commands_1', 'test_follower_explodes_in_command_2', () => {
  const cluster = led({ idempotent: false });
  explode(cluster, 'n3', 1);
  done(cluster, 'n1', 'x', '1');
  expect(cluster.state('n3').broken).toMatchObject({ why: 'state machine', detail: 'it explodes' });
  cluster.crash('n3');
  cluster.restart('n3');
  cluster.beat();
  expect(cluster.state('n3').broken).not.toBeNull();
  expect(cluster.machine('n3')).toEqual({});
  cluster.ask('n3', 'repair');
  cluster.crash('n3');
  cluster.restart('n3');
  cluster.beat();
  cluster.beat();
  expectSame(cluster, { x: '1' });
});

scenario('test_commands_1', 'test_leader_explodes_in_command_1', () => {
  const cluster = led({ idempotent: true });
  explode(cluster, 'n1', 1);
  const asked = cluster.put('n1', 'x', '1');
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'error', reason: 'it explodes' });
  cluster.beat();
  cluster.beat();
  expectSame(cluster, { x: '1' });
});

scenario('test_commands_1', 'test_leader_explodes_in_command_2', () => {
  const cluster = led({ idempotent: false });
  explode(cluster, 'n1', 1);
  const asked = cluster.put('n1', 'x', '1');
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'error' });
  expect(cluster.state('n1').broken).not.toBeNull();
  expect(cluster.put('n1', 'x', '2').outcome).toMatchObject({ kind: 'error' });
  cluster.lose();
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  cluster.ask('n1', 'repair');
  cluster.crash('n1');
  cluster.restart('n1');
  cluster.beat('n2');
  cluster.beat('n2');
  expectSame(cluster, { x: '1' });
});

scenario('test_commands_1', 'test_long_catchup', () => {
  const cluster = led({ max_entries: 4 });
  cluster.isolate('n3');
  for (let i = 0; i < 30; i++) done(cluster, 'n1', 'x', `${i}`);
  cluster.heal();
  let largest = 0;
  cluster.onSend = (message) => {
    largest = Math.max(largest, message.message.entries?.length ?? 0);
    return [message];
  };
  cluster.beat();
  cluster.beat();
  expect(largest).toBe(4);
  expectSame(cluster, { x: '29' });
});

scenario('test_commands_1', 'test_full_catchup', () => {
  const cluster = led();
  for (let i = 0; i < 5; i++) done(cluster, 'n1', `${i}`, 'x');
  cluster.crash('n3');
  cluster.restart('n3', { empty: true });
  expect(cluster.terms('n3')).toEqual([]);
  for (let i = 0; i < 3; i++) cluster.beat();
  expectSame(cluster, { 0: 'x', 1: 'x', 2: 'x', 3: 'x', 4: 'x' });
});

scenario('test_commands_1', 'test_op_command_returns_error', () => {
  const cluster = led({ idempotent: true });
  cluster.crash('n3');
  done(cluster, 'n1', 'x', '1');
  cluster.restart('n3');
  explode(cluster, 'n3', 1);
  cluster.beat();
  cluster.beat();
  expect(cluster.details('n3', 'error')[0]).toMatchObject({ index: 2, detail: 'it explodes' });
  cluster.beat();
  expectSame(cluster, { x: '1' });
});

scenario('test_commands_1', 'test_follower_rewrite_1', () => {
  const cluster = led({ check_quorum: false });
  cluster.isolate('n1');
  for (let i = 0; i < 3; i++) cluster.put('n1', 'x', `lost ${i}`);
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  const kept = cluster.put('n2', 'x', 'kept');
  cluster.settle();
  expect(kept.outcome?.index).toBe(3);
  expect(cluster.terms('n1')).toEqual([1, 1, 1, 1]);
  cluster.heal();
  cluster.beat('n2');
  cluster.beat('n2');
  expect(cluster.terms('n1')).toEqual([1, 2, 2]);
  expectSame(cluster, { x: 'kept' });
});

scenario('test_log_fiddles', 'test_empty_log_1', () => {
  const cluster = new RaftCluster({ settings: { pre_vote: false } });
  cluster.run(3000);
  const old = cluster.leader!;
  done(cluster, old, 'x', '1');
  cluster.crash(old);
  cluster.restart(old, { empty: true });
  cluster.run(5000);
  expectSame(cluster, { x: '1' });
});

scenario('test_log_fiddles', 'test_empty_log_2', () => {
  const cluster = new RaftCluster();
  cluster.run(3000);
  const follower = cluster.ids.find((id) => id !== cluster.leader)!;
  done(cluster, cluster.leader!, 'x', '1');
  cluster.crash(follower);
  cluster.restart(follower, { empty: true });
  cluster.run(3000);
  expectSame(cluster, { x: '1' });
});

scenario('test_partition_1', 'test_partition_1', () => {
  const cluster = led({}, 5);
  cluster.isolate('n4', 'n5');
  for (let i = 0; i < 3; i++) done(cluster, 'n1', 'x', `${i}`);
  expect(cluster.machine('n4')).toEqual({});
  expect(cluster.state('n5').commit).toBe(1);
  cluster.heal();
  cluster.beat();
  cluster.beat();
  expectSame(cluster, { x: '2' });
});

scenario('test_partition_1', 'test_partition_2_leader', () => {
  const cluster = led({ check_quorum: false });
  cluster.isolate('n1');
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  const kept = cluster.put('n2', 'x', 'kept');
  cluster.settle();
  expect(kept.outcome?.kind).toBe('result');
  cluster.heal();
  // What it says is refused, and the refusal has the newer term.
  cluster.step('n1', { kind: 'timer', name: 'heartbeat' });
  cluster.ask('n1', 'campaign');
  cluster.beat('n2');
  cluster.beat('n2');
  expect(cluster.state('n1')).toMatchObject({ role: 'follower', term: 2 });
  expectSame(cluster, { x: 'kept' });
});

scenario('test_partition_1', 'test_partition_3_leader', () => {
  const cluster = led();
  cluster.isolate('n1');
  cluster.run(1300);
  expect(cluster.state('n1').role).not.toBe('leader');
  expect(cluster.details('n1', 'election')).toContainEqual({ what: 'no quorum', term: 1 });
  cluster.heal();
  cluster.run(4000);
  expect(cluster.leader).toBeDefined();
  cluster.beat();
  expectSame(cluster, {});
});

scenario('test_partition_1', 'test_partition_3_follower', () => {
  const cluster = led();
  cluster.isolate('n3');
  cluster.run(5000);
  expect(cluster.leader).toBe('n1');
  expect(cluster.state('n1').term).toBe(1);
});
