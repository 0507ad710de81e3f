/** A node whose disk was damaged or is gone: it says so, votes for nobody, learns, and is made a voter again. */

import { describe, expect, test } from 'vitest';
import { keyOf } from '../../../src/algorithms/raft/durable.ts';
import { RaftCluster } from '../../support/raft-by-hand.ts';

/** Three nodes with a few entries, and n3 down; what its disk has. */
function withEntries(settings: Record<string, unknown> = {}): RaftCluster {
  const cluster = new RaftCluster({ nodes: 3, settings });
  cluster.elect('n1');
  for (const value of ['1', '2', '3']) cluster.put('n1', 'x', value);
  cluster.settle();
  cluster.beat();
  cluster.crash('n3');
  return cluster;
}

describe('a record that cannot be read', () => {
  test('is told, and everything with it is removed', () => {
    const cluster = withEntries();
    cluster.isolate('n3');
    cluster.restart('n3', { damaged: [keyOf(2)] });
    expect(cluster.state('n3')).toMatchObject({ memory: 'lost', term: 0, vote: null });
    expect(cluster.state('n3').log.lastIndex).toBe(0);
    expect([...cluster.member('n3').disk.keys()]).toEqual(['memory']);
    expect(cluster.details('n3', 'error')).toEqual([
      { what: 'storage', detail: `damaged on the disk: ${keyOf(2)}` },
    ]);
    // It is not forgotten again by another crash.
    cluster.crash('n3');
    cluster.restart('n3');
    expect(cluster.state('n3').memory).toBe('lost');
  });

  test('the node votes for nobody, stands for nothing, and recovers nothing', () => {
    const cluster = withEntries({ pre_vote: false, check_quorum: false });
    cluster.crash('n1');
    cluster.restart('n3', { damaged: [keyOf(1)] });
    cluster.ask('n2', 'campaign');
    cluster.settle();
    expect(cluster.state('n2').votes.get('n3')).toBe(false);
    expect(cluster.ask('n3', 'campaign').outcome).toMatchObject({ kind: 'error' });
    expect(cluster.ask('n3', 'recover', { voters: ['n3'] }).outcome).toMatchObject({
      kind: 'error',
      reason: 'n3 has lost its disk: what it has is less than it had',
    });
  });

  test('the leader makes it a learner, and a voter when it has everything', () => {
    const cluster = withEntries();
    const made: string[] = [];
    cluster.restart('n3', { damaged: [keyOf(1)] });
    for (let i = 0; i < 8 && cluster.state('n3').memory !== 'whole'; i++) {
      const { configuration } = cluster.state('n1').configurations.at(-1)!;
      made.push(configuration.learners.includes('n3') ? 'learner' : 'voter');
      cluster.beat('n1');
    }
    expect(made).toContain('learner');
    expect(cluster.state('n3').memory).toBe('whole');
    expect(cluster.state('n1').configurations.at(-1)!.configuration.voters).toEqual([
      'n1',
      'n2',
      'n3',
    ]);
    expect(cluster.machine('n3')).toEqual({ x: '3' });
    expect(cluster.member('n3').disk.has('memory')).toBe(false);
    // It is a voter like any other.
    cluster.crash('n1');
    cluster.elect('n2');
    expect(cluster.state('n3').vote).toBe('n2');
  });

  test('what the leader believed of it counts no more', () => {
    const cluster = withEntries();
    const before = cluster.state('n1').lead!.peers.get('n3')!;
    expect(before.match).toBe(4);
    cluster.restart('n3', { damaged: [keyOf(1)] });
    cluster.nowMs += 150;
    cluster.step('n1', { kind: 'timer', name: 'heartbeat' });
    cluster.settle(({ to, from }) => to === 'n3' || from === 'n3');
    const after = cluster.state('n1').lead!.peers.get('n3')!;
    expect(after.match).toBeLessThan(4);
    expect(after.session).toBeGreaterThan(before.session);
  });

  test('in a snapshot it is no different', () => {
    const cluster = withEntries();
    cluster.restart('n3');
    cluster.ask('n3', 'snapshot');
    cluster.crash('n3');
    cluster.restart('n3', { damaged: ['snapshot'] });
    for (let i = 0; i < 8; i++) cluster.beat('n1');
    expect(cluster.state('n3').memory).toBe('whole');
    expect(cluster.machine('n3')).toEqual({ x: '3' });
  });

  test('a learner stays one', () => {
    const own = { voters: ['n1', 'n2'], learners: ['n3'] };
    const cluster = withEntries(own);
    cluster.restart('n3', { damaged: [keyOf(1)] });
    for (let i = 0; i < 6; i++) cluster.beat('n1');
    expect(cluster.state('n3').memory).toBe('whole');
    expect(cluster.state('n1').configurations.at(-1)!.configuration.learners).toEqual(['n3']);
  });

  test('of two voters one cannot be missed: the cluster waits for an operator', () => {
    const cluster = new RaftCluster({ nodes: 2 });
    cluster.elect('n1');
    cluster.put('n1', 'x', '1');
    cluster.settle();
    cluster.crash('n1');
    cluster.crash('n2');
    cluster.restart('n1');
    cluster.restart('n2', { damaged: [keyOf(1)] });
    cluster.run(20_000);
    expect(cluster.leader).toBeUndefined();
    const recovered = cluster.ask('n1', 'recover', { voters: ['n1'] });
    cluster.run(3000);
    expect(recovered.outcome).toMatchObject({ kind: 'result' });
    expect(cluster.leader).toBe('n1');
    expect(cluster.machine('n1')).toEqual({ x: '1' });
  });
});

describe('storage that is gone', () => {
  test('counts as lost when the program around the node has missed it', () => {
    const cluster = new RaftCluster({ nodes: 3, own: { n3: { evicted: true } } });
    expect(cluster.state('n3').memory).toBe('lost');
    cluster.elect('n1');
    for (let i = 0; i < 6; i++) cluster.beat('n1');
    expect(cluster.state('n3').memory).toBe('whole');
    // The setting still says so after another restart, and there is storage again.
    cluster.crash('n3');
    cluster.restart('n3');
    expect(cluster.state('n3').memory).toBe('whole');
  });
});
