/** raftengine’s scenarios of members that come and go. */

import { expect } from 'vitest';
import { RaftCluster, type Asked } from '../../../support/raft-by-hand.ts';
import { scenario } from '../../../support/raft-scenarios.ts';

const voters = ['n1', 'n2', 'n3'];

/** Three voters and a fourth node that is no member. */
function four(settings: Record<string, unknown> = {}): RaftCluster {
  const cluster = new RaftCluster({ nodes: 4, settings: { voters, pre_vote: false, ...settings } });
  cluster.elect('n1');
  cluster.beat();
  return cluster;
}

function three(nodes = 3): RaftCluster {
  const cluster = new RaftCluster({ nodes, settings: { pre_vote: false, check_quorum: false } });
  cluster.elect('n1');
  cluster.beat();
  return cluster;
}

function change(cluster: RaftCluster, at: string, make: string, node: string): Asked {
  return cluster.ask(at, 'change', { changes: [{ make, node }] });
}

function members(cluster: RaftCluster, id: string): readonly string[] {
  return cluster.state(id).configurations.at(-1)!.configuration.voters;
}

function fill(cluster: RaftCluster, count: number): void {
  for (let i = 0; i < count; i++) cluster.put('n1', 'x', `${i}`);
  cluster.settle();
  cluster.beat('n1');
}

scenario('test_member_changes', 'test_cluster_config_ops', () => {
  const cluster = four();
  const asked = change(cluster, 'n1', 'removed', 'n3');
  // One change at a time.
  expect(change(cluster, 'n1', 'removed', 'n2').outcome).toMatchObject({
    kind: 'retry',
    reason: 'another change is under way',
  });
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  cluster.beat();
  cluster.crash('n2');
  cluster.restart('n2');
  expect(members(cluster, 'n2')).toEqual(['n1', 'n2']);
});

scenario('test_member_changes', 'test_remove_follower_1', () => {
  const cluster = three();
  const asked = change(cluster, 'n1', 'removed', 'n3');
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  cluster.beat();
  expect(members(cluster, 'n1')).toEqual(['n1', 'n2']);
  cluster.sent.clear();
  cluster.beat();
  // One follower is left.
  expect(cluster.sent.get('appendEntries')).toBe(1);
  expect(cluster.details('n2', 'membership').at(-1)).toMatchObject({ what: 'complete' });
});

scenario('test_member_changes', 'test_remove_leader_1', () => {
  const cluster = three();
  const asked = change(cluster, 'n1', 'removed', 'n1');
  expect(cluster.state('n1').role).toBe('leader');
  // It does not count itself: with one of the two others it is not committed.
  cluster.settle(({ from, to }) => from !== 'n3' && to !== 'n3');
  expect(asked.outcome).toBeUndefined();
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  expect(cluster.state('n1').role).toBe('follower');
  cluster.elect('n2');
  cluster.beat();
  expect(members(cluster, 'n3')).toEqual(['n2', 'n3']);
});

function join(count: number): RaftCluster {
  const cluster = four({ max_entries: 4 });
  fill(cluster, count);
  const asked = change(cluster, 'n1', 'voter', 'n4');
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  cluster.beat();
  expect(members(cluster, 'n4')).toEqual(['n1', 'n2', 'n3', 'n4']);
  expect(cluster.machine('n4')).toEqual(cluster.machine('n1'));
  return cluster;
}

scenario('test_member_changes', 'test_add_follower_1', () => {
  const cluster = join(2);
  expect(cluster.details('n4', 'membership').at(-1)).toMatchObject({ what: 'complete' });
});

scenario('test_member_changes', 'test_add_follower_2', () => void join(40));

scenario('test_member_changes', 'test_re_add_follower_1', () => {
  const cluster = three();
  for (const make of ['removed', 'voter', 'removed', 'voter']) {
    const asked = change(cluster, 'n1', make, 'n3');
    cluster.settle();
    expect(asked.outcome, make).toMatchObject({ kind: 'result' });
    cluster.beat();
  }
  expect(members(cluster, 'n3')).toEqual(['n1', 'n2', 'n3']);
  expect(cluster.terms('n3')).toEqual(cluster.terms('n1'));
});

/** n4 catches up so slowly that each round is over its time, and each time more is to be caught up with. */
function rounds(slow: number): { cluster: RaftCluster; asked: Asked } {
  const cluster = four({ check_quorum: false, max_entries: 1, max_inflight: 1 });
  fill(cluster, 3);
  cluster.isolate('n4');
  const asked = change(cluster, 'n1', 'voter', 'n4');
  cluster.settle();
  for (let round = 1; round <= slow; round++) {
    fill(cluster, 3);
    cluster.heal();
    cluster.nowMs += 1100;
    cluster.step('n1', { kind: 'timer', name: 'heartbeat' });
    const isSame = () => cluster.state('n1').lead?.promotion?.round === round;
    while (isSame() && cluster.flying.length > 0) cluster.deliver(cluster.flying[0]!);
    cluster.isolate('n4');
    cluster.lose(({ from, to }) => from === 'n4' || to === 'n4');
  }
  cluster.heal();
  return { cluster, asked };
}

scenario('test_member_changes', 'test_add_follower_2_rounds_1', () => {
  const { cluster, asked } = rounds(1);
  expect(asked.outcome).toBeUndefined();
  cluster.beat('n1');
  cluster.beat('n1');
  expect(asked.outcome).toMatchObject({ kind: 'result' });
});

scenario('test_member_changes', 'test_add_follower_3_rounds_1', () => {
  const { cluster, asked } = rounds(2);
  expect(asked.outcome).toBeUndefined();
  expect(cluster.state('n1').lead!.promotion).toMatchObject({ round: 3 });
  cluster.beat('n1');
  cluster.beat('n1');
  expect(asked.outcome).toMatchObject({ kind: 'result' });
});

scenario('test_member_changes', 'test_add_follower_too_many_rounds_1', () => {
  const { asked } = rounds(10);
  expect(asked.outcome).toMatchObject({ kind: 'error' });
  expect(asked.outcome?.reason).toContain('10 rounds');
});

scenario('test_member_changes', 'test_add_follower_round_2_timeout_1', () => {
  const { cluster, asked } = rounds(1);
  cluster.isolate('n4');
  cluster.run(12_000);
  expect(asked.outcome).toMatchObject({ kind: 'error', reason: 'n4 did not catch up' });
  expect(cluster.details('n1', 'membership')).toContainEqual({ what: 'aborted', nodes: ['n4'] });
  cluster.heal();
  const second = change(cluster, 'n1', 'voter', 'n4');
  cluster.settle();
  cluster.beat('n1');
  expect(second.outcome).toMatchObject({ kind: 'result' });
});

/** The leader alone has a change in its log, and another is elected. */
function reversed(nodes: number, make: string, node: string): RaftCluster {
  const cluster = nodes === 4 ? four({ check_quorum: false }) : three(nodes);
  const before = members(cluster, 'n1');
  // A learner first: so it needs no time to catch up.
  if (make === 'voter') {
    change(cluster, 'n1', 'learner', node);
    cluster.settle();
    cluster.beat();
    cluster.isolate('n1', node);
  } else {
    cluster.isolate('n1');
  }
  change(cluster, 'n1', make, node);
  cluster.settle();
  expect(members(cluster, 'n1')).not.toEqual(before);
  cluster.crash('n1');
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  cluster.heal();
  cluster.restart('n1');
  expect(members(cluster, 'n1')).not.toEqual(before);
  cluster.beat('n2');
  cluster.beat('n2');
  expect(members(cluster, 'n1')).toEqual(before);
  expect(cluster.details('n1', 'membership')).toContainEqual(
    expect.objectContaining({ what: 'aborted' }),
  );
  return cluster;
}

scenario('test_member_changes', 'test_reverse_add_follower_1', () => {
  reversed(4, 'voter', 'n4');
});

scenario('test_member_changes', 'test_reverse_remove_follower_1', () => {
  reversed(3, 'removed', 'n3');
});

scenario('test_member_changes', 'test_reverse_remove_follower_2', () => {
  const cluster = reversed(3, 'removed', 'n3');
  cluster.crash('n3');
  cluster.restart('n3');
  cluster.beat('n2');
  expect(cluster.state('n3').leader).toBe('n2');
});

scenario('test_member_changes', 'test_reverse_remove_follower_3', () => {
  const cluster = three(5);
  const before = members(cluster, 'n1');
  cluster.isolate('n1', 'n5');
  change(cluster, 'n1', 'removed', 'n5');
  // Whoever is removed hears of it no more: the leader alone has it.
  cluster.settle();
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  cluster.heal();
  cluster.beat('n2');
  cluster.beat('n2');
  expect(members(cluster, 'n1')).toEqual(before);
  expect(members(cluster, 'n5')).toEqual(before);
});

scenario('test_member_changes', 'test_add_follower_timeout_1', () => {
  const cluster = four();
  cluster.isolate('n4');
  const asked = change(cluster, 'n1', 'voter', 'n4');
  cluster.run(12_000);
  expect(asked.outcome).toMatchObject({ kind: 'error', reason: 'n4 did not catch up' });
  expect(members(cluster, 'n1')).toEqual(voters);
});

scenario('test_member_changes', 'test_add_follower_errors_1', () => {
  const cluster = four();
  expect(change(cluster, 'n2', 'voter', 'n4').outcome).toEqual({ kind: 'redirect', leader: 'n1' });
  expect(change(cluster, 'n4', 'voter', 'n4').outcome).toMatchObject({ kind: 'retry' });
});

scenario('test_member_changes', 'test_remove_candidate_1', () => {
  const cluster = three();
  cluster.isolate('n3');
  cluster.nowMs += 10_000;
  cluster.ask('n3', 'campaign');
  expect(cluster.state('n3').role).toBe('candidate');
  // A candidate changes nobody's members: the leader does.
  expect(change(cluster, 'n3', 'removed', 'n3').outcome).toMatchObject({ kind: 'retry' });
  cluster.lose();
  cluster.elect('n1');
  const asked = change(cluster, 'n1', 'removed', 'n3');
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
});

scenario('test_member_changes', 'test_update_settings', () => {
  const cluster = three();
  const settings = { election_timeout: 2000, max_entries: 7 };
  expect(cluster.ask('n2', 'update', { settings }).outcome).toEqual({
    kind: 'redirect',
    leader: 'n1',
  });
  const asked = cluster.ask('n1', 'update', { settings });
  cluster.settle();
  expect(asked.outcome).toMatchObject({ kind: 'result' });
  cluster.beat();
  for (const id of cluster.ids) expect(cluster.state(id).settings).toMatchObject(settings);
  const wrong = cluster.ask('n1', 'update', { settings: { heartbeat_interval: 5000 } });
  expect(wrong.outcome).toMatchObject({ kind: 'error' });
  expect(cluster.ask('n1', 'update', { settings: { nonsense: 1 } }).outcome?.kind).toBe('error');
});
