/** Several servers on one Redis, when one of them or Redis itself is killed, stands still, or comes back. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { SignalingClient, type SignalingClientOptions } from '../../src/net/signaling/client.ts';
import { signalingUrl } from '../../src/net/signaling/protocol.ts';
import type { SignalingState } from '../../src/net/signaling/signaling.ts';
import { Shell } from '../e2e/cli-process.ts';
import { balance } from '../support/balancer.ts';
import { noRedis, RedisServer } from '../support/redis-server.ts';
import { describeUnless } from '../support/skip.ts';
import { Fixture, joinTab, newKey, settle, tab, type Joined } from '../unit/signaling/support.ts';

/** Comes back soon. */
const EAGER = { reconnectDelayMsMin: 50, reconnectDelayMsMax: 300 };

/** Nothing here takes a tenth of it on an idle machine. */
const PATIENT = { timeout: 60_000 };

let fixture: Fixture;
let redis: RedisServer;

describeUnless(noRedis)('servers on one Redis', () => {
  beforeEach(async () => {
    fixture = new Fixture();
    redis = await RedisServer.start();
    fixture.later(() => redis.kill());
  });
  afterEach(() => fixture.close());

  test('a node has one holder, whichever server it asks', async () => {
    const [first, second] = [await fixture.server(onRedis()), await fixture.server(onRedis())];
    const ada = await joinTab(fixture.client(first), { node: 'n1', name: 'Ada', ...newKey() });
    const bob = fixture.client(second);
    await expect(bob.join(tab({ node: 'n1' }))).rejects.toThrow(/Node n1 .*"Ada"/);
    const both = await Promise.allSettled(
      [first, second].map((server) => fixture.client(server).join(tab({ node: 'n2' }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    // Its connection breaks: the node stays bound to its key, at the other server too.
    const raw = await fixture.raw(first);
    const holder = tab({ node: 'n3', ...newKey() });
    await raw.join(holder);
    raw.socket.terminate();
    await ada.heard.until('left', ({ member }) => member === holder.member);
    await expect(bob.join(tab({ node: 'n3', ...newKey() }))).rejects.toThrow(
      'bound to another key',
    );
    const back = await joinTab(fixture.client(second), { ...holder, incarnation: 2 });
    expect(back.signaling.you).toMatchObject({ node: 'n3', incarnation: 2 });
  });

  test('between two servers, everything from one member to another keeps its order', async () => {
    const [first, second] = [await fixture.server(onRedis()), await fixture.server(onRedis())];
    const ada = await joinTab(fixture.client(first));
    const bob = await joinTab(fixture.client(second));
    await ada.heard.until('joined');
    const heard: unknown[] = [];
    ada.signaling.on('signal', ({ payload }) => heard.push(payload));
    ada.signaling.on('broadcast', ({ payload }) => heard.push(payload));
    ada.signaling.on('relay', ({ data }) => heard.push(Number(atob(data))));
    ada.signaling.on('joined', ({ member }) => heard.push(member));
    const sent: unknown[] = [];
    for (let index = 0; index < 300; index++) {
      if (index % 3 === 0) bob.signaling.signal(ada.request.member, index);
      if (index % 3 === 1) bob.signaling.broadcast(index);
      if (index % 3 === 2) bob.signaling.relay(ada.request.member, btoa(String(index)));
      sent.push(index);
    }
    await vi.waitUntil(() => heard.length === 300, PATIENT);
    // A newcomer is announced before anything that it says.
    const eve = await joinTab(fixture.client(second));
    eve.signaling.signal(ada.request.member, 'from the newcomer');
    await vi.waitUntil(() => heard.length === 302, PATIENT);
    expect(heard).toEqual([...sent, eve.request.member, 'from the newcomer']);
  });

  test('200 members on two servers: all know all, and nothing is left when they are gone', async () => {
    const limits = { emptyRoomGraceMs: 1_000 };
    const servers = [await fixture.server(onRedis(limits)), await fixture.server(onRedis(limits))];
    const joins = Array.from({ length: 200 }, (_, index) =>
      joinTab(fixture.client(servers[index % 2]!, { timing: EAGER })),
    );
    const members = await Promise.all(joins);
    await vi.waitUntil(
      () => members.every(({ signaling }) => signaling.members.size === 199),
      PATIENT,
    );
    const orders = members.map(({ signaling }) => signaling.you!.order);
    expect(orders.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    members[0]!.signaling.broadcast('to all');
    await Promise.all(members.slice(1).map(({ heard }) => heard.until('broadcast')));
    const bytes = await redis.ask(async (store) => {
      const [room] = await store.keys('*room:*');
      expect(JSON.stringify(await store.hgetall(room!))).not.toContain(members[0]!.request.token);
      return store.memory('USAGE', room!);
    });
    expect(await keysThatStay()).toEqual([]);
    console.log(`a room of 200 members: ${bytes} bytes on Redis`);
    for (const { signaling } of members) signaling.close();
    await vi.waitUntil(
      async () => (await redis.ask((store) => store.keys('*:room:*'))).length === 0,
      PATIENT,
    );
    await Promise.all(servers.map((server) => server.close()));
    expect(await keysThatStay()).toEqual([]);
  });

  test('a killed instance takes nobody with it who comes back, and loses who does not', async () => {
    const [first, second] = [await instance(), await instance()];
    const balancer = await balance([first.port, second.port]);
    fixture.later(() => balancer.close());
    const ada = await joinTab(client(second.port), { node: 'n1' });
    const bob = await joinTab(client(balancer.port), { node: 'n2', ...newKey() });
    const lost = await joinTab(client(first.port));
    await ada.heard.until('joined', ({ order }) => order === 2);
    first.shell.kill('SIGKILL');
    await reached([bob], 'joined', 2);
    bob.signaling.signal(ada.request.member, 'from the other instance');
    await ada.heard.until('signal');
    const { member } = lost.request;
    const departure = await ada.heard.until('left');
    expect(departure).toEqual({ member, incarnation: 1, reason: 'lost' });
    await settle(bob.signaling, ada);
    await settle(ada.signaling, bob);
    expect(ada.heard.all('left')).toEqual([departure]);
    expect(bob.signaling.you).toMatchObject({ order: 1, node: 'n2' });
    expect(bob.signaling.members.size).toBe(1);
  });

  test('an instance that stops in an orderly way loses nobody who comes back', async () => {
    const [first, second] = [await fixture.server(onRedis()), await fixture.server(onRedis())];
    const balancer = await balance([first.port, second.port]);
    fixture.later(() => balancer.close());
    const ada = await joinTab(fixture.client(second));
    const bob = await joinTab(client(balancer.port));
    await first.close();
    await reached([bob], 'joined', 2);
    await settle(bob.signaling, ada);
    expect(ada.heard.all('left')).toEqual([]);
    expect(bob.signaling.you?.order).toBe(1);
  });

  test('an instance that stood still for too long finds its members lost, and they join again', async () => {
    const [first, second] = [await instance(), await instance()];
    const ada = await joinTab(client(second.port));
    const bob = await joinTab(client(first.port));
    first.shell.kill('SIGSTOP');
    fixture.later(() => first.shell.kill('SIGCONT'));
    expect(await ada.heard.until('left')).toMatchObject({ reason: 'lost' });
    first.shell.kill('SIGCONT');
    await reached([bob], 'joined', 2);
    await settle(bob.signaling, ada);
    await settle(ada.signaling, bob);
    expect(ada.signaling.members.get(bob.request.member)).toEqual(bob.signaling.you);
  });

  test('Redis is killed and comes back empty: everybody hears it, and nobody has left', async () => {
    const [first, second] = [await fixture.server(onRedis()), await fixture.server(onRedis())];
    const members = [
      await joinTab(fixture.client(first, { timing: EAGER }), { node: 'n1', ...newKey() }),
      await joinTab(fixture.client(second, { timing: EAGER }), { node: 'n2' }),
      await joinTab(fixture.client(first, { timing: EAGER })),
    ];
    await members[0]!.heard.until('joined', ({ order }) => order === 2);
    await redis.kill();
    await reached(members, 'reconnecting', 1);
    const stranger = fixture.client(second).join(tab());
    await expect(stranger).rejects.toMatchObject({ code: 'unavailable' });
    await expect(stranger).rejects.toThrow('Try again in a few seconds');
    expect(await (await fetch(`${first.urls[0]}health`)).json()).toMatchObject({
      status: 'unavailable',
    });
    expect(members[0]!.signaling.signal(members[1]!.request.member, 'queued')).toBe('queued');
    await redis.start();
    await reached(members, 'joined', 2);
    await members[1]!.heard.until('signal', ({ payload }) => payload === 'queued');
    for (const [index, { signaling, heard }] of members.entries()) {
      expect(signaling.you?.order).toBe(index);
      expect(signaling.members.size).toBe(2);
      expect(heard.all('left')).toEqual([]);
      expect(heard.all('problem').every(({ code }) => code === 'unavailable')).toBe(true);
    }
    await fixture.client(second).join(tab());
  });

  test('Redis that answers nothing is lost too, and found again', async () => {
    const server = await fixture.server(onRedis());
    const ada = await joinTab(fixture.client(server, { timing: EAGER }));
    redis.freeze();
    await reached([ada], 'reconnecting', 1);
    redis.thaw();
    await reached([ada], 'joined', 2);
    expect(ada.signaling.you?.order).toBe(0);
  });

  test('Redis that forgets a room is noticed even if nothing happens in it', async () => {
    const server = await fixture.server(onRedis());
    const ada = await joinTab(fixture.client(server, { timing: EAGER }));
    await redis.ask((store) => store.flushall());
    await reached([ada], 'joined', 2);
    expect(ada.signaling.you?.order).toBe(0);
  });

  test('Redis that forgets while it runs is noticed, and the room comes together again', async () => {
    const [first, second] = [await fixture.server(onRedis()), await fixture.server(onRedis())];
    const members = [
      await joinTab(fixture.client(first, { timing: EAGER })),
      await joinTab(fixture.client(second, { timing: EAGER })),
    ];
    await redis.ask((store) => store.flushall());
    await reached(members, 'joined', 2);
    await settle(members[0]!.signaling, members[1]!);
    expect(members.map(({ signaling }) => signaling.you?.order)).toEqual([0, 1]);
    expect(members.flatMap(({ heard }) => heard.all('left'))).toEqual([]);
  });

  test('a server may start before its Redis, and words that are none of ours do not stop it', async () => {
    await redis.kill();
    const entries: { event: string }[] = [];
    const server = await fixture.server({ ...onRedis(), log: (entry) => entries.push(entry) });
    await expect(fixture.client(server).join(tab())).rejects.toMatchObject({ code: 'unavailable' });
    await redis.start();
    const ada = await joinWhenPossible(server.port);
    await redis.ask(async (store) => {
      const [room] = await store.keys('*room:*');
      await store.publish(room!, 'change {"version":"nonsense"}');
    });
    await reached([ada], 'joined', 2);
    expect(entries.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['redis-lost', 'listening', 'redis-found']),
    );
    expect(JSON.stringify(entries)).not.toContain('TEST-ROOM');
  });

  test('what is no address of a Redis is refused without repeating it', async () => {
    const starting = fixture.server({ redis: 'http://user:password@localhost' });
    await expect(starting).rejects.toThrow('redis://localhost:6379');
    await expect(starting).rejects.not.toThrow('password');
  });
});

function onRedis(limits: object = {}): { redis: string; limits: object } {
  return { redis: redis.url, limits };
}

/** Keys that Redis would not forget by itself. */
async function keysThatStay(): Promise<string[]> {
  return redis.ask(async (store) => {
    const keys = await store.keys('*');
    const lifetimes = await Promise.all(keys.map((key) => store.pttl(key)));
    return keys.filter((_, index) => lifetimes[index] === -1);
  });
}

function client(port: number, options: Partial<SignalingClientOptions> = {}): SignalingClient {
  const url = signalingUrl(`http://127.0.0.1:${port}`);
  const made = new SignalingClient({ url, webSocket: WebSocket, timing: EAGER, ...options });
  fixture.later(() => made.close());
  return made;
}

/** A server in a process of its own. */
async function instance(): Promise<{ shell: Shell; port: number }> {
  const words = ['signal', '--host', '127.0.0.1', '--port', '0'];
  const shell = new Shell(words, { environment: { PARLEY_SIGNAL_REDIS: redis.url } });
  fixture.later(async () => {
    shell.kill('SIGKILL');
    await shell.finished;
  });
  const [, port] = await shell.until(/http:\/\/127\.0\.0\.1:(\d+)\//);
  return { shell, port: Number(port) };
}

/** The n-th time (from 1) that members reached a state. */
async function reached(members: Joined[], state: SignalingState, times: number): Promise<void> {
  for (const { heard } of members) {
    await heard.until('state', () => {
      return heard.all('state').filter((event) => event.state === state).length >= times;
    });
  }
}

async function joinWhenPossible(port: number): Promise<Joined> {
  const signaling = client(port);
  for (;;) {
    const joined = await joinTab(signaling).catch(() => undefined);
    if (joined !== undefined) return joined;
  }
}
