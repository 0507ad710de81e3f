/** What operators and clients do, and what befalls machines: witnesses, priorities, clocks, lost majorities, and input that cannot be. */

import { describe, expect, test } from 'vitest';
import { fold } from '../../../src/algorithms/raft/entry.ts';
import { configurationOf } from '../../../src/algorithms/raft/configuration.ts';
import { leastTimeoutMs } from '../../../src/algorithms/raft/timers.ts';
import type { Step } from '../../../src/algorithms/raft/step.ts';
import { encodeCanonical } from '../../../src/core/canonical.ts';
import { RaftCluster } from '../../support/raft-by-hand.ts';

const heartbeat = (term: number) => ({
  ...{ term, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1, session: 0 },
});

function hear(cluster: RaftCluster, id: string): void {
  const message = heartbeat(1);
  cluster.step(id, { kind: 'message', type: 'appendEntries', from: 'n9', message, ticket: 0 });
}

describe('a witness', () => {
  const settings = { voters: ['n1', 'n2'], witnesses: ['n3'] };

  test('makes a majority with one other, and keeps no command', () => {
    const cluster = new RaftCluster({ nodes: 3, settings });
    cluster.elect('n1');
    cluster.crash('n2');
    const asked = cluster.put('n1', 'x', 'secret');
    cluster.settle();
    expect(asked.outcome).toMatchObject({ kind: 'result' });
    const kept = cluster.state('n3').log.at(2)!;
    expect(kept.kind).toBe('stub');
    expect(JSON.stringify([...cluster.member('n3').disk])).not.toContain('secret');
    // Its log has the same digest as the leader's.
    expect(cluster.state('n3').log.chain).toBe(cluster.state('n1').log.chain);
    expect(cluster.machine('n3')).toEqual({});
  });

  test('does not vote for who lacks what it has counted, and never stands itself', () => {
    const cluster = new RaftCluster({ nodes: 3, settings });
    cluster.elect('n1');
    cluster.crash('n2');
    cluster.put('n1', 'x', '1');
    cluster.settle();
    cluster.crash('n1');
    cluster.restart('n2');
    cluster.run(20_000);
    expect(cluster.leader).toBeUndefined();
    expect(cluster.ask('n3', 'campaign').outcome).toMatchObject({ kind: 'error' });
    cluster.restart('n1');
    cluster.run(5000);
    expect(cluster.leader).toBe('n1');
    expect(cluster.machine('n2')).toEqual({ x: '1' });
  });

  test('has a snapshot without a state', () => {
    const cluster = new RaftCluster({ nodes: 3, settings: { ...settings, snapshot_entries: 3 } });
    cluster.elect('n1');
    cluster.crash('n3');
    for (let i = 0; i < 8; i++) cluster.put('n1', 'x', `${i}`);
    cluster.settle();
    cluster.restart('n3');
    for (let i = 0; i < 4; i++) cluster.beat('n1');
    expect(cluster.state('n3').log.base.index).toBeGreaterThan(0);
    expect(cluster.machine('n3')).toEqual({});
    cluster.crash('n3');
    cluster.restart('n3');
    expect(cluster.machine('n3')).toEqual({});
  });
});

describe('priority', () => {
  test('whoever has more stands first, in every run', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const cluster = new RaftCluster({
        ...{ nodes: 4, seed },
        own: { n1: { priority: 1 }, n2: { priority: 1 }, n4: { priority: 0 } },
      });
      cluster.run(2100);
      expect(cluster.leader).toBe('n3');
    }
  });

  test('zero waits for ever, and leads when it is asked to', () => {
    const cluster = new RaftCluster({ nodes: 3, settings: { priority: 0 } });
    cluster.run(60_000);
    expect(cluster.leader).toBeUndefined();
    cluster.elect('n2');
    expect(cluster.leader).toBe('n2');
  });
});

describe('adaptive timers', () => {
  const timeoutOf = (cluster: RaftCluster) =>
    leastTimeoutMs({ state: cluster.state('n1') } as Step);

  function after(gaps: readonly number[], settings: Record<string, unknown> = {}): number {
    const cluster = new RaftCluster({ nodes: 3, settings });
    hear(cluster, 'n1');
    for (const gapMs of gaps) {
      cluster.nowMs += gapMs;
      hear(cluster, 'n1');
    }
    return timeoutOf(cluster);
  }

  const even = Array.from({ length: 40 }, () => 150);
  const uneven = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 20 : 800));

  test('leave the timeout alone while heartbeats come evenly', () => {
    expect(after(even)).toBe(1000);
    expect(after(Array.from({ length: 40 }, () => 10))).toBe(1000);
  });

  test('stretch it when they do not, and shrink it again', () => {
    const stretched = after(uneven);
    expect(stretched).toBeGreaterThan(2000);
    const calm = [...uneven, ...Array.from({ length: 200 }, () => 150)];
    expect(after(calm)).toBeLessThan(1100);
    expect(after(uneven, { adaptive: false })).toBe(1000);
  });

  test('a silence as long as an election is no pace', () => {
    expect(after([...even, 5000, 150])).toBe(1000);
  });
});

describe('a machine that slept', () => {
  test('leads no more when it wakes', () => {
    const cluster = new RaftCluster({ nodes: 3 });
    cluster.elect('n1');
    cluster.beat();
    cluster.nowMs += 1200;
    cluster.step('n1', { kind: 'timer', name: 'heartbeat' });
    expect(cluster.state('n1')).toMatchObject({ role: 'follower', term: 1 });
    expect(cluster.details('n1', 'election').at(-1)).toMatchObject({ what: 'suspended' });
  });

  test('does not stand for election before it has heard what waits for it', () => {
    const cluster = new RaftCluster({ nodes: 3 });
    cluster.elect('n1');
    cluster.beat();
    cluster.nowMs += 30_000;
    cluster.step('n2', { kind: 'timer', name: 'election' });
    expect(cluster.state('n2')).toMatchObject({ role: 'follower', term: 1 });
    expect(cluster.flying).toEqual([]);
  });

  test('reads on no lease when its clock has jumped', () => {
    const cluster = new RaftCluster({ nodes: 3, settings: { reads: 'lease' } });
    cluster.run(6000);
    const leader = cluster.leader!;
    cluster.beat(leader);
    expect(cluster.read(leader, 'x').outcome).toMatchObject({ kind: 'result' });
    cluster.nowMs += 600;
    expect(cluster.read(leader, 'x').outcome).toBeUndefined();
  });
});

describe('a majority that is lost for good', () => {
  function disaster(): RaftCluster {
    const cluster = new RaftCluster({ nodes: 5, settings: { pre_vote: false } });
    cluster.elect('n1');
    cluster.put('n1', 'x', 'kept');
    cluster.settle();
    cluster.beat();
    for (const id of ['n1', 'n4', 'n5']) cluster.crash(id);
    cluster.run(5000);
    expect(cluster.leader).toBeUndefined();
    return cluster;
  }

  test('one node declares what it has, and the survivors go on', () => {
    const cluster = disaster();
    const asked = cluster.ask('n2', 'recover', { voters: ['n2', 'n3'] });
    expect(asked.outcome).toMatchObject({ kind: 'result' });
    expect(cluster.details('n2', 'recovered')).toHaveLength(1);
    cluster.run(10_000);
    const after = cluster.put(cluster.leader!, 'y', 'new');
    cluster.settle();
    expect(after.outcome).toMatchObject({ kind: 'result' });
    cluster.beat();
    for (const id of ['n2', 'n3']) expect(cluster.machine(id)).toEqual({ x: 'kept', y: 'new' });
    expect(cluster.state('n3').configurations.at(-1)!.configuration.voters).toEqual(['n2', 'n3']);
  });

  test('alone it leads at once, and takes others in', () => {
    const cluster = disaster();
    cluster.crash('n3');
    cluster.ask('n2', 'recover', { voters: ['n2'] });
    expect(cluster.leader).toBe('n2');
    cluster.restart('n3');
    const added = cluster.ask('n2', 'change', { changes: [{ make: 'voter', node: 'n3' }] });
    for (let i = 0; i < 5; i++) cluster.beat('n2');
    expect(added.outcome).toMatchObject({ kind: 'result' });
    expect(cluster.machine('n3')).toEqual({ x: 'kept' });
  });

  test('not while somebody leads, and not without oneself', () => {
    const cluster = new RaftCluster({ nodes: 3 });
    cluster.elect('n1');
    cluster.beat();
    expect(cluster.ask('n2', 'recover', { voters: ['n2'] }).outcome?.reason).toBe(
      'n1 leads: the majority is not lost',
    );
    const other = disaster();
    expect(other.ask('n2', 'recover', { voters: ['n3'] }).outcome?.kind).toBe('error');
  });

  test('a candidate that recovers stands no more for what it stood for', () => {
    const cluster = disaster();
    cluster.ask('n2', 'campaign');
    cluster.lose();
    const { term } = cluster.state('n2');
    cluster.ask('n2', 'recover', { voters: ['n2', 'n3'] });
    expect(cluster.state('n2')).toMatchObject({ role: 'follower', term: term + 1, vote: 'n2' });
  });
});

describe('members that could decide nothing', () => {
  test('are refused while a majority of them is silent', () => {
    const cluster = new RaftCluster({ nodes: 4, settings: { check_quorum: false } });
    cluster.elect('n1');
    cluster.beat();
    cluster.isolate('n3');
    for (let i = 0; i < 10; i++) cluster.beat('n1');
    // Of n1, n2, n3, n4 three are there; without n2 and n4 one of two is.
    const both = ['n2', 'n4'].map((node) => ({ make: 'removed', node }));
    const refused = cluster.ask('n1', 'change', { changes: both });
    expect(refused.outcome).toMatchObject({ kind: 'retry' });
    expect(refused.outcome?.reason).toContain('no majority was heard lately');
    // The dead one can go.
    const removed = cluster.ask('n1', 'change', { changes: [{ make: 'removed', node: 'n3' }] });
    cluster.settle();
    expect(removed.outcome).toMatchObject({ kind: 'result' });
  });

  test.each([
    [
      [
        { make: 'removed', node: 'n1' },
        { make: 'removed', node: 'n2' },
      ],
      'no voter would be left',
    ],
    [
      [
        { make: 'removed', node: 'n1' },
        { make: 'witness', node: 'n2' },
      ],
      'only witnesses would be left',
    ],
  ])('are refused: %j', (changes, reason) => {
    const cluster = new RaftCluster({ nodes: 2 });
    cluster.elect('n1');
    cluster.beat();
    const { outcome } = cluster.ask('n1', 'change', { changes });
    expect(outcome?.kind).toBe('error');
    expect(outcome?.reason).toContain(reason);
  });
});

describe('a snapshot', () => {
  function chunk(content: unknown, rest: object = {}): object {
    const data = content instanceof Uint8Array ? content : encodeCanonical(content);
    return {
      ...{ term: 5, lastIndex: 9, lastTerm: 4, chain: 1, offset: 0, total: data.length },
      ...{ checksum: fold(data), configuration: configurationOf(['n1', 'n2', 'n3']), data },
      ...{ round: 1, session: 0, ...rest },
    };
  }

  function offered(message: object): RaftCluster {
    const cluster = new RaftCluster({ nodes: 3, settings: { cluster: 'ours' } });
    cluster.step('n1', {
      kind: 'message',
      type: 'installSnapshot',
      from: 'n2',
      message,
      ticket: 0,
    });
    return cluster;
  }

  const { settings } = new RaftCluster().state('n1');
  const content = { cluster: 'ours', machine: [['x', '1']], sessions: [], settings };

  test('of this cluster is taken', () => {
    expect(offered(chunk(content)).machine('n1')).toEqual({ x: '1' });
  });

  test.each([
    ['of another cluster', chunk({ ...content, cluster: 'theirs' })],
    ['that is none', chunk(Uint8Array.of(255, 1, 2))],
    ['that arrived corrupt', chunk(content, { checksum: 1 })],
    ['that claims to be larger than anything', chunk(content, { total: 2 ** 40 })],
    ['with a piece beyond its end', chunk(content, { offset: 10 })],
  ])('%s changes nothing', (_, message) => {
    const cluster = offered(message);
    expect(cluster.machine('n1')).toEqual({});
    expect(cluster.state('n1')).toMatchObject({ commit: 0, applied: 0, snapshot: null });
    expect(cluster.logs.length).toBeGreaterThan(0);
  });
});

describe('a client', () => {
  function asked(cluster: RaftCluster, serial: number, value: string, lowest = serial) {
    const command = { do: 'append', key: 'x', value };
    const ask = cluster.ask('n1', 'propose', { client: 'c', serial, lowest, command });
    cluster.settle();
    return ask.outcome;
  }

  function serving(settings: Record<string, unknown> = {}): RaftCluster {
    const cluster = new RaftCluster({ nodes: 3, settings });
    cluster.elect('n1');
    return cluster;
  }

  test('that reuses a serial for something else gets the answer of the first, and nothing is done', () => {
    const cluster = serving();
    expect(asked(cluster, 1, 'a')).toMatchObject({ kind: 'result' });
    expect(asked(cluster, 1, 'b')).toMatchObject({ kind: 'result', value: null });
    expect(cluster.machine('n1')).toEqual({ x: 'a' });
  });

  test('that asks for an answer it has given up is refused', () => {
    const cluster = serving();
    asked(cluster, 1, 'a');
    asked(cluster, 2, 'b');
    expect(asked(cluster, 1, 'c', 0)).toMatchObject({
      kind: 'error',
      reason: 'serial 1 of c was answered already',
    });
    expect(cluster.machine('n1')).toEqual({ x: 'ab' });
  });

  test('that was forgotten is not served as if it were new', () => {
    const cluster = serving({ max_sessions: 1 });
    asked(cluster, 1, 'a');
    cluster.put('n1', 'y', '1', { client: 'd', serial: 1, lowest: 1 });
    cluster.settle();
    expect(asked(cluster, 2, 'b')).toMatchObject({ kind: 'error' });
    expect(cluster.machine('n1')).toEqual({ x: 'a', y: '1' });
  });
});
