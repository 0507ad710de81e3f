/** What Raft costs in messages, as the dissertation and the labs of MIT 6.5840 have it. */

import { describe, expect, test } from 'vitest';
import { RaftCluster } from '../../support/raft-by-hand.ts';

const total = (cluster: RaftCluster) =>
  [...cluster.sent.values()].reduce((sum, count) => sum + count, 0);

describe.each([3, 4, 5, 7])('with %i nodes', (nodes) => {
  const others = nodes - 1;

  test('an election costs 2(n − 1) messages, with pre-vote twice as many, and its entry 2(n − 1)', () => {
    for (const pre_vote of [false, true]) {
      const cluster = new RaftCluster({ nodes, settings: { pre_vote } });
      cluster.elect('n1');
      expect(total(cluster)).toBe((pre_vote ? 6 : 4) * others);
    }
  });

  test('a command costs 2(n − 1) messages, ten at once hardly more', () => {
    const cluster = new RaftCluster({ nodes });
    cluster.elect('n1');
    cluster.beat();
    cluster.sent.clear();
    for (let i = 0; i < 10; i++) {
      cluster.put('n1', 'x', `${i}`);
      cluster.settle();
    }
    expect(total(cluster)).toBe(10 * 2 * others);
    expect(cluster.state('n1').commit).toBe(11);
  });

  test('reads that come together share one round', () => {
    const cluster = new RaftCluster({ nodes });
    cluster.elect('n1');
    cluster.beat();
    cluster.sent.clear();
    const first = cluster.read('n1', 'x');
    const rest = Array.from({ length: 20 }, () => cluster.read('n1', 'x'));
    cluster.settle();
    for (const { outcome } of [first, ...rest]) expect(outcome).toMatchObject({ kind: 'result' });
    // The first round was under way already when the others came: they share the next.
    expect(total(cluster)).toBe(2 * 2 * others);
  });

  test('a read on a lease costs nothing', () => {
    const cluster = new RaftCluster({ nodes, settings: { reads: 'lease' } });
    cluster.run(5000);
    cluster.beat();
    cluster.sent.clear();
    expect(cluster.read(cluster.leader!, 'x').outcome).toMatchObject({
      kind: 'result',
      value: null,
    });
    expect(total(cluster)).toBe(0);
  });
});

test('MIT RPCBytes: each byte of a command goes to each follower once', () => {
  const cluster = new RaftCluster({ nodes: 3 });
  cluster.elect('n1');
  let bytes = 0;
  cluster.onSend = (message) => {
    bytes += JSON.stringify(message.message).length;
    return [message];
  };
  for (let i = 0; i < 10; i++) {
    cluster.put('n1', 'x', 'x'.repeat(5000));
    cluster.settle();
  }
  expect(bytes).toBeLessThan(2 * 10 * 5000 + 50_000);
});

test('MIT Backup: a log that diverged for fifty entries is mended in a few rounds, not fifty', () => {
  const cluster = new RaftCluster({ nodes: 3, settings: { pre_vote: false, check_quorum: false } });
  cluster.elect('n1');
  cluster.beat();
  cluster.isolate('n1');
  for (let i = 0; i < 50; i++) cluster.put('n1', 'x', `lost ${i}`);
  cluster.nowMs += 10_000;
  cluster.ask('n2', 'campaign');
  cluster.settle();
  for (let i = 0; i < 50; i++) cluster.put('n2', 'x', `kept ${i}`);
  cluster.settle();
  cluster.heal();
  cluster.sent.clear();
  cluster.beat('n2');
  cluster.beat('n2');
  expect(cluster.terms('n1')).toEqual(cluster.terms('n2'));
  expect(total(cluster)).toBeLessThan(20);
});

test('what is under way to one follower is bounded by count and by bytes', () => {
  for (const [settings, most] of [
    [{ max_inflight: 3, max_entries: 1 }, 3],
    [{ max_inflight_bytes: 400, max_entries: 1 }, 4],
  ] as const) {
    const cluster = new RaftCluster({ nodes: 3, settings });
    cluster.elect('n1');
    cluster.beat();
    for (let i = 0; i < 30; i++) cluster.put('n1', 'x', 'y'.repeat(60));
    const toTwo = cluster.flying.filter(
      ({ to, message }) => to === 'n2' && message.entries?.length > 0,
    );
    expect(toTwo.length).toBeLessThanOrEqual(most);
    cluster.settle();
    expect(cluster.state('n2').log.lastIndex).toBe(31);
  }
});

test('a command that is too large is refused, and so is one too many', () => {
  const cluster = new RaftCluster({ settings: { max_command: 100, max_uncommitted: 300 } });
  cluster.elect('n1');
  cluster.beat();
  expect(cluster.put('n1', 'x', 'y'.repeat(100)).outcome).toMatchObject({ kind: 'error' });
  cluster.isolate('n1');
  const asked = Array.from({ length: 10 }, (_, i) => cluster.put('n1', 'x', `${i}`));
  expect(asked.at(-1)!.outcome).toEqual({ kind: 'retry', reason: 'too much is not committed yet' });
});
