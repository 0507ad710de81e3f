import { describe, expect, test, vi } from 'vitest';
import { StorageFull } from '../../../../src/core/storage-error.ts';
import { RaftError } from '../../../../src/lab/raft/client.ts';
import type { RaftEvent } from '../../../../src/lab/raft/create-raft.ts';
import type { StateMachineDefinition } from '../../../../src/lab/raft/defined-machine.ts';
import { RaftCluster, until } from '../../../support/raft-cluster.ts';

// Elections take their time on a machine that has other work to do.
vi.setConfig({ testTimeout: 30_000 });

/** A counter that refuses, and one that fails. */
type Command = { readonly add: number } | { readonly fail: true };

const counter: StateMachineDefinition<{ total: number }, Command, number, null, number> = {
  initial: () => ({ total: 0 }),
  apply(state, command) {
    if ('fail' in command) throw new Error('a defect of the state machine');
    state.total += command.add;
    return state.total;
  },
  query: (state) => state.total,
};

test('what one node proposes all nodes have, whoever leads', async () => {
  const cluster = new RaftCluster({ machine: counter });
  const nodes = await cluster.start();
  const results = [];
  for (const [i, node] of nodes.entries()) results.push(await node.propose({ add: 10 ** i }));
  expect(results).toEqual([1, 11, 111]);
  expect(await Promise.all(nodes.map((node) => node.read(null)))).toEqual([111, 111, 111]);
  expect(await Promise.all(nodes.map((node) => until(node, (total) => total === 111)))).toEqual([
    111, 111, 111,
  ]);
  const { status } = await cluster.leader();
  expect(status).toMatchObject({
    ...{ role: 'leader', leader: status.leader, voters: ['n1', 'n2', 'n3'], broken: null },
    storage: { kind: 'memory', survives: 'nothing' },
  });
});

test('commands that are under way at once happen once each', async () => {
  const cluster = new RaftCluster({ machine: counter });
  const nodes = await cluster.start();
  const proposals = Array.from({ length: 60 }, (_, i) => nodes[i % 3]!.propose({ add: 1 }));
  const results = await Promise.all(proposals);
  expect(results.toSorted((a, b) => a - b)).toEqual(results.map((_, i) => i + 1));
  expect(await nodes[0]!.read(null)).toBe(60);
});

test('a leader that is gone is followed by another, and no command is lost or doubled', async () => {
  const cluster = new RaftCluster({ machine: counter });
  await cluster.start();
  const first = await cluster.leader();
  const others = [...cluster.nodes.values()].filter((node) => node !== first);
  await first.propose({ add: 1 });
  const underWay = others.flatMap((node) =>
    Array.from({ length: 20 }, () => node.propose({ add: 1 })),
  );
  first.kill();
  await Promise.all(underWay);
  expect(await others[0]!.read(null)).toBe(41);
  await expect(first.propose({ add: 1 })).rejects.toThrow('n1 is stopped'.replace('n1', first.id));
});

test('a node that comes back finds what it had, and catches up', async () => {
  const cluster = new RaftCluster({ machine: counter });
  const nodes = await cluster.start();
  await nodes[0]!.propose({ add: 5 });
  nodes[2]!.kill();
  await nodes[0]!.propose({ add: 6 });
  const again = await cluster.startNode('n3');
  expect(await until(again, (total) => total === 11)).toBe(11);
});

test('everybody ends, and everybody comes back: nothing is forgotten', async () => {
  const cluster = new RaftCluster({ machine: counter, settings: { snapshot_entries: 5 } });
  const nodes = await cluster.start();
  for (let i = 0; i < 20; i++) await nodes[i % 3]!.propose({ add: 1 });
  for (const node of nodes) node.kill();
  const again = await cluster.start();
  expect(await again[0]!.propose({ add: 1 })).toBe(21);
  expect(again.some(({ status }) => status.snapshot > 0)).toBe(true);
});

describe('without a majority', () => {
  test('nothing happens, and one is told that nobody knows', async () => {
    const cluster = new RaftCluster({ machine: counter });
    const nodes = await cluster.start();
    await nodes[0]!.propose({ add: 1 });
    cluster.network.cut(() => true);
    const options = { timeoutMs: 600 };
    const proposing = nodes[0]!.propose({ add: 1 }, options);
    await expect(proposing).rejects.toMatchObject({ name: 'RaftError', kind: 'timeout' });
    await expect(nodes[0]!.read(null, options)).rejects.toBeInstanceOf(RaftError);
    cluster.network.cut();
    // Whether the command happened, nobody said: but not twice.
    const total = await nodes[0]!.propose({ add: 10 });
    expect([11, 12]).toContain(total);
  });

  test('one gives up when one likes', async () => {
    const cluster = new RaftCluster({ machine: counter });
    const node = await cluster.startNode('n1');
    const giveUp = new AbortController();
    const proposing = node.propose({ add: 1 }, { signal: giveUp.signal });
    giveUp.abort(new Error('no longer wanted'));
    await expect(proposing).rejects.toThrow('no longer wanted');
  });
});

describe('a state machine that fails', () => {
  test('breaks its nodes, which say so and take part no more until they are repaired', async () => {
    const cluster = new RaftCluster({ machine: counter, size: 1 });
    const [node] = await cluster.start();
    const events: RaftEvent[] = [];
    node!.on((event) => events.push(event));
    await node!.propose({ add: 1 });
    await expect(node!.propose({ fail: true })).rejects.toThrow('a defect of the state machine');
    expect(node!.status.broken).toContain('a defect');
    expect(events.map(({ kind }) => kind)).toContain('error');
    expect(await node!.attempt({ add: 1 })).toMatchObject({ kind: 'error' });
    node!.kill();
    const again = await cluster.startNode('n1');
    expect(again.status.broken).toContain('a defect');
  });
});

test('a disk that is full ends its node, which says so, and the others go on', async () => {
  const cluster = new RaftCluster({ machine: counter });
  await cluster.start();
  const leader = await cluster.leader();
  await leader.propose({ add: 1 });
  const full = [...cluster.nodes.values()].find((node) => node !== leader)!;
  const ended = new Promise<RaftEvent>((resolve) => {
    full.on((event) => event.kind === 'error' && resolve(event));
  });
  cluster.stores.get(full.id)!.putAll = () => Promise.reject(new StorageFull('the disk is full'));
  await leader.propose({ add: 1 });
  expect(await ended).toEqual({
    kind: 'error',
    detail: { what: 'stopped', detail: 'the disk is full' },
  });
  expect(full.status.isStopped).toBe(true);
  expect(await leader.propose({ add: 1 })).toBe(3);
});

test('members come and go while it runs', async () => {
  const cluster = new RaftCluster({ machine: counter, others: ['n4'] });
  await cluster.start();
  const leader = await cluster.leader();
  await leader.propose({ add: 3 });
  const fourth = await cluster.startNode('n4');
  expect(await leader.change([{ make: 'voter', node: 'n4' }])).toMatchObject({ kind: 'result' });
  expect(await until(fourth, (total) => total === 3)).toBe(3);
  const removed = [...cluster.nodes.keys()].find((id) => id !== leader.id && id !== 'n4')!;
  expect(await leader.change([{ make: 'removed', node: removed }])).toMatchObject({
    kind: 'result',
  });
  expect(leader.status.voters).not.toContain(removed);
  expect(leader.status.voters).toContain('n4');
});

test('leadership is handed over, also by a leader that stops', async () => {
  const cluster = new RaftCluster({ machine: counter });
  await cluster.start();
  const first = await cluster.leader();
  await first.propose({ add: 1 });
  const heir = [...cluster.nodes.keys()].find((id) => id !== first.id)!;
  expect(await first.transfer(heir)).toMatchObject({ kind: 'result' });
  const second = await cluster.leader();
  expect(second.id).toBe(heir);
  await second.stop();
  expect((await cluster.leader()).id).not.toBe(heir);
});

test('what is no message is counted, remembered and ignored', async () => {
  const cluster = new RaftCluster({ machine: counter });
  const nodes = await cluster.start();
  const stranger = cluster.network.join('n2', () => {});
  const outsider = cluster.network.join('outsider', () => {});
  stranger.send('n1', Uint8Array.of(1, 2, 3));
  outsider.send('n1', Uint8Array.of(7));
  while (nodes[0]!.metrics.messagesRefused < 2) await new Promise((go) => setTimeout(go, 5));
  expect(nodes[0]!.problems({ clear: true }).map(({ from }) => from)).toEqual(['n2', 'outsider']);
  expect(nodes[0]!.problems()).toEqual([]);
  expect(nodes[0]!.status.isStopped).toBe(false);
});

test('a commit costs one round: two messages for each follower', async () => {
  const cluster = new RaftCluster({ machine: counter });
  await cluster.start();
  const leader = await cluster.leader();
  // So that nothing else is sent meanwhile.
  await leader.update({ election_timeout: 60_000, heartbeat_interval: 30_000 });
  await leader.propose({ add: 1 });
  const before = leader.metrics;
  const count = 50;
  for (let i = 0; i < count; i++) await leader.propose({ add: 1 });
  const { metrics } = leader;
  const messages =
    metrics.messagesSent + metrics.messagesReceived - before.messagesSent - before.messagesReceived;
  expect(metrics.commandsApplied - before.commandsApplied).toBe(count);
  expect(messages / count).toBeGreaterThanOrEqual(4 - 2 / count);
  // The heartbeat that was due before the settings came may still be among them.
  expect(messages / count).toBeLessThanOrEqual(4 + 4 / count);
});
