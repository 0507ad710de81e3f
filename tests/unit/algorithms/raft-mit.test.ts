/**
 * The tests of the Raft lab of MIT 6.5840, in our words, with their bounds and over clusters of any size. `raft-costs.test.ts` has those that count
 * bytes and backtracking; the unreliable ones (lost, doubled and late messages, crashes, figure 8 a thousand times) are the storms of
 * `tests/simulation/raft-seeds-*.test.ts`.
 */

import { describe, expect, test } from 'vitest';
import { RaftCluster, type Asked } from '../../support/raft-by-hand.ts';

/** Milliseconds of the cluster's time in which an election is over. */
const ELECTION_MS = 6000;

/** The one leader of the newest term, after so long. */
function leaderAfter(cluster: RaftCluster, ms = ELECTION_MS): string {
  cluster.run(ms);
  const leading = cluster.ids.filter(
    (id) => cluster.member(id).isUp && cluster.state(id).role === 'leader',
  );
  const newest = Math.max(...leading.map((id) => cluster.state(id).term));
  const [leader, ...others] = leading.filter((id) => cluster.state(id).term === newest);
  expect(others).toEqual([]);
  expect(leader).toBeDefined();
  return leader!;
}

function others(cluster: RaftCluster, ...without: readonly string[]): string[] {
  return cluster.ids.filter((id) => !without.includes(id));
}

function minority(cluster: RaftCluster): number {
  return Math.floor((cluster.ids.length - 1) / 2);
}

function isDone({ outcome }: Asked): boolean {
  return outcome?.kind === 'result';
}

/** Everybody that is up has applied the same. */
function expectAlike(cluster: RaftCluster, x: string): void {
  cluster.run(2000);
  for (const id of cluster.ids) {
    if (cluster.member(id).isUp) expect(cluster.machine(id), id).toEqual({ x });
  }
}

describe.each([3, 4, 5, 6, 7])('of %i servers', (nodes) => {
  test('3A initial election: one leader, one term, and it stays', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    const terms = new Set(cluster.ids.map((id) => cluster.state(id).term));
    expect(terms.size).toBe(1);
    expect([...terms][0]).toBeGreaterThanOrEqual(1);
    expect(leaderAfter(cluster, 2 * 2000)).toBe(leader);
    expect(cluster.state(leader).term).toBe([...terms][0]);
  });

  test('3A re-election: the old leader disturbs nobody, without a quorum there is none, with one again there is', () => {
    const cluster = new RaftCluster({ nodes });
    const first = leaderAfter(cluster);
    cluster.isolate(first);
    const second = leaderAfter(cluster);
    expect(second).not.toBe(first);
    const { term } = cluster.state(second);
    cluster.heal();
    expect(leaderAfter(cluster)).toBe(second);
    expect(cluster.state(second).term).toBe(term);
    // As many as a quorum lacks are away, the leader among them.
    for (const id of [second, ...others(cluster, second)].slice(0, minority(cluster) + 1)) {
      cluster.isolate(id);
    }
    cluster.run(ELECTION_MS);
    expect(cluster.ids.filter((id) => cluster.state(id).role === 'leader')).toEqual([]);
    cluster.heal();
    leaderAfter(cluster);
  });

  test('3A many elections: nine times a minority is away, and there is one leader', () => {
    const cluster = new RaftCluster({ nodes });
    for (let round = 0; round < 9; round++) {
      const away = cluster.random.shuffled(cluster.ids).slice(0, minority(cluster));
      for (const id of away) cluster.isolate(id);
      expect(away).not.toContain(leaderAfter(cluster));
      cluster.heal();
    }
    leaderAfter(cluster);
  });

  test('3B basic agreement: nothing is committed that nobody proposed, and each command at the next place', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    const before = cluster.state(leader).commit;
    for (let i = 1; i <= 3; i++) {
      expect(cluster.state(leader).commit).toBe(before + i - 1);
      const asked = cluster.put(leader, 'x', `${i}`);
      cluster.run(500);
      expect(asked.outcome).toMatchObject({ kind: 'result', index: before + i });
    }
    expectAlike(cluster, '3');
  });

  test('3B followers fail one by one: it goes on while a majority is there, and not longer', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    const followers = others(cluster, leader);
    for (const [count, id] of followers.entries()) {
      cluster.isolate(...followers.slice(0, count + 1));
      const asked = cluster.put(leader, 'x', id);
      cluster.run(500);
      expect(isDone(asked)).toBe(count + 1 <= minority(cluster));
      if (count + 1 > minority(cluster)) return;
    }
  });

  test('3B leaders fail one by one', () => {
    const cluster = new RaftCluster({ nodes });
    for (let gone = 0; gone < minority(cluster); gone++) {
      const asked = cluster.put(leaderAfter(cluster), 'x', `${gone}`);
      cluster.run(500);
      expect(isDone(asked)).toBe(true);
      cluster.crash(cluster.leader!);
    }
    leaderAfter(cluster);
    cluster.crash(cluster.leader!);
    cluster.run(ELECTION_MS);
    expect(cluster.leader).toBeUndefined();
  });

  test('3B a follower that was away catches up', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    const [away] = others(cluster, leader);
    cluster.isolate(away!);
    for (let i = 0; i < 5; i++) {
      cluster.put(leader, 'x', `${i}`);
      cluster.run(300);
    }
    cluster.heal();
    expectAlike(cluster, '4');
  });

  test('3B without a majority nothing is agreed on; with one it goes on', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    cluster.put(leader, 'x', 'before');
    cluster.run(500);
    const away = others(cluster, leader).slice(0, nodes - Math.floor(nodes / 2));
    cluster.isolate(...away);
    const asked = cluster.put(leader, 'x', 'alone');
    cluster.run(1000);
    expect(asked.outcome?.kind).not.toBe('result');
    cluster.heal();
    const again = cluster.put(leaderAfter(cluster), 'x', 'after');
    cluster.run(500);
    expect(isDone(again)).toBe(true);
    expectAlike(cluster, 'after');
  });

  test('3B five commands at once get five places in one term', () => {
    const cluster = new RaftCluster({ nodes });
    const leader = leaderAfter(cluster);
    const { term } = cluster.state(leader);
    const asked = Array.from({ length: 5 }, (_, i) => cluster.put(leader, 'x', `${i}`));
    cluster.run(1000);
    expect(new Set(asked.map(({ outcome }) => outcome?.index)).size).toBe(5);
    expect(cluster.state(leader).term).toBe(term);
  });

  test('3B a leader that was alone gives up what it alone has', () => {
    const cluster = new RaftCluster({ nodes });
    const first = leaderAfter(cluster);
    cluster.isolate(first);
    for (let i = 0; i < 3; i++) cluster.put(first, 'x', `lost ${i}`);
    const second = leaderAfter(cluster);
    cluster.put(second, 'x', 'kept');
    cluster.run(500);
    cluster.heal();
    cluster.isolate(second);
    leaderAfter(cluster);
    cluster.heal();
    leaderAfter(cluster);
    expectAlike(cluster, 'kept');
  });

  test('3B messages: 30 at most to elect, few to agree, few when nothing happens', () => {
    const cluster = new RaftCluster({ nodes });
    const count = () => [...cluster.sent.values()].reduce((sum, each) => sum + each, 0);
    const leader = leaderAfter(cluster, 2500);
    // The bound is for three servers, and for elections; ours ask first.
    const elections = ['preVote', 'preVoteReply', 'requestVote', 'requestVoteReply'];
    const forElections = elections.reduce((sum, type) => sum + (cluster.sent.get(type) ?? 0), 0);
    expect(forElections).toBeLessThanOrEqual(15 * (nodes - 1));
    cluster.sent.clear();
    for (let i = 0; i < 10; i++) cluster.put(leader, 'x', `${i}`);
    cluster.settle();
    expect(count() / 2).toBeLessThanOrEqual((10 + 1 + 3) * nodes);
    cluster.sent.clear();
    cluster.run(1000);
    expect(count() / 2).toBeLessThanOrEqual(20 * (nodes - 1));
  });

  test('3C all go down and come back, then the leader, then a follower, then different ones', () => {
    const cluster = new RaftCluster({ nodes });
    let value = 0;
    const agree = () => {
      const asked = cluster.put(leaderAfter(cluster), 'x', `${++value}`);
      cluster.run(500);
      expect(isDone(asked)).toBe(true);
    };
    agree();
    for (const id of cluster.ids) cluster.crash(id);
    for (const id of cluster.ids) cluster.restart(id);
    agree();
    const leader = cluster.leader!;
    cluster.crash(leader);
    agree();
    cluster.restart(leader);
    agree();
    const [follower] = others(cluster, cluster.leader!);
    cluster.crash(follower!);
    agree();
    cluster.restart(follower!);
    for (let round = 0; round < 3; round++) {
      const away = cluster.random.shuffled(cluster.ids).slice(0, minority(cluster));
      for (const id of away) cluster.crash(id);
      agree();
      for (const id of away) cluster.restart(id);
    }
    expectAlike(cluster, `${value}`);
  });

  test('3D rounds with snapshots: logs stay short, whoever was away gets the snapshot, all restart from it', () => {
    const cluster = new RaftCluster({ nodes, settings: { snapshot_entries: 10, chunk_bytes: 64 } });
    // Thirty as in the lab, where the cluster is as large as there.
    const rounds = nodes < 5 ? 30 : 9;
    for (let round = 0; round < rounds; round++) {
      const leader = leaderAfter(cluster);
      const [away] = cluster.random.shuffled(others(cluster, leader));
      if (round % 3 === 0) cluster.isolate(away!);
      if (round % 3 === 1) cluster.crash(away!);
      for (let i = 0; i < 12; i++) cluster.put(leader, 'x', `${round}.${i}`);
      cluster.run(500);
      for (const id of others(cluster, away!)) {
        expect(cluster.state(id).log.bytes, id).toBeLessThan(2000);
      }
      cluster.heal();
      if (round % 3 === 1) cluster.restart(away!);
      cluster.run(1000);
      expect(cluster.machine(away!)).toEqual({ x: `${round}.11` });
    }
    for (const id of cluster.ids) cluster.crash(id);
    for (const id of cluster.ids) {
      cluster.restart(id);
      // What the snapshot has is not applied again.
      expect(cluster.state(id).applied).toBe(cluster.state(id).log.base.index);
      expect(cluster.state(id).applied).toBeGreaterThan(rounds * 10);
    }
    leaderAfter(cluster);
    expectAlike(cluster, `${rounds - 1}.11`);
  });
});
