/** Runs of a room: who runs what, what is refused, what directors do, and what everybody sees of it. */

import { describe, expect, test } from 'vitest';
import type { NodeResult } from '../../../../src/core/result.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import type { Room } from '../../../../src/lab/room/room.ts';
import { keyOf, line, mine, PING, RoomWorld, until } from './room-world.ts';

const RESULT: NodeResult = {
  ...{ status: 'terminated', report: { pings: 3 }, messages_received: {}, bytes_received: 0 },
  ...{ messages_sent: 1, dropped: {}, elapsed_ms: 5 },
};

const started = (room: Room) => room.run !== undefined && room.run.nodes.length > 0;

async function playing(world: RoomWorld, ...names: readonly string[]): Promise<readonly Room[]> {
  const rooms = await world.gather(...names);
  rooms[0]!.propose(PING);
  rooms[0]!.start();
  await until(() => rooms.every(started));
  return rooms;
}

const log = (node: string, sequence: number, text: string): TraceEvent => ({
  ...{ kind: 'log', node, sequence, time: sequence, path: '', level: 'info', text },
});

const texts = (room: Room) =>
  room.run!.events.flatMap((event) => (event.kind === 'log' ? [event.text] : []));

describe('a run that is started', () => {
  test('gives nodes to members in the order of joining, with the keys that they are known by', async () => {
    const world = new RoomWorld();
    const ids = ['ann', 'bob'].map((name) => world.newIdentity(name));
    const ann = await world.enter('ann', { identity: ids[0]! });
    const bob = await world.enter('bob', { identity: ids[1]! });
    await until(() => ann.members.length === 2);
    ann.propose(PING);
    ann.start();
    await until(() => started(bob));
    expect(Object.fromEntries(bob.run!.seats)).toEqual({ n1: ids[0]!.member, n2: ids[1]!.member });
    await until(() => world.nodes.has('ann n1') && world.nodes.has('bob n2'));
    expect(world.nodes.get('ann n1')!.keys()).toEqual({ n2: keyOf(ids[1]!) });
    expect(world.nodes.get('bob n2')!.keys()).toEqual({ n1: keyOf(ids[0]!) });
    expect(line(bob, 'ann').nodes).toEqual(['n1']);
  });

  test('gives several nodes to a tab where there are fewer tabs, which see each other', async () => {
    const world = new RoomWorld();
    const [ann] = await playing(world, 'ann');
    expect(mine(ann!).nodes).toEqual(['n1', 'n2']);
    expect(world.nodes.get('ann n1')!.others()).toEqual(['n2']);
    expect(world.nodes.get('ann n2')!.others()).toEqual(['n1']);
  });

  test('gives none to observers, who see it all the same', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await world.gather('ann', 'bob');
    const olga = await world.enter('olga', { isObserver: true });
    await until(() => line(ann!, 'olga')?.role === 'observer');
    bob!.observe(true);
    await until(() => line(ann!, 'bob').isObserver);
    ann!.propose(PING);
    ann!.start();
    await until(() => started(olga));
    expect(new Set(olga.run!.seats.values())).toEqual(new Set([mine(ann!).member]));
    world.nodes.get('ann n1')!.report({ kind: 'trace', events: [log('n1', 1, 'seen by all')] });
    await until(() => texts(olga).includes('seen by all') && texts(bob!).includes('seen by all'));
  });

  test('is refused where tabs are missing, with what to do', async () => {
    const world = new RoomWorld();
    const ann = await world.enter('ann');
    const config = Array.from({ length: 9 }, (_, at) => `n${at + 1}: { initiator: false }`);
    ann.propose({ ...PING, config: config.join('\n') });
    ann.start();
    await until(() => ann.problem !== undefined);
    expect(ann.problem).toMatch(/9 nodes and 1 tab is here.*one more tab/);
    expect(ann.run).toBe(undefined);
  });

  test('is not taken part in by a page with another algorithm of that name, and the others are told', async () => {
    const world = new RoomWorld();
    const ann = await world.enter('ann');
    const bob = await world.enter('bob', { page: { hashOf: () => 'ff'.repeat(32) } });
    await until(() => ann.members.length === 2 && line(bob, 'ann') !== undefined);
    ann.propose(PING);
    ann.start();
    await until(() => bob.run?.phase === 'ended');
    expect(bob.run!.problem).toMatch(/not the same here.*Reload/);
    expect(world.nodes.has('bob n2')).toBe(false);
    // Its node is gone for the others, who do not wait for it.
    await until(() => world.nodes.get('ann n1')?.others().length === 0);
    world.nodes.get('ann n1')!.report({ kind: 'ended', result: RESULT });
    await until(() => ann.run!.phase === 'ended');
    expect(ann.run!.result!.nodes['n2']).toMatchObject({ status: 'failed' });
    expect(ann.run!.result!.nodes['n2']!.error).toMatch(/not the same here/);
  });
});

describe('a device whose clock is wrong', () => {
  test('is told by how much, and takes part as if it were right', async () => {
    const world = new RoomWorld();
    const ann = await world.enter('ann');
    const slowMs = 600_000;
    const bob = await world.enter('bob', { page: { nowMs: () => Date.now() - slowMs } });
    await until(() => bob.notices.some(({ text }) => /10 min behind that of ann/.test(text)));
    expect(ann.notices.some(({ text }) => /10 min ahead of that of bob/.test(text))).toBe(true);
    ann.propose(PING);
    ann.start();
    await until(() => world.nodes.has('bob n2') && world.nodes.has('ann n1'));
    const [hers, his] = ['ann n1', 'bob n2'].map((name) => world.nodes.get(name)!.startedAtMs);
    expect(Math.abs(hers! - slowMs - his!)).toBeLessThan(60_000);
  });
});

describe('what directors do to a run', () => {
  test('reaches all nodes: held and released, cut and healed, killed, stopped', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await playing(world, 'ann', 'bob');
    const told = (name: string) => world.nodes.get(name)?.told ?? [];
    await until(() => world.nodes.has('ann n1') && world.nodes.has('bob n2'));
    for (const name of ['ann n1', 'bob n2']) {
      world.nodes.get(name)!.report({ kind: 'status', status: 'running', waitingFor: [] });
    }
    ann!.hold(true);
    await until(() => told('bob n2').includes('hold') && bob!.run!.isHeld);
    const held = { to: 'n2', message: 'n1#7', path: 'echo', type: 'message' };
    bob!.grab(held, 'drop');
    ann!.grab(held, 'drop');
    await until(() => told('bob n2').includes('drop n1#7'));
    expect(told('bob n2').filter((deed) => deed === 'drop n1#7')).toHaveLength(1);
    expect(told('ann n1')).not.toContain('drop n1#7');
    await until(() =>
      [ann!, bob!].every(({ run }) =>
        run!.events.some((event) => event.kind === 'drop' && event.reason === 'removed'),
      ),
    );
    ann!.hold(false);
    await until(() => told('bob n2').at(-2) === 'release');
    ann!.cut([['n1'], ['n2']]);
    await until(() => told('bob n2').at(-1) === 'cut n1' && told('ann n1').at(-1) === 'cut n2');
    expect(bob!.run!.cut).toEqual([['n1'], ['n2']]);
    ann!.cut([]);
    await until(() => told('bob n2').at(-1) === 'cut');
    ann!.kill('n2');
    await until(() => told('bob n2').at(-1) === 'kill');
    await until(() =>
      ['partition', 'crash'].every((fault) =>
        ann!.run!.events.some((event) => event.kind === 'fault' && event.fault === fault),
      ),
    );
    ann!.run!.stop();
    await until(() => told('ann n1').includes('stopped'));
  });

  test('is done by nobody else', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await playing(world, 'ann', 'bob');
    bob!.hold(true);
    bob!.kill('n1');
    bob!.cut([['n1'], ['n2']]);
    ann!.hold(true);
    await until(() => bob!.run!.isHeld);
    expect(ann!.run!.cut).toEqual([]);
    expect(world.nodes.get('ann n1')!.told).not.toContain('kill');
  });

  test('holds for a node that is made afterwards', async () => {
    const world = new RoomWorld();
    const [ann] = await playing(world, 'ann');
    ann!.hold(true);
    await until(() => ann!.run!.isHeld);
    const node = world.nodes.get('ann n1')!;
    expect(node.told).toEqual([]);
    node.report({ kind: 'status', status: 'joining', waitingFor: ['n2'] });
    expect(node.told).toContain('hold');
  });
});

describe('what everybody sees', () => {
  test('are the events and results of all, whoever they come through', async () => {
    const world = new RoomWorld();
    const [ann, bob, cleo] = await playing(world, 'ann', 'bob', 'cleo');
    await until(() => world.nodes.has('bob n2'));
    world.nodes.get('bob n2')!.report({ kind: 'trace', events: [log('n2', 1, 'from two')] });
    await until(() => [ann!, cleo!].every((room) => texts(room).includes('from two')));
    for (const name of ['ann n1', 'bob n2']) {
      world.nodes.get(name)!.report({ kind: 'ended', result: RESULT });
    }
    await until(() => [ann!, bob!, cleo!].every((room) => room.run!.phase === 'ended'));
    expect(cleo!.run!.result!.ok).toBe(true);
    expect(cleo!.run!.hiddenEvents).toBe(0);
  });

  test('is seen by those who come later, too', async () => {
    const world = new RoomWorld();
    await playing(world, 'ann', 'bob');
    await until(() => world.nodes.has('bob n2'));
    world.nodes.get('bob n2')!.report({ kind: 'trace', events: [log('n2', 1, 'long ago')] });
    world.nodes.get('bob n2')!.report({ kind: 'ended', result: RESULT });
    const cleo = await world.enter('cleo');
    await until(() => cleo.run !== undefined && texts(cleo).includes('long ago'));
    world.nodes.get('ann n1')!.report({ kind: 'ended', result: RESULT });
    await until(() => cleo.run!.phase === 'ended');
    expect(Object.keys(cleo.run!.result!.nodes)).toEqual(['n1', 'n2']);
  });

  test('is not begun anew by a tab that comes back when the run is over', async () => {
    const world = new RoomWorld();
    const identity = world.newIdentity('bob', 44);
    const ann = await world.enter('ann');
    const bob = await world.enter('bob', { identity });
    await until(() => ann.members.length === 2);
    ann.propose(PING);
    ann.start();
    await until(() => world.nodes.has('ann n1') && world.nodes.has('bob n2'));
    for (const name of ['ann n1', 'bob n2']) {
      world.nodes.get(name)!.report({ kind: 'ended', result: RESULT });
    }
    await until(() => ann.run!.phase === 'ended' && bob.run!.phase === 'ended');
    bob.leave();
    world.nodes.delete('bob n2');
    const again = await world.enter('bob', { identity: { ...identity, incarnation: 2 } });
    await until(() => again.run?.phase === 'ended');
    expect(world.nodes.has('bob n2')).toBe(false);
  });

  test('is that a member left, and at the end that it did not come back', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await playing(world, 'ann', 'bob');
    await until(() => world.nodes.has('ann n1'));
    bob!.leave();
    await until(() =>
      ann!.run!.events.some((event) => event.kind === 'status' && event.status === 'departed'),
    );
    world.nodes.get('ann n1')!.report({ kind: 'ended', result: RESULT });
    await until(() => ann!.run!.phase === 'ended');
    expect(ann!.run!.result!.nodes['n2']).toMatchObject({ status: 'departed' });
  });

  test('are no events that a member reports for nodes that are not its own', async () => {
    const world = new RoomWorld();
    const [ann] = await playing(world, 'ann', 'bob');
    await until(() => world.nodes.has('bob n2'));
    const lie = log('n1', 1, 'as if from one');
    world.nodes.get('bob n2')!.report({ kind: 'trace', events: [lie, log('n2', 1, 'my own')] });
    await until(() => texts(ann!).includes('my own'));
    expect(texts(ann!)).not.toContain('as if from one');
  });

  test('are later events rather than earlier ones, where there are too many, with how many are missing', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await playing(world, 'ann', 'bob');
    await until(() => world.nodes.has('bob n2') && line(ann!, 'bob').way !== 'server');
    const many = Array.from({ length: 400 }, (_, at) =>
      log('n2', at + 1, `${at} ${'x'.repeat(9000)}`),
    );
    world.nodes.get('bob n2')!.report({ kind: 'trace', events: many });
    await until(() => texts(ann!).some((text) => text.startsWith('399 ')));
    expect(ann!.run!.hiddenEvents).toBeGreaterThan(0);
    expect(texts(ann!).length + ann!.run!.hiddenEvents).toBe(400);
    expect(bob!.run!.hiddenEvents).toBe(0);
  });
});
