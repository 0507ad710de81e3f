import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket as WS } from 'ws';
import { OUTBOX_FRAMES_MAX } from '../../../src/net/signaling/outbox.ts';
import { RELAY_DATA_LENGTH_MAX } from '../../../src/net/signaling/protocol.ts';
import type { SignalingState } from '../../../src/net/signaling/signaling.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { cutProxy } from '../../support/cut-proxy.ts';
import { Fixture, joinTab, newKey, settle, type Joined } from './support.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

/** Comes back at once, and gives nobody up while a test runs. */
const EAGER = { reconnectDelayMsMin: 1, reconnectDelayMsMax: 20, missingGraceMs: 1e9 };
/** Comes back only when it is woken. */
const ASLEEP = { reconnectDelayMsMin: 1e9, reconnectDelayMsMax: 1e9, missingGraceMs: 1e9 };

/** The n-th time (from 1) that a tab reached a state. */
async function reached(tabs: Joined[], state: SignalingState, times = 1): Promise<void> {
  for (const { heard } of tabs) {
    await heard.until('state', () => {
      return heard.all('state').filter((event) => event.state === state).length >= times;
    });
  }
}

async function restart(server: SignalingServer, tabs: Joined[]): Promise<SignalingServer> {
  await server.close();
  await reached(tabs, 'reconnecting');
  return fixture.server({ port: server.port });
}

describe('a server that restarts', () => {
  test('loses nobody: members come back in any order, and with the order they had', async () => {
    const first = await fixture.server();
    const wake = new EventTarget();
    const ada = await joinTab(fixture.client(first, { timing: ASLEEP, wakeEvents: wake }));
    const bob = await joinTab(fixture.client(first, { timing: EAGER }), { node: 'n2' });
    const eve = await joinTab(fixture.client(first, { timing: EAGER }), { incarnation: 4 });
    await bob.heard.until('joined', ({ order }) => order === 2);
    const heardBefore = [ada, bob, eve].map(({ heard }) => heard.all('joined').length);
    await restart(first, [ada, bob, eve]);
    await reached([bob, eve], 'joined', 2);
    await settle(bob.signaling, eve);
    await settle(eve.signaling, bob);
    expect(bob.signaling.members.size).toBe(2);
    wake.dispatchEvent(new Event('online'));
    await reached([ada], 'joined', 2);
    await settle(ada.signaling, bob);
    await settle(ada.signaling, eve);
    await settle(eve.signaling, ada);
    const orders = [ada, bob, eve].map(({ signaling }) => signaling.you?.order);
    expect(orders).toEqual([0, 1, 2]);
    expect(eve.signaling.you?.incarnation).toBe(4);
    for (const { signaling, heard } of [ada, bob, eve]) {
      expect(heard.all('left')).toEqual([]);
      expect(heard.all('problem')).toEqual([]);
      expect(signaling.members.size).toBe(2);
    }
    expect([ada, bob, eve].map(({ heard }) => heard.all('joined').length)).toEqual(heardBefore);
    const states = bob.heard.all('state').map(({ state }) => state);
    expect(states).toEqual(['connecting', 'joined', 'reconnecting', 'joined']);
    expect(bob.heard.all('state')[2]?.error?.code).toBe('disconnected');
  });

  test('reports who does not come back, after the grace', async () => {
    const first = await fixture.server();
    const timing = { ...EAGER, missingGraceMs: 30 };
    const ada = await joinTab(fixture.client(first, { timing: ASLEEP }));
    const bob = await joinTab(fixture.client(first, { timing }));
    await first.close();
    await reached([ada, bob], 'reconnecting');
    expect(bob.signaling.signal(ada.request.member, 'in vain')).toBe('queued');
    const second = await fixture.server({ port: first.port });
    const departure = { member: ada.request.member, incarnation: 1, reason: 'lost' };
    expect(await bob.heard.until('left')).toEqual(departure);
    expect(bob.signaling.members.size).toBe(0);
    const states = bob.heard.all('state').map(({ state }) => state);
    expect(states.at(-1)).toBe('joined');
    // A join is when what was held back is sent; for the lost there is nothing any more.
    const eve = await joinTab(fixture.client(second));
    await settle(eve.signaling, bob);
    await settle(bob.signaling, eve);
    await settle(eve.signaling, bob);
    expect(bob.heard.all('problem')).toEqual([]);
    expect(bob.signaling.signal(ada.request.member, 'gone')).toBe('sent');
    await bob.heard.until('problem', ({ code }) => code === 'unknown-member');
  });

  test('delivers what was queued meanwhile, to late receivers when they are back', async () => {
    const first = await fixture.server();
    const wake = new EventTarget();
    const ada = await joinTab(fixture.client(first, { timing: ASLEEP, wakeEvents: wake }));
    const bob = await joinTab(fixture.client(first, { timing: EAGER }));
    const eve = await joinTab(fixture.client(first, { timing: EAGER }));
    await first.close();
    await reached([ada, bob, eve], 'reconnecting');
    expect(bob.signaling.signal(ada.request.member, 1)).toBe('queued');
    expect(bob.signaling.signal(eve.request.member, 'e')).toBe('queued');
    await fixture.server({ port: first.port });
    await reached([bob, eve], 'joined', 2);
    await eve.heard.until('signal', ({ payload }) => payload === 'e');
    // Bob is connected, but the server does not know Ada yet.
    expect(bob.signaling.signal(ada.request.member, 2)).toBe('queued');
    wake.dispatchEvent(new Event('pageshow'));
    await ada.heard.until('signal', ({ payload }) => payload === 2);
    expect(ada.heard.all('signal').map(({ payload }) => payload)).toEqual([1, 2]);
    expect(bob.signaling.signal(ada.request.member, 3)).toBe('sent');
    expect(bob.heard.all('problem')).toEqual([]);
  });

  test('is proven the keys anew, and opens rooms anew for those who did not create them', async () => {
    const first = await fixture.server();
    const wake = new EventTarget();
    const asleep = { timing: ASLEEP, wakeEvents: wake };
    const ada = await joinTab(fixture.client(first, asleep), newKey());
    const bob = await joinTab(fixture.client(first, { timing: EAGER }), {
      ...newKey(),
      node: 'n2',
      create: false,
    });
    const second = await restart(first, [ada, bob]);
    // The one who created the room is still away.
    await reached([bob], 'joined', 2);
    expect(bob.signaling.you).toMatchObject({ order: 1, node: 'n2' });
    const thief = fixture.client(second).join({ ...bob.request, ...newKey(), incarnation: 2 });
    await expect(thief).rejects.toMatchObject({ code: 'member-taken' });
    wake.dispatchEvent(new Event('online'));
    await reached([ada], 'joined', 2);
    await settle(ada.signaling, bob);
  });

  test('keeps nothing of what is relayed meanwhile, and says when it would again', async () => {
    // It gives so little back that the window stays full.
    const first = await fixture.server({ limits: { relayBytesPerSecond: 1, relayBurstBytes: 1 } });
    const wake = new EventTarget();
    const asleep = { timing: ASLEEP, wakeEvents: wake };
    const ada = await joinTab(fixture.client(first, asleep));
    const bob = await joinTab(fixture.client(first, { timing: EAGER }));
    await ada.heard.until('joined');
    const largest = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
    while (bob.signaling.relay(ada.request.member, largest) === 'sent');
    await ada.heard.until('relay', () => ada.heard.all('relay').length === 4);
    await first.close();
    await reached([ada, bob], 'reconnecting');
    expect(bob.signaling.relay(ada.request.member, 'AAAA')).toBe('full');
    await fixture.server({ port: first.port });
    await reached([bob], 'joined', 2);
    // Bob is connected, but the server does not know Ada yet.
    await bob.heard.until('relayDrained');
    expect(bob.signaling.relay(ada.request.member, 'BBBB')).toBe('full');
    wake.dispatchEvent(new Event('pageshow'));
    await bob.heard.until('relayDrained', () => bob.heard.all('relayDrained').length === 2);
    expect(bob.signaling.relay(ada.request.member, 'CCCC')).toBe('sent');
    await ada.heard.until('relay', ({ data }) => data === 'CCCC');
    expect(ada.heard.all('relay').map(({ data }) => data)).toEqual([
      ...Array<string>(4).fill(largest),
      'CCCC',
    ]);
  });

  test('does not fill the memory of those who wait', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server, { timing: ASLEEP }));
    await server.close();
    await reached([ada], 'reconnecting');
    for (let index = 0; index < OUTBOX_FRAMES_MAX; index++) ada.signaling.broadcast(index);
    expect(ada.signaling.broadcast('one too many')).toBe('full');
    ada.signaling.close();
    expect(ada.signaling.broadcast('too late')).toBe('closed');
  });

  test('may be gone for long: attempts go on, and stop when the client is closed', async () => {
    const server = await fixture.server();
    let sockets = 0;
    const ada = await joinTab(fixture.client(server, { timing: EAGER, webSocket: counting() }));
    await server.close();
    await vi.waitUntil(() => sockets >= 4);
    ada.signaling.close();
    const after = sockets;
    const states = ada.heard.all('state').map(({ state }) => state);
    expect(states).toEqual(['connecting', 'joined', 'reconnecting', 'closed']);
    const other = await fixture.server({ port: server.port });
    await joinTab(fixture.client(other));
    expect(sockets).toBe(after);

    function counting(): typeof import('ws').WebSocket {
      return new Proxy(WS, {
        construct: (target, parameters) => {
          sockets++;
          return Reflect.construct(target, parameters) as object;
        },
      });
    }
  });

  test('refuses a tab whose place was taken meanwhile, for good', async () => {
    const first = await fixture.server();
    const wake = new EventTarget();
    const timing = ASLEEP;
    const ada = await joinTab(fixture.client(first, { timing, wakeEvents: wake }), { node: 'n1' });
    const second = await restart(first, [ada]);
    await joinTab(fixture.client(second), { node: 'n1' });
    wake.dispatchEvent(new Event('online'));
    const ended = await ada.heard.until('state', ({ state }) => state === 'closed');
    expect(ended.error).toMatchObject({ code: 'node-taken' });
  });
});

test('a client that is superseded does not come back', async () => {
  const server = await fixture.server();
  const original = await joinTab(fixture.client(server, { timing: EAGER }));
  const copy = await joinTab(fixture.client(server, { timing: EAGER }), {
    ...original.request,
    incarnation: 2,
  });
  await reached([original], 'closed');
  const watcher = await joinTab(fixture.client(server));
  await settle(watcher.signaling, copy);
  expect(copy.heard.all('state').map(({ state }) => state)).toEqual(['connecting', 'joined']);
  expect(copy.signaling.members.size).toBe(1);
});

describe('a network that goes without a word', () => {
  /** Asks quickly. A busy machine answers late, and many questions may be under way. */
  const CURIOUS = { ...EAGER, questionMs: 5, questionsMax: 200 };

  test('is noticed, and the tab comes back when it can', async () => {
    const server = await fixture.server();
    const proxy = await cutProxy(server.port);
    fixture.later(() => proxy.close());
    const url = `ws://${proxy.authority}/signal`;
    const ada = await joinTab(fixture.client(server, { url, timing: CURIOUS }));
    const bob = await joinTab(fixture.client(server));
    await settle(bob.signaling, ada);
    proxy.mute();
    await reached([ada], 'reconnecting');
    expect(ada.heard.all('state').at(-1)?.error?.message).toContain('no longer answers');
    await reached([ada], 'joined', 2);
    await settle(bob.signaling, ada);
    expect(bob.heard.all('left')).toEqual([]);
  });

  test('and is back before the tab has noticed that: nobody was gone', async () => {
    const server = await fixture.server();
    const proxy = await cutProxy(server.port);
    fixture.later(() => proxy.close());
    const url = `ws://${proxy.authority}/signal`;
    const wake = new EventTarget();
    const timing = { ...CURIOUS, ...ASLEEP };
    const ada = await joinTab(fixture.client(server, { url, timing, wakeEvents: wake }));
    const bob = await joinTab(fixture.client(server));
    await settle(bob.signaling, ada);
    proxy.mute();
    await reached([ada], 'reconnecting');
    proxy.unmute();
    // By the time that another has come and spoken, the server has read what the cable held.
    const eve = await joinTab(fixture.client(server));
    await settle(eve.signaling, bob);
    expect(bob.heard.all('left')).toEqual([]);
    wake.dispatchEvent(new Event('online'));
    await reached([ada], 'joined', 2);
    await settle(bob.signaling, ada);
    ada.signaling.close();
    await bob.heard.until('left', ({ member }) => member === ada.request.member);
    expect(bob.heard.all('left')).toHaveLength(1);
  });

  test('and never comes back for a tab that is closed: the others hear it as soon as they can', async () => {
    const server = await fixture.server();
    const proxy = await cutProxy(server.port);
    fixture.later(() => proxy.close());
    const url = `ws://${proxy.authority}/signal`;
    const ada = await joinTab(fixture.client(server, { url, timing: { ...CURIOUS, ...ASLEEP } }));
    const bob = await joinTab(fixture.client(server));
    await settle(bob.signaling, ada);
    proxy.mute();
    await reached([ada], 'reconnecting');
    ada.signaling.close();
    proxy.unmute();
    const { member, incarnation } = ada.request;
    expect(await bob.heard.until('left')).toEqual({ member, incarnation, reason: 'closed' });
  });

  test('is not taken for one where nobody has anything to say', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server, { timing: { ...CURIOUS, questionsMax: 20 } }));
    // Many more questions than may go without an answer.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ada.signaling.state).toBe('joined');
    expect(ada.heard.all('problem')).toEqual([]);
  });
});
