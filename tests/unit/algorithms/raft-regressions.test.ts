/**
 * Mistakes of others, each played by hand: with the rule that prevents it the cluster is safe, and with the mistake in its place it is not.
 * R1 to R13 are those found in raftengine.
 */

import { describe, expect, test } from 'vitest';
import type { RaftRules } from '../../../src/algorithms/raft/rules.ts';
import { RaftCluster, type ClusterOptions } from '../../support/raft-by-hand.ts';
import { Unsafe } from '../../support/raft-checker.ts';

const old = { pre_vote: false, check_quorum: false };

/** Safe as it is, and not with other rules. */
function mistake(
  name: string,
  rules: Partial<RaftRules>,
  options: ClusterOptions,
  play: (cluster: RaftCluster) => void,
): void {
  describe(name, () => {
    test('is not made', () => play(new RaftCluster(options)));
    test('would be noticed', () => {
      expect(() => play(new RaftCluster({ ...options, rules }))).toThrow();
    });
  });
}

/** `id` wins an election among those that it can reach. */
function win(cluster: RaftCluster, id: string): void {
  cluster.nowMs += 100_000;
  cluster.ask(id, 'campaign');
  cluster.settle(({ type }) => type !== 'appendEntries');
  expect(cluster.state(id).role).toBe('leader');
}

mistake(
  'R1: half of an even number commits',
  { quorum: (voters) => Math.ceil(voters / 2) },
  { nodes: 4, settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.isolate('n3', 'n4');
    const asked = cluster.put('n1', 'x', '1');
    cluster.settle();
    expect(asked.outcome).toBeUndefined();
    expect(cluster.state('n1').commit).toBe(1);
  },
);

mistake(
  'R2: a vote is granted for an old term',
  { votesInTerm: () => true },
  { settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.elect('n1');
    for (const id of ['n2', 'n3', 'n2']) cluster.elect(id);
    const { term } = cluster.state('n1');
    const message = { term: term - 3, lastIndex: 99, lastTerm: 99, transfer: false };
    cluster.state('n1').vote = null;
    cluster.step('n1', { kind: 'message', type: 'requestVote', from: 'n3', message, ticket: 0 });
    const reply = cluster.flying.find(({ type }) => type === 'requestVoteReply')!;
    expect(reply.message).toEqual({ term, granted: false });
  },
);

mistake(
  'R3: an old leader’s append with prevIndex 0 wipes the log',
  { heedsLeader: () => true, conflicts: (here) => here !== undefined },
  { settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.put('n1', 'x', '1');
    cluster.settle();
    cluster.elect('n2');
    cluster.beat('n2');
    const before = cluster.terms('n3');
    const entries = [{ term: 1, kind: 'noop', data: 'n1' }];
    const message = {
      term: 0,
      prevIndex: 0,
      prevTerm: 0,
      entries,
      commit: 0,
      round: 0,
      session: 0,
    };
    cluster.step('n3', { kind: 'message', type: 'appendEntries', from: 'n1', message, ticket: 0 });
    expect(cluster.terms('n3')).toEqual(before);
  },
);

mistake(
  'R4: a vote is forgotten on stop',
  { storesVote: () => false },
  { settings: old },
  (cluster) => {
    cluster.nowMs += 100_000;
    cluster.isolate('n3');
    cluster.ask('n1', 'campaign');
    cluster.settle(({ type }) => type === 'requestVote');
    expect(cluster.state('n2').vote).toBe('n1');
    cluster.crash('n2');
    cluster.restart('n2');
    cluster.heal();
    cluster.ask('n3', 'campaign');
    cluster.settle();
  },
);

mistake(
  'R5: stepping down within a term clears the vote',
  { voteAfterStepDown: () => null },
  { nodes: 3, settings: old },
  (cluster) => {
    cluster.nowMs += 100_000;
    for (const id of ['n1', 'n2', 'n3']) cluster.ask(id, 'campaign');
    const requests = cluster.flying;
    cluster.lose();
    // n2 votes for itself in term 1 and follows n1, which has won with n3's help a term later; nothing is won twice.
    cluster.ask('n1', 'campaign');
    cluster.settle(({ to, from }) => to !== 'n2' && from !== 'n2');
    expect(cluster.state('n1')).toMatchObject({ role: 'leader', term: 2 });
    cluster.ask('n2', 'campaign');
    cluster.lose(({ from }) => from === 'n2');
    expect(cluster.state('n2')).toMatchObject({ role: 'candidate', term: 2, vote: 'n2' });
    // It hears the leader of its own term.
    cluster.beat('n1');
    expect(cluster.state('n2')).toMatchObject({ role: 'follower', leader: 'n1', vote: 'n2' });
    expect(requests.length).toBeGreaterThan(0);
  },
);

/** Figure 3.7 (figure 8 of the paper): an old entry lies on a majority, and is overwritten. */
function figure8(cluster: RaftCluster): void {
  // (a) n1 leads, and its entry reaches n2 alone.
  cluster.elect('n1');
  cluster.beat();
  cluster.isolate('n1', 'n2');
  cluster.put('n1', 'x', 'old');
  cluster.settle();
  expect(cluster.terms('n2')).toEqual(cluster.terms('n1'));
  // (b) n5 is elected by n3 and n4, and its own entry reaches nobody.
  win(cluster, 'n5');
  cluster.put('n5', 'x', 'other');
  cluster.lose();
  cluster.crash('n5');
  cluster.crash('n1');
  cluster.restart('n1');
  // (c) n1 is elected again; what it had before reaches n3, nothing of its own term does.
  cluster.heal();
  cluster.crash('n4');
  cluster.ask('n1', 'campaign');
  cluster.ask('n1', 'campaign');
  cluster.settle(({ type }) => type !== 'appendEntries');
  if (cluster.state('n1').role !== 'leader') win(cluster, 'n1');
  cluster.timer('n1', 'heartbeat');
  cluster.settle(({ from, to }) => from === 'n2' || to === 'n2');
  let isTold = 0;
  const last = cluster.terms('n2').lastIndexOf(1) + 1;
  while (cluster.state('n3').log.lastIndex < last && isTold++ < 50) {
    const next = cluster.flying.find(({ from, to }) => from === 'n3' || to === 'n3');
    if (next === undefined) break;
    cluster.deliver(next);
  }
  // The answers of those that have it.
  cluster.settle(({ to, type }) => to === 'n1' && type === 'appendEntriesReply');
  // (d) n1 is gone, and n5 is elected: it has a newer term.
  cluster.crash('n1');
  cluster.lose();
  cluster.restart('n5');
  cluster.restart('n4');
  cluster.nowMs += 100_000;
  for (let i = 0; i < 4 && cluster.state('n5').role !== 'leader'; i++) {
    cluster.ask('n5', 'campaign');
    cluster.settle();
  }
  expect(cluster.state('n5').role).toBe('leader');
  cluster.put('n5', 'x', 'new');
  cluster.settle();
  cluster.beat('n5');
}

mistake(
  'R6, figure 8: entries of earlier terms are committed by counting',
  { mayCommit: () => true, opensTerm: () => false },
  { nodes: 5, settings: { ...old, max_entries: 1 } },
  figure8,
);

describe('R7: logs are compared by term first, then by length', () => {
  const cluster = new RaftCluster({ settings: old });
  const { isUpToDate } = cluster.member('n1') && cluster.rules;
  const cases: [[number, number], [number, number], boolean][] = [
    [[2, 1], [1, 9], true],
    [[1, 9], [2, 1], false],
    [[2, 3], [2, 3], true],
    [[2, 2], [2, 3], false],
    [[2, 4], [2, 3], true],
  ];
  test.each(cases)('%j against %j', ([term, index], [ownTerm, ownIndex], expected) => {
    expect(isUpToDate({ term, index }, { term: ownTerm, index: ownIndex })).toBe(expected);
    // Of two logs one can always win: they never refuse each other.
    const reverse = isUpToDate({ term: ownTerm, index: ownIndex }, { term, index });
    expect(expected || reverse).toBe(true);
  });
});

describe('R8: check-quorum wants more than half', () => {
  test.each([
    [4, ['n3', 'n4'], false],
    [4, ['n4'], true],
    [5, ['n3', 'n4', 'n5'], false],
  ] as const)('%i nodes without %j', (nodes, away, leads) => {
    const cluster = new RaftCluster({ nodes });
    cluster.elect('n1');
    cluster.beat();
    cluster.isolate(
      'n1',
      ...cluster.ids.filter((id) => id !== 'n1' && !away.includes(id as never)),
    );
    cluster.run(2500);
    expect(cluster.state('n1').role === 'leader').toBe(leads);
  });
});

test('R9: a pre-vote tells the term of the last entry, and is compared with the whole log', () => {
  const cluster = new RaftCluster();
  cluster.elect('n1');
  cluster.beat();
  cluster.isolate('n3');
  cluster.put('n1', 'x', '1');
  cluster.settle();
  cluster.crash('n1');
  cluster.heal();
  cluster.forget();
  cluster.ask('n3', 'campaign');
  expect(cluster.flying[0]!.message).toEqual({ term: 2, lastIndex: 1, lastTerm: 1 });
  cluster.settle();
  // n2 has more, committed or not.
  expect(cluster.state('n3')).toMatchObject({ role: 'pre-candidate', term: 1 });
  expect(cluster.state('n3').votes.get('n2')).toBe(false);
  cluster.ask('n2', 'campaign');
  cluster.settle();
  expect(cluster.leader).toBe('n2');
});

test('R10: an empty log does not reset the term', () => {
  const cluster = new RaftCluster({ settings: old });
  cluster.isolate('n1');
  for (let i = 0; i < 3; i++) cluster.ask('n1', 'campaign');
  expect(cluster.state('n1')).toMatchObject({ term: 3 });
  expect(cluster.state('n1').log.length).toBe(0);
  cluster.crash('n1');
  cluster.restart('n1');
  expect(cluster.state('n1')).toMatchObject({ term: 3, vote: 'n1' });
});

mistake(
  'R11: a command that is sent again after a timeout is applied twice',
  { isDuplicate: () => false },
  { settings: old },
  (cluster) => {
    cluster.elect('n1');
    const command = { do: 'append', key: 'x', value: 'once ' };
    for (let i = 0; i < 3; i++) {
      cluster.ask('n1', 'propose', { client: 'c', serial: 1, lowest: 1, command });
      cluster.settle();
    }
    cluster.elect('n2');
    const again = cluster.ask('n2', 'propose', { client: 'c', serial: 1, lowest: 1, command });
    cluster.settle();
    expect(again.outcome).toMatchObject({ kind: 'result' });
    expect(cluster.machine('n2')).toEqual({ x: 'once ' });
  },
);

mistake(
  'R12: a leader that was replaced answers reads from the past',
  { readRound: () => 0 },
  { settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.put('n1', 'x', 'old');
    cluster.settle();
    cluster.beat();
    cluster.isolate('n1');
    win(cluster, 'n2');
    cluster.put('n2', 'x', 'new');
    cluster.settle();
    expect(cluster.state('n1').role).toBe('leader');
    const stale = cluster.read('n1', 'x');
    cluster.settle();
    expect(stale.outcome?.value).not.toBe('old');
    const fresh = cluster.read('n3', 'x');
    cluster.settle();
    expect(fresh.outcome).toMatchObject({ kind: 'result', value: 'new' });
  },
);

mistake(
  'R13: a configuration outlives the entry that is cut off',
  { dropsConfiguration: () => false },
  { nodes: 4, settings: { ...old, voters: ['n1', 'n2', 'n3'] } },
  (cluster) => {
    cluster.elect('n1');
    cluster.beat();
    cluster.isolate('n1');
    cluster.ask('n1', 'change', { changes: [{ make: 'removed', node: 'n3' }] });
    win(cluster, 'n2');
    cluster.settle();
    cluster.heal();
    cluster.beat('n2');
    cluster.beat('n2');
    expect(cluster.state('n1').configurations.at(-1)!.configuration.voters).toEqual([
      'n1',
      'n2',
      'n3',
    ]);
  },
);

mistake(
  'etcd #20418: the context of a read is used again',
  { readRound: (round) => round },
  { settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.put('n1', 'x', 'old');
    cluster.settle();
    cluster.beat();
    // Answers to an earlier question are under way when another is elected.
    cluster.timer('n1', 'heartbeat');
    cluster.settle(({ type }) => type === 'appendEntries');
    cluster.isolate('n1');
    const late = cluster.flying.filter(({ to }) => to === 'n1');
    cluster.lose();
    win(cluster, 'n2');
    cluster.put('n2', 'x', 'new');
    cluster.settle();
    const read = cluster.read('n1', 'x');
    for (const message of late) cluster.arrive(message);
    expect(read.outcome).toBeUndefined();
  },
);

mistake(
  'rejoin in the same term: what it acknowledged before it left counts',
  { isOfSession: () => true },
  { nodes: 4, settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.put('n1', 'x', '1');
    // An acknowledgement of n4 is delayed until it has left and come back.
    cluster.settle(({ from, type }) => !(from === 'n4' && type === 'appendEntriesReply'));
    const late = cluster.flying;
    cluster.lose();
    cluster.isolate('n4');
    const change = (make: string) => {
      cluster.ask('n1', 'change', { changes: [{ make, node: 'n4' }] });
      cluster.settle();
      cluster.beat('n1');
    };
    change('removed');
    cluster.crash('n4');
    cluster.restart('n4', { empty: true });
    change('learner');
    for (const message of late) cluster.arrive(message);
    expect(cluster.state('n1').lead!.peers.get('n4')!.match).toBe(0);
  },
);

mistake(
  'hashicorp #697: a snapshot keeps a log that does not agree with it',
  { keepsSuffix: (termHere) => termHere !== undefined },
  { nodes: 3, settings: old },
  (cluster) => {
    cluster.elect('n1');
    cluster.beat();
    cluster.isolate('n1');
    for (let i = 0; i < 6; i++) cluster.put('n1', 'x', `lost ${i}`);
    win(cluster, 'n2');
    cluster.settle();
    for (let i = 0; i < 3; i++) cluster.put('n2', 'x', `kept ${i}`);
    cluster.settle();
    cluster.ask('n2', 'snapshot');
    cluster.heal();
    for (let i = 0; i < 4; i++) cluster.beat('n2');
    expect(cluster.machine('n1')).toEqual({ x: 'kept 2' });
    expect(cluster.state('n1').log.lastIndex).toBe(cluster.state('n2').log.lastIndex);
  },
);

mistake(
  'a leader counts itself before its disk does',
  { holdsPromises: (toItself) => !toItself },
  { nodes: 3, settings: old, slowDisks: true },
  (cluster) => {
    for (const id of cluster.ids) cluster.sync(id);
    cluster.nowMs += 100_000;
    cluster.ask('n1', 'campaign');
    const work = () => {
      for (let i = 0; i < 20; i++) {
        cluster.settle();
        for (const id of ['n2', 'n3']) cluster.sync(id);
      }
    };
    cluster.sync('n1');
    work();
    cluster.sync('n1');
    work();
    expect(cluster.state('n1').role).toBe('leader');
    cluster.cut('n1', 'n3');
    const { commit } = cluster.state('n1');
    cluster.put('n1', 'x', '1');
    // n2 has it on its disk, n1 has not.
    cluster.settle();
    cluster.sync('n2');
    cluster.settle();
    expect(cluster.state('n1').commit).toBe(commit);
  },
);

test('a promise is checked from outside: a vote that leaves before the disk has it is noticed', () => {
  const cluster = new RaftCluster({
    slowDisks: true,
    settings: old,
    rules: { holdsPromises: () => false },
  });
  expect(() => cluster.ask('n1', 'campaign')).toThrow(Unsafe);
});
