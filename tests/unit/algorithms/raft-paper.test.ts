/** What the paper and the dissertation say, one test a sentence; in our words, with the section of the paper (§) or of the dissertation (D). */

import { describe, expect, test } from 'vitest';
import { RaftCluster, type ClusterOptions } from '../../support/raft-by-hand.ts';

const early = { pre_vote: false, check_quorum: false, adaptive: false };

function make(options: ClusterOptions = {}): RaftCluster {
  return new RaftCluster({ nodes: 3, ...options, settings: { ...early, ...options.settings } });
}

/** A message from somebody who may not be a node of this cluster at all. */
function receive(cluster: RaftCluster, to: string, from: string, type: string, message: object) {
  cluster.step(to, { kind: 'message', type, from, message, ticket: 0 });
}

function append(term: number, rest: object = {}): object {
  return { term, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1, session: 0, ...rest };
}

function request(term: number, lastIndex = 0, lastTerm = 0): object {
  return { term, lastIndex, lastTerm, transfer: false };
}

const noop = (term: number) => ({ term, kind: 'noop', data: 'n9' });

/** A node in each role, in term 1. */
function inRole(role: 'follower' | 'candidate' | 'leader'): RaftCluster {
  const cluster = make();
  if (role === 'leader') cluster.elect('n1');
  if (role === 'candidate') cluster.ask('n1', 'campaign');
  if (role === 'follower') receive(cluster, 'n1', 'n2', 'appendEntries', append(1));
  cluster.lose();
  expect(cluster.state('n1')).toMatchObject({ role, term: 1 });
  return cluster;
}

const roles = ['follower', 'candidate', 'leader'] as const;

describe('§5.1, terms', () => {
  test.each(roles)('a %s that sees a larger term takes it and follows', (role) => {
    const cluster = inRole(role);
    receive(cluster, 'n1', 'n2', 'appendEntries', append(2));
    expect(cluster.state('n1')).toMatchObject({ role: 'follower', term: 2, leader: 'n2' });
  });

  test.each(roles)('a %s refuses a request of a smaller term', (role) => {
    const cluster = inRole(role);
    const before = { ...cluster.state('n1') };
    receive(cluster, 'n1', 'n3', 'requestVote', request(0, 99, 99));
    receive(cluster, 'n1', 'n3', 'appendEntries', append(0, { entries: [noop(0)] }));
    const answers = cluster.flying.map(({ message }) => message.granted ?? message.success);
    expect(answers).toEqual([false, false]);
    expect(cluster.state('n1').log.lastIndex).toBe(before.log.lastIndex);
    expect(cluster.state('n1')).toMatchObject({ role, term: 1 });
  });

  test('a larger term in an answer is enough', () => {
    const cluster = inRole('leader');
    receive(cluster, 'n1', 'n2', 'appendEntriesReply', {
      ...{ term: 7, success: false, match: 0, matchTerm: 0, prevIndex: 0, round: 1, session: 0 },
    });
    expect(cluster.state('n1')).toMatchObject({ role: 'follower', term: 7 });
  });
});

describe('§5.2, elections', () => {
  test('servers begin as followers', () => {
    const cluster = make();
    for (const id of cluster.ids)
      expect(cluster.state(id)).toMatchObject({ role: 'follower', term: 0 });
  });

  test('a leader says again and again that it is there', () => {
    const cluster = inRole('leader');
    for (let i = 0; i < 3; i++) {
      cluster.timer('n1', 'heartbeat');
      const heard = cluster.flying.filter(({ type }) => type === 'appendEntries');
      expect(heard.map(({ to }) => to)).toEqual(['n2', 'n3']);
      cluster.lose();
    }
  });

  test.each(['follower', 'candidate'] as const)(
    'a %s whose time is over begins a new term, votes for itself and asks the others',
    (role) => {
      const cluster = inRole(role);
      cluster.timer('n1', 'election');
      expect(cluster.state('n1')).toMatchObject({ role: 'candidate', term: 2, vote: 'n1' });
      expect(cluster.state('n1').votes.get('n1')).toBe(true);
      expect(cluster.flying.map(({ to, type }) => `${type} ${to}`)).toEqual([
        'requestVote n2',
        'requestVote n3',
      ]);
    },
  );

  test.each([
    [1, 0, 'leader'],
    [3, 1, 'leader'],
    [3, 0, 'candidate'],
    [4, 1, 'candidate'],
    [4, 2, 'leader'],
    [5, 2, 'leader'],
    [5, 1, 'candidate'],
    [6, 2, 'candidate'],
    [6, 3, 'leader'],
    [7, 3, 'leader'],
  ])('of %i servers %i others who say yes make it %s', (nodes, yes, role) => {
    const cluster = make({ nodes });
    cluster.ask('n1', 'campaign');
    for (const id of cluster.ids.slice(1, yes + 1)) {
      receive(cluster, 'n1', id, 'requestVoteReply', { term: 1, granted: true });
    }
    expect(cluster.state('n1').role).toBe(role);
  });

  test('a majority that says no sends it back to following', () => {
    const cluster = make({ nodes: 5 });
    cluster.ask('n1', 'campaign');
    for (const id of ['n2', 'n3', 'n4']) {
      receive(cluster, 'n1', id, 'requestVoteReply', { term: 1, granted: false });
    }
    expect(cluster.state('n1').role).toBe('follower');
  });

  test('a server votes once in a term, for who asks first', () => {
    const cluster = make();
    receive(cluster, 'n1', 'n2', 'requestVote', request(1));
    receive(cluster, 'n1', 'n3', 'requestVote', request(1));
    receive(cluster, 'n1', 'n2', 'requestVote', request(1));
    expect(cluster.flying.map(({ to, message }) => [to, message.granted])).toEqual([
      ['n2', true],
      ['n3', false],
      ['n2', true],
    ]);
  });

  test.each([1, 2])('a candidate that hears a leader of term %i follows it', (term) => {
    const cluster = inRole('candidate');
    receive(cluster, 'n1', 'n2', 'appendEntries', append(term));
    expect(cluster.state('n1')).toMatchObject({ role: 'follower', term, leader: 'n2' });
  });

  test.each(['follower', 'candidate'] as const)(
    'the timeout of a %s is drawn anew each time',
    (role) => {
      const cluster = inRole(role);
      const { settings } = cluster.state('n1');
      const drawn = Array.from({ length: 50 }, () => {
        if (role === 'candidate') cluster.ask('n1', 'campaign');
        else receive(cluster, 'n1', 'n2', 'appendEntries', append(1));
        cluster.lose();
        return cluster.state('n1').electionDueMs - cluster.nowMs;
      });
      expect(new Set(drawn).size).toBe(50);
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(settings.election_timeout);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(2 * settings.election_timeout);
      expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(
        settings.election_timeout / 2,
      );
    },
  );

  test('so that two seldom stand at the same time', () => {
    const cluster = make({ nodes: 5 });
    let together = 0;
    for (let i = 0; i < 200; i++) {
      for (const id of cluster.ids) receive(cluster, id, 'n9', 'appendEntries', append(1));
      const due = cluster.ids
        .map((id) => cluster.state(id).electionDueMs)
        .toSorted((a, b) => a - b);
      // Within the time of a round trip.
      if (due[1]! - due[0]! < 20) together++;
      cluster.lose();
    }
    expect(together).toBeLessThan(40);
  });
});

describe('§5.3, the log', () => {
  test('a command is appended, and sent to all at once', () => {
    const cluster = inRole('leader');
    cluster.beat();
    cluster.put('n1', 'x', 'new');
    const { lastIndex } = cluster.state('n1').log;
    expect(
      cluster.flying.map(({ to, message }) => [to, message.prevIndex, message.entries.length]),
    ).toEqual([
      ['n2', lastIndex - 1, 1],
      ['n3', lastIndex - 1, 1],
    ]);
    expect(cluster.state('n1').commit).toBe(lastIndex - 1);
  });

  test.each([
    [1, [], true],
    [3, [], false],
    [3, ['n2'], true],
    [4, ['n2'], false],
    [4, ['n2', 'n3'], true],
    [5, ['n2'], false],
    [5, ['n2', 'n3'], true],
    [6, ['n2', 'n3'], false],
    [6, ['n2', 'n3', 'n4'], true],
  ] as const)(
    'of %i servers, acknowledged by %j: committed is %j',
    (nodes, acknowledge, isCommitted) => {
      const cluster = make({ nodes });
      if (nodes === 1) cluster.timer('n1', 'election');
      else cluster.elect('n1');
      if (nodes > 1) cluster.beat();
      const asked = cluster.put('n1', 'x', 'new');
      cluster.settle(({ to, from }) => acknowledge.includes((to === 'n1' ? from : to) as never));
      const { log, commit, applied } = cluster.state('n1');
      expect(commit === log.lastIndex).toBe(isCommitted);
      expect(applied).toBe(commit);
      expect(asked.outcome?.kind).toBe(isCommitted ? 'result' : undefined);
    },
  );

  test('with an entry of its term a leader commits all before it, by whomever', () => {
    const cluster = make();
    cluster.elect('n1');
    cluster.put('n1', 'x', 'of n1');
    cluster.settle(({ to }) => to === 'n2');
    cluster.crash('n1');
    cluster.lose();
    expect(cluster.state('n2')).toMatchObject({ commit: 1 });
    cluster.elect('n2');
    expect(cluster.state('n2')).toMatchObject({ commit: 3, applied: 3 });
    expect(cluster.machine('n2')).toEqual({ x: 'of n1' });
  });

  test('a follower applies in the order of the log what its leader says is committed', () => {
    const cluster = make();
    const entries = ['1', '2', '3'].map((value) => ({
      ...{ term: 1, kind: 'command' },
      data: { client: '', serial: 0, lowest: 0, command: { do: 'append', key: 'x', value } },
    }));
    receive(cluster, 'n1', 'n2', 'appendEntries', append(1, { entries }));
    expect(cluster.state('n1').applied).toBe(0);
    receive(
      cluster,
      'n1',
      'n2',
      'appendEntries',
      append(1, { prevIndex: 3, prevTerm: 1, commit: 2 }),
    );
    expect(cluster.machine('n1')).toEqual({ x: '12' });
    receive(
      cluster,
      'n1',
      'n2',
      'appendEntries',
      append(1, { prevIndex: 3, prevTerm: 1, commit: 9 }),
    );
    expect(cluster.machine('n1')).toEqual({ x: '123' });
  });

  test.each([
    [0, 0, true],
    [1, 1, true],
    [2, 2, true],
    [1, 2, false],
    [2, 3, false],
    [3, 3, false],
  ])(
    'entries are refused unless entry %i of term %i is there: %j',
    (prevIndex, prevTerm, isTaken) => {
      const cluster = make();
      const entries = [noop(1), noop(2)];
      receive(cluster, 'n1', 'n2', 'appendEntries', append(2, { entries }));
      cluster.lose();
      receive(
        cluster,
        'n1',
        'n2',
        'appendEntries',
        append(3, { prevIndex, prevTerm, entries: [] }),
      );
      expect(cluster.flying[0]!.message.success).toBe(isTaken);
    },
  );

  test.each([
    [2, 2, [3], [1, 2, 3]],
    [1, 1, [3, 4], [1, 3, 4]],
    [0, 0, [1], [1, 2]],
    [0, 0, [3], [3]],
  ])(
    'behind (%i, %i) the entries of terms %j give a log of terms %j',
    (prevIndex, prevTerm, terms, expected) => {
      const cluster = make();
      receive(cluster, 'n1', 'n2', 'appendEntries', append(2, { entries: [noop(1), noop(2)] }));
      const entries = terms.map((term) => noop(term));
      receive(cluster, 'n1', 'n2', 'appendEntries', append(4, { prevIndex, prevTerm, entries }));
      expect(cluster.terms('n1')).toEqual(expected);
    },
  );

  /** Figure 7: what followers may have when a leader with the first of these comes to power. */
  const leaders = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  test.each([
    ['a', [1, 1, 1, 4, 4, 5, 5, 6, 6]],
    ['b', [1, 1, 1, 4]],
    ['c', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    ['d', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    ['e', [1, 1, 1, 4, 4, 4, 4]],
    ['f', [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
  ])('figure 7 (%s): the leader makes it like its own', (_, terms) => {
    const cluster = make();
    const fill = (id: string, of: readonly number[]) => {
      const entries = of.map((term) => noop(term));
      receive(cluster, id, 'n9', 'appendEntries', append(of.at(-1)!, { entries }));
    };
    fill('n1', leaders);
    fill('n2', leaders);
    fill('n3', terms);
    cluster.lose();
    cluster.isolate('n3');
    while (cluster.state('n1').term < 7) cluster.ask('n1', 'campaign');
    cluster.lose();
    cluster.elect('n1');
    cluster.heal();
    cluster.beat('n1');
    cluster.beat('n1');
    const { term } = cluster.state('n1');
    expect(cluster.terms('n3')).toEqual([...leaders, term]);
  });
});

describe('§5.4, what keeps it safe', () => {
  test('a request says how far the candidate’s log goes', () => {
    const cluster = make();
    receive(cluster, 'n1', 'n2', 'appendEntries', append(2, { entries: [noop(1), noop(2)] }));
    cluster.lose();
    cluster.ask('n1', 'campaign');
    expect(cluster.flying[0]!.message).toEqual(request(3, 2, 2));
  });

  test.each([
    // The last entry of the candidate, that of the voter, what it says.
    [[1, 1], [1, 1], true],
    [[2, 1], [1, 1], true],
    [[1, 2], [1, 1], true],
    [[1, 2], [2, 1], true],
    [[1, 1], [2, 1], false],
    [[2, 1], [1, 2], false],
    [[9, 1], [1, 2], false],
  ] as const)(
    'a candidate that ends with %j is refused by who ends with %j, or not: %j',
    (theirs, own, grants) => {
      const cluster = make();
      const entries = Array.from({ length: own[0] }, () => noop(own[1]));
      receive(cluster, 'n1', 'n2', 'appendEntries', append(own[1], { entries }));
      cluster.lose();
      receive(cluster, 'n1', 'n3', 'requestVote', request(5, theirs[0], theirs[1]));
      expect(cluster.flying[0]!.message.granted).toBe(grants);
    },
  );

  test.each([
    [1, false],
    [2, false],
    [3, true],
  ])(
    '§5.4.2: replicas are counted for entries of the own term only (entry %i of term 1, 2, 3: %j)',
    (index, isCommitted) => {
      const cluster = make();
      receive(cluster, 'n1', 'n2', 'appendEntries', append(2, { entries: [noop(1), noop(2)] }));
      cluster.lose();
      cluster.ask('n1', 'campaign');
      receive(cluster, 'n1', 'n2', 'requestVoteReply', { term: 3, granted: true });
      expect(cluster.terms('n1')).toEqual([1, 2, 3]);
      receive(cluster, 'n1', 'n2', 'appendEntriesReply', {
        ...{
          term: 3,
          success: true,
          match: index,
          matchTerm: 0,
          prevIndex: 0,
          round: 0,
          session: 0,
        },
      });
      expect(cluster.state('n1').commit).toBe(isCommitted ? 3 : 0);
    },
  );
});

describe('the dissertation', () => {
  const hears = { pre_vote: true, check_quorum: true };

  test('D 4.2.3: who hears a leader neither votes nor looks at the term', () => {
    const cluster = make({ settings: hears });
    cluster.elect('n1');
    cluster.beat();
    receive(cluster, 'n2', 'n3', 'requestVote', request(9, 99, 99));
    expect(cluster.flying).toEqual([]);
    expect(cluster.state('n2')).toMatchObject({ term: 1, leader: 'n1' });
  });

  test('D 3.10: unless that leader has asked for it', () => {
    const cluster = make({ settings: hears });
    cluster.elect('n1');
    cluster.beat();
    cluster.ask('n1', 'transfer', { to: 'n3' });
    cluster.settle();
    expect(cluster.state('n3')).toMatchObject({ role: 'leader', term: 2 });
  });

  test('D 9.6: whoever cannot win leaves its term, and everybody’s, alone', () => {
    const cluster = make({ settings: hears });
    cluster.elect('n1');
    cluster.beat();
    cluster.isolate('n3');
    cluster.run(20_000);
    expect(cluster.state('n3').term).toBe(1);
    cluster.heal();
    cluster.run(1000);
    expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([1, 1, 1]);
  });

  test('D 6.2: a leader that reaches no majority steps down', () => {
    for (const nodes of [3, 4, 5, 6]) {
      const cluster = make({ nodes, settings: hears });
      cluster.elect('n1');
      cluster.beat();
      // With half of an even number it is no majority either.
      cluster.isolate('n1', ...cluster.ids.slice(1, Math.floor(nodes / 2)));
      cluster.run(2500);
      expect(cluster.state('n1').role).not.toBe('leader');
    }
  });

  test('D 10.2.1: the leader’s own entry counts when its disk has it, and may be the last to', () => {
    const cluster = make({ slowDisks: true });
    const syncAll = (...ids: readonly string[]) => {
      for (let i = 0; i < 10; i++) {
        for (const id of ids) cluster.sync(id);
        cluster.settle();
      }
    };
    cluster.forget();
    cluster.ask('n1', 'campaign');
    syncAll('n1', 'n2', 'n3');
    const { commit } = cluster.state('n1');
    cluster.put('n1', 'x', 'new');
    cluster.settle();
    syncAll('n2', 'n3');
    expect(cluster.state('n1').commit).toBe(commit + 1);
  });
});
