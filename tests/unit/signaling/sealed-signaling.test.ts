/** Signaling of closed rooms: the promises of all signaling, kept before a server that reads, replays, alters and lies. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newRoomKey } from '../../../src/net/rooms/room-key.ts';
import { LocalHub } from '../../../src/net/signaling/hub.ts';
import { CLIENT_FRAME_BYTES_MAX } from '../../../src/net/signaling/protocol.ts';
import { isOfClosedRoom } from '../../../src/net/signaling/sealed-messages.ts';
import { SealedSignaling } from '../../../src/net/signaling/sealed-signaling.ts';
import { signalingSuite, SUITE_LIMITS } from '../../compliance/signaling.suite.ts';
import { SealedRoom } from './sealed-room.ts';

signalingSuite('SealedSignaling', async () => {
  const hub = new LocalHub({ limits: SUITE_LIMITS });
  const key = newRoomKey();
  return { connect: () => new SealedSignaling(hub.connect(), key), close: () => hub.close() };
});

let room: SealedRoom;
beforeEach(() => {
  room = new SealedRoom();
});
afterEach(() => room.hub.close());

describe('what the server and strangers see', () => {
  test('is neither what members say nor how they are called', async () => {
    const eve = await room.stranger();
    const ada = await room.join({ name: 'Augusta Ada' });
    const bob = await room.join({ name: 'Robert' });
    ada.signaling.broadcast({ secret: 'attack at dawn' });
    ada.signaling.signal(bob.request.member, { secret: 'attack at dawn' });
    ada.signaling.signal(eve.request.member, { secret: 'attack at dawn' });
    await bob.heard.until('signal');
    expect(bob.signaling.members.get(ada.request.member)?.name).toBe('Augusta Ada');
    await eve.heard.until('signal', ({ payload }) => JSON.stringify(payload).includes('sealed'));
    const seen = JSON.stringify([
      eve.heard.events,
      bob.carrier.carried,
      [...eve.signaling.members],
    ]);
    expect(seen).not.toMatch(/attack|Augusta|Robert|secret/);
    expect(eve.heard.all('broadcast').every(({ payload }) => isOfClosedRoom(payload))).toBe(true);
    expect(isOfClosedRoom({ parley: 'choice' })).toBe(false);
  });

  test('a name that was not sealed for this member is not shown', async () => {
    const ada = await room.join({ name: 'Ada' });
    const mallory = await room.stranger({ name: 'The teacher' });
    await ada.heard.until('joined');
    expect(ada.signaling.members.get(mallory.request.member)).not.toHaveProperty('name');
    const thief = await room.stranger({ name: ada.carrier.you!.name! });
    await ada.heard.until('joined', ({ member }) => member === thief.request.member);
    expect(ada.signaling.members.get(thief.request.member)).not.toHaveProperty('name');
  });
});

describe('a server or stranger that lies', () => {
  test('shows things twice or in another order: each is taken once, in order', async () => {
    const [ada, bob] = [await room.join(), await room.join()];
    bob.carrier.passes = () => false;
    for (let index = 0; index < 4; index++) ada.signaling.signal(bob.request.member, index);
    for (let index = 0; index < 4; index++) ada.signaling.broadcast(index);
    const all = () => bob.carrier.carried.filter(({ event }) => 'box' in (event.payload as object));
    while (all().length < 8) await new Promise(setImmediate);
    const show = (index: number) => bob.carrier.show(all()[index]!.name, all()[index]!.event);
    for (const index of [0, 0, 2, 1, 2, 3, 0]) show(index);
    for (const index of [5, 4, 7, 7, 6]) show(index);
    expect(bob.heard.all('signal').map(({ payload }) => payload)).toEqual([0, 2, 3]);
    expect(bob.heard.all('broadcast').map(({ payload }) => payload)).toEqual([1, 3]);
    expect(bob.signaling.dropped).toMatchObject({ replayed: 7 });
    const problems = bob.heard.all('problem').map(({ code }) => code);
    expect(problems).toEqual(['replayed', 'replayed', 'replayed']);
    expect(bob.heard.all('problem')[0]!.message).toContain(ada.request.member);
  });

  test('gives what was said to one to another, in another’s name, as something else: it does not open', async () => {
    const [ada, bob, eve] = [await room.join(), await room.join(), await room.join()];
    eve.carrier.passes = () => false;
    ada.signaling.signal(bob.request.member, 'for Bob');
    ada.signaling.broadcast('for all');
    await bob.heard.until('broadcast');
    const boxes = bob.carrier.carried.filter(({ event }) => 'box' in (event.payload as object));
    const [signal, broadcast] = boxes.map(({ event }) => event);
    const from = ada.request.member;
    const lies = [
      () => eve.carrier.show('signal', { from, fromIncarnation: 1, payload: signal!.payload }),
      () =>
        eve.carrier.show('signal', {
          from: bob.request.member,
          fromIncarnation: 1,
          payload: signal!.payload,
        }),
      () =>
        eve.carrier.show('broadcast', { from: bob.request.member, payload: broadcast!.payload }),
    ];
    for (const [index, lie] of lies.entries()) {
      lie();
      expect(eve.signaling.dropped.altered).toBe(index + 1);
    }
    const moved = { ...(broadcast!.payload as object), to: 1 };
    bob.carrier.show('signal', { from, fromIncarnation: 1, payload: moved });
    bob.carrier.show('signal', { from, fromIncarnation: 2, payload: signal!.payload });
    expect(bob.signaling.dropped).toMatchObject({ altered: 2, replayed: 0 });
    expect([...eve.heard.all('signal'), ...eve.heard.all('broadcast')]).toEqual([]);
    expect(eve.heard.all('problem').map(({ code }) => code)).toEqual(['altered', 'altered']);
  });

  test('keeps what was said to a tab and shows it after its reload: nobody takes it any more', async () => {
    const ada = await room.join();
    const before = await room.join();
    ada.signaling.signal(before.request.member, 'once');
    await before.heard.until('signal');
    const { event } = before.carrier.carried.at(-1)!;
    const after = await room.join({ ...before.request, incarnation: 2 });
    after.carrier.show('signal', event as never);
    expect(after.heard.all('signal')).toEqual([]);
    expect(after.signaling.dropped.stale).toBe(1);
    expect(after.heard.all('problem')).toEqual([]);
    await ada.heard.until('joined', ({ incarnation }) => incarnation === 2);
    ada.signaling.signal(before.request.member, 'again');
    await after.heard.until('signal', ({ payload }) => payload === 'again');
  });

  test('shows what an earlier life of a member said: it is over', async () => {
    const ada = await room.join();
    const before = await room.join();
    before.signaling.signal(ada.request.member, 'earlier');
    await ada.heard.until('signal');
    const { event } = ada.carrier.carried.at(-1)!;
    const after = await room.join({ ...before.request, incarnation: 2 });
    after.signaling.signal(ada.request.member, 'later');
    await ada.heard.until('signal', ({ payload }) => payload === 'later');
    ada.carrier.show('signal', event as never);
    expect(ada.heard.all('signal').map(({ payload }) => payload)).toEqual(['earlier', 'later']);
    expect(ada.signaling.dropped.replayed).toBe(1);
  });

  test('says things that are not encrypted: they are not for this room', async () => {
    const [ada, eve] = [await room.join(), await room.stranger()];
    eve.signaling.broadcast({ parley: 'choice', choice: 'mine' });
    eve.signaling.signal(ada.request.member, 'hello');
    const problem = await ada.heard.until('problem', ({ message }) => message.includes('2 so far'));
    expect(problem).toMatchObject({ code: 'not-sealed', member: eve.request.member });
    expect([...ada.heard.all('signal'), ...ada.heard.all('broadcast')]).toEqual([]);
  });
});

describe('large payloads', () => {
  test('pass as they do without encryption, between the small ones', async () => {
    const [ada, bob] = [await room.join(), await room.join()];
    const largest = 'ü'.repeat((CLIENT_FRAME_BYTES_MAX - 200) / 2);
    const payloads = ['before', largest, 'between', largest, 'after'];
    for (const payload of payloads) {
      expect(ada.signaling.signal(bob.request.member, payload)).toBe('sent');
      expect(ada.signaling.broadcast(payload)).toBe('sent');
    }
    await bob.heard.until('broadcast', ({ payload }) => payload === 'after');
    expect(bob.heard.all('signal').map(({ payload }) => payload)).toEqual(payloads);
    expect(bob.heard.all('broadcast').map(({ payload }) => payload)).toEqual(payloads);
  });
});
