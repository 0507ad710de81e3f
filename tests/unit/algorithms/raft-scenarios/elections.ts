/** raftengine’s scenarios of elections and timers. */

import { expect } from 'vitest';
import { RaftCluster } from '../../../support/raft-by-hand.ts';
import { scenario } from '../../../support/raft-scenarios.ts';

const noPreVote = { pre_vote: false };

/** Everybody follows `leader`, and has committed its first entry. */
function expectLed(cluster: RaftCluster, leader: string, term: number): void {
  cluster.beat(leader);
  for (const id of cluster.ids) {
    const state = cluster.state(id);
    expect([state.term, state.leader, state.role === 'leader']).toEqual([
      term,
      leader,
      id === leader,
    ]);
    expect(state.commit).toBe(state.log.lastIndex);
    expect(state.log.lastTerm).toBe(term);
  }
}

function first(nodes: number): void {
  const cluster = new RaftCluster({ nodes, settings: noPreVote });
  cluster.ask('n1', 'campaign');
  expect(cluster.state('n1')).toMatchObject({ role: 'candidate', term: 1, vote: 'n1' });
  expect(cluster.flying.map(({ type }) => type)).toEqual(Array(nodes - 1).fill('requestVote'));
  cluster.settle(({ type }) => type === 'requestVote');
  expect(cluster.flying.every(({ message }) => message.granted)).toBe(true);
  cluster.settle(({ type }) => type === 'requestVoteReply');
  expect(cluster.state('n1').role).toBe('leader');
  cluster.settle();
  expect(cluster.state('n1').log.at(1)).toMatchObject({ term: 1, kind: 'noop' });
  expectLed(cluster, 'n1', 1);
}

scenario('test_elections_1', 'test_election_1', () => first(3));
scenario('test_elections_1', 'test_election_2', () => first(5));

function again(nodes: number): void {
  const cluster = new RaftCluster({ nodes, settings: noPreVote });
  cluster.elect('n1');
  cluster.elect('n2');
  expectLed(cluster, 'n2', 2);
}

scenario('test_elections_1', 'test_reelection_1', () => again(3));
scenario('test_elections_1', 'test_reelection_2', () => again(5));

scenario('test_elections_1', 'test_reelection_3', () => {
  const cluster = new RaftCluster({ nodes: 3, settings: noPreVote });
  cluster.elect('n1');
  cluster.forget();
  // All stand for election at once: each votes for itself.
  for (const id of cluster.ids) cluster.ask(id, 'campaign');
  cluster.settle();
  expect(cluster.leader).toBeUndefined();
  expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([2, 2, 2]);
  cluster.ask('n3', 'campaign');
  cluster.settle();
  expectLed(cluster, 'n3', 3);
  cluster.elect('n2');
  expectLed(cluster, 'n2', 4);
});

scenario('test_elections_1', 'test_pre_election_1', () => {
  const cluster = new RaftCluster();
  cluster.ask('n1', 'campaign');
  expect(cluster.state('n1')).toMatchObject({ role: 'pre-candidate', term: 0 });
  cluster.settle(({ type }) => type === 'preVote');
  expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([0, 0, 0]);
  cluster.settle(({ type }) => type === 'preVoteReply');
  expect(cluster.state('n1')).toMatchObject({ role: 'candidate', term: 1 });
  cluster.settle();
  expectLed(cluster, 'n1', 1);
});

scenario('test_elections_1', 'test_pre_vote_reject_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.beat();
  cluster.ask('n3', 'campaign');
  cluster.settle(({ type }) => type === 'preVote');
  const replies = cluster.flying.filter(({ type }) => type === 'preVoteReply');
  expect(replies.map(({ message }) => message.granted)).toEqual([false, false]);
  cluster.settle();
  expect(cluster.leader).toBe('n1');
  expectLed(cluster, 'n1', 1);
});

scenario('test_elections_2', 'test_stepwise_election_1', () => {
  const cluster = new RaftCluster({ settings: noPreVote });
  cluster.ask('n1', 'campaign');
  const [toTwo, toThree] = cluster.flying as [any, any];
  cluster.deliver(toTwo);
  expect(cluster.state('n2')).toMatchObject({
    term: 1,
    vote: 'n1',
    role: 'follower',
    leader: null,
  });
  expect(cluster.state('n3')).toMatchObject({ term: 0, vote: null });
  cluster.deliver(cluster.flying.find(({ to }) => to === 'n1')!);
  expect(cluster.state('n1').role).toBe('leader');
  cluster.deliver(toThree);
  expect(cluster.state('n3')).toMatchObject({ term: 1, vote: 'n1' });
  cluster.settle(({ to, type }) => to === 'n2' && type === 'appendEntries');
  expect(cluster.state('n2')).toMatchObject({ leader: 'n1', commit: 0 });
  cluster.settle();
  expectLed(cluster, 'n1', 1);
});

scenario('test_elections_2', 'test_run_to_election_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  expectLed(cluster, 'n1', 1);
  cluster.elect('n3');
  expectLed(cluster, 'n3', 2);
});

scenario('test_elections_2', 'test_election_timeout_1', () => {
  // Whoever waits least stands first.
  const own = {
    n1: { election_timeout: 300 },
    n2: { election_timeout: 900 },
    n3: { election_timeout: 900 },
  };
  const cluster = new RaftCluster({ settings: { heartbeat_interval: 50 }, own });
  cluster.run(700);
  expect(cluster.leader).toBe('n1');
  cluster.crash('n1');
  cluster.run(4000);
  expect(['n2', 'n3']).toContain(cluster.leader);
});

scenario('test_elections_2', 'test_election_vote_once_1', () => {
  const cluster = new RaftCluster({ settings: noPreVote });
  cluster.elect('n1');
  cluster.forget();
  cluster.ask('n2', 'campaign');
  cluster.ask('n3', 'campaign');
  cluster.settle(({ from, to }) => from === 'n2' && to === 'n1');
  cluster.settle(({ from, to }) => from === 'n3' && to === 'n1');
  const replies = cluster.flying.filter(({ from }) => from === 'n1');
  expect(replies.map(({ to, message }) => [to, message.granted])).toEqual([
    ['n2', true],
    ['n3', false],
  ]);
  cluster.settle();
  expectLed(cluster, 'n2', 2);
});

scenario('test_elections_2', 'test_election_candidate_too_slow_1', () => {
  const cluster = new RaftCluster({ settings: noPreVote });
  cluster.elect('n1');
  cluster.forget();
  cluster.ask('n2', 'campaign');
  const slow = cluster.flying.filter(({ from }) => from === 'n2');
  cluster.settle((message) => message.to === 'n1' && slow.includes(message));
  const yes = cluster.flying.find(({ to, type }) => to === 'n2' && type === 'requestVoteReply')!;
  cluster.lose();
  cluster.ask('n3', 'campaign');
  cluster.ask('n3', 'campaign');
  expect(cluster.state('n3').term).toBe(3);
  cluster.settle(({ message }) => message.term === 3);
  expect(cluster.state('n2')).toMatchObject({ role: 'follower', term: 3 });
  cluster.arrive(yes);
  expect(cluster.state('n2').role).toBe('follower');
  cluster.settle();
  expectLed(cluster, 'n3', 3);
});

function logTooOld(pre_vote: boolean): RaftCluster {
  const cluster = new RaftCluster({ settings: { pre_vote } });
  cluster.elect('n1');
  cluster.beat();
  cluster.crash('n3');
  cluster.put('n1', 'x', '1');
  cluster.settle();
  cluster.beat();
  cluster.restart('n3');
  cluster.forget();
  cluster.lose();
  cluster.ask('n3', 'campaign');
  return cluster;
}

scenario('test_elections_2', 'test_election_candidate_log_too_old_1', () => {
  const cluster = logTooOld(false);
  cluster.settle(({ type }) => type === 'requestVote');
  expect(cluster.flying.map(({ message }) => message.granted)).toEqual([false, false]);
  cluster.settle();
  expect(cluster.state('n3').role).toBe('follower');
  expect(cluster.state('n1').term).toBe(2);
});

scenario('test_elections_2', 'test_election_candidate_log_too_old_2', () => {
  const cluster = logTooOld(true);
  cluster.settle(({ type }) => type === 'preVote');
  expect(cluster.flying.map(({ message }) => message.granted)).toEqual([false, false]);
  cluster.settle();
  expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([1, 1, 1]);
});

scenario('test_elections_2', 'test_election_candidate_term_too_old_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.crash('n3');
  cluster.elect('n2');
  cluster.restart('n3');
  expect(cluster.state('n3').term).toBe(1);
  cluster.forget();
  cluster.lose();
  cluster.elect('n1');
  cluster.lose();
  cluster.step('n2', {
    kind: 'message',
    type: 'preVote',
    from: 'n3',
    message: { term: 2, lastIndex: 9, lastTerm: 9 },
    ticket: 0,
  });
  expect(cluster.flying[0]!.message).toEqual({ term: 3, granted: false });
});

function failedFirst(pre_vote: boolean): void {
  const cluster = new RaftCluster({ settings: { pre_vote } });
  cluster.ask('n1', 'campaign');
  cluster.settle(({ type }) => type !== 'appendEntries');
  expect(cluster.state('n1').role).toBe('leader');
  cluster.crash('n1');
  cluster.lose();
  cluster.elect('n2');
  expect(cluster.terms('n2')).toEqual([2]);
  cluster.restart('n1');
  expect(cluster.terms('n1')).toEqual([1]);
  cluster.beat('n2');
  cluster.beat('n2');
  expect(cluster.terms('n1')).toEqual([2]);
  expectLed(cluster, 'n2', 2);
}

scenario('test_elections_2', 'test_failed_first_election_1', () => failedFirst(false));
scenario('test_elections_2', 'test_failed_first_election_2', () => failedFirst(true));

scenario('test_elections_2', 'test_power_transfer_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.beat();
  cluster.ask('n1', 'transfer', { to: 'n2' });
  expect(cluster.flying.map(({ type }) => type)).toContain('timeoutNow');
  cluster.settle();
  expectLed(cluster, 'n2', 2);
  expect(cluster.sent.get('preVote')).toBe(2);
});

scenario('test_elections_2', 'test_power_transfer_2', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.crash('n2');
  for (let i = 0; i < 3; i++) cluster.put('n1', 'x', `${i}`);
  cluster.settle();
  cluster.restart('n2');
  cluster.ask('n1', 'transfer', { to: 'n2' });
  expect(cluster.flying.map(({ type }) => type)).not.toContain('timeoutNow');
  cluster.beat('n1');
  expectLed(cluster, 'n2', 2);
  expect(cluster.state('n2').log.lastIndex).toBe(5);
});

scenario('test_elections_2', 'test_power_transfer_fails_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.isolate('n2');
  cluster.put('n1', 'x', '1');
  cluster.settle();
  const asked = cluster.ask('n1', 'transfer', { to: 'n2' });
  expect(cluster.put('n1', 'x', '2').outcome).toMatchObject({ kind: 'retry' });
  cluster.run(1200);
  expect(asked.outcome).toMatchObject({ kind: 'timeout' });
  const after = cluster.put('n1', 'x', '3');
  cluster.settle();
  expect(after.outcome).toMatchObject({ kind: 'result' });
});

scenario('test_timers_1', 'test_heartbeat_1', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.sent.clear();
  cluster.run(1500);
  // Ten heartbeats to each of two followers.
  expect(cluster.sent.get('appendEntries')).toBeGreaterThanOrEqual(18);
  expect(cluster.sent.get('appendEntries')).toBeLessThanOrEqual(22);
});

scenario('test_timers_1', 'test_heartbeat_2', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.run(2 * 2 * 1000);
  expect(cluster.leader).toBe('n1');
  expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([1, 1, 1]);
});

scenario('test_timers_1', 'test_lost_leader_1', () => {
  const cluster = new RaftCluster({ settings: noPreVote });
  cluster.elect('n1');
  cluster.crash('n1');
  cluster.run(6000);
  expect(['n2', 'n3']).toContain(cluster.leader);
  expect(cluster.state('n2').term).toBeGreaterThan(1);
});

scenario('test_timers_1', 'test_candidate_timeout_1', () => {
  const cluster = new RaftCluster({ settings: noPreVote });
  cluster.isolate('n1');
  cluster.ask('n1', 'campaign');
  const { term } = cluster.state('n1');
  cluster.crash('n2');
  cluster.crash('n3');
  cluster.run(5000);
  expect(cluster.state('n1').term).toBeGreaterThan(term);
  cluster.heal();
  cluster.restart('n2');
  cluster.run(4000);
  expect(cluster.leader).toBeDefined();
});
