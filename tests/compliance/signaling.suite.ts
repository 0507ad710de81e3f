/** What every implementation of `Signaling` promises. One line per implementation runs it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_FRAME_BYTES_MAX } from '../../src/net/signaling/protocol.ts';
import {
  SignalingError,
  type JoinRequest,
  type Signaling,
} from '../../src/net/signaling/signaling.ts';
import { joinTab, newKey, settle, tab, type Joined } from '../support/signaling-tabs.ts';
import { incarnationTests, keyTests, nodeTests } from './signaling-identity.suite.ts';
import { relayTests } from './signaling-relay.suite.ts';

/** A place where signalings of one implementation find each other. */
export interface SignalingWorld {
  /** A signaling that has joined nothing. */
  connect(): Signaling;
  close(): unknown;
}

/** Bounds of the world that the suite runs into. */
export const SUITE_LIMITS = { membersPerRoom: 4, rememberedPerRoom: 2, rooms: 3 };

/** Declares the tests for one implementation. */
export function signalingSuite(name: string, open: () => Promise<SignalingWorld>): void {
  describe(`signaling compliance: ${name}`, () => {
    let world: SignalingWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const join = (changes?: Partial<JoinRequest>): Promise<Joined> =>
      joinTab(world.connect(), changes);

    describe('joining', () => joiningTests(join, () => world.connect()));
    describe('messages', () => messageTests(join));
    describe('relay', () => relayTests(join, () => world.connect()));
    describe('keys', () => keyTests(join, () => world.connect()));
    describe('incarnations', () => incarnationTests(join, () => world.connect()));
    describe('nodes', () => nodeTests(join, () => world.connect()));
    describe('lifetime', () => lifetimeTests(join, () => world.connect()));
  });
}

/** Joins under a request of its own, with these changes. */
export type Join = (changes?: Partial<JoinRequest>) => Promise<Joined>;

function joiningTests(join: Join, connect: () => Signaling): void {
  test('members are ranked by their first join and know each other', async () => {
    const key = newKey();
    const first = await join({ node: 'n1', name: 'Ada', ...key });
    const second = await join();
    const third = await join();
    expect(first.signaling.you).toEqual({
      member: first.request.member,
      incarnation: 1,
      order: 0,
      node: 'n1',
      name: 'Ada',
      publicKey: key.publicKey,
    });
    expect([second, third].map(({ signaling }) => signaling.you?.order)).toEqual([1, 2]);
    expect([...third.signaling.members.values()]).toEqual([
      first.signaling.you,
      second.signaling.you,
    ]);
    await first.heard.until('joined', ({ order }) => order === 2);
    expect(first.heard.all('joined')).toEqual([second.signaling.you, third.signaling.you]);
    expect([...first.signaling.members.keys()]).toEqual([
      second.request.member,
      third.request.member,
    ]);
  });

  test('join resolves with the room as it is', async () => {
    const first = await join();
    const second = connect();
    const welcome = await second.join(tab());
    expect(welcome).toEqual({ you: second.you, members: [first.signaling.you] });
  });

  test('rooms do not hear each other', async () => {
    const here = await join({ room: 'ROOM-HERE' });
    const there = await join({ room: 'ROOM-THERE' });
    const alsoHere = await join({ room: 'ROOM-HERE' });
    expect(there.signaling.you?.order).toBe(0);
    there.signaling.broadcast('hello?');
    await settle(alsoHere.signaling, here);
    expect(here.heard.all('broadcast')).toEqual([]);
    expect(here.heard.all('joined').map(({ member }) => member)).toEqual([alsoHere.request.member]);
  });

  test('a full room and a full house say so, and there is room again afterwards', async () => {
    const members = await Promise.all([join(), join(), join(), join()]);
    await expect(join()).rejects.toMatchObject({
      code: 'room-full',
      message: expect.stringContaining('TEST-ROOM'),
    });
    await join({ room: 'SECOND-ROOM' });
    const inThird = await join({ room: 'THIRD-ROOM' });
    await expect(join({ room: 'FOURTH-ROOM' })).rejects.toMatchObject({ code: 'server-full' });
    inThird.signaling.close();
    members[0].signaling.close();
    await members[1].heard.until('left');
    await join();
    // The third room is empty now and makes space for another.
    await join({ room: 'FOURTH-ROOM' });
  });

  test('a code that nobody created is unknown to who does not create rooms', async () => {
    const unknown = join({ create: false });
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-room' });
    await expect(unknown).rejects.toThrow('no room TEST-ROOM');
    const ada = await join({ create: true });
    expect(ada.signaling.you?.order).toBe(0);
    expect((await join({ create: false })).signaling.you?.order).toBe(1);
  });

  const badRequests: [string, Partial<JoinRequest>][] = [
    ['room: must be 4 to 64', { room: 'abc' }],
    ['room: must be 4 to 64', { room: 'no spaces' }],
    ['member: must be 8 to 64', { member: 'short' }],
    ['token: must be 16 to 128', { token: 'guessable' }],
    ['incarnation: must be positive', { incarnation: 0 }],
    ['incarnation: must be a safe integer', { incarnation: 2 ** 53 }],
    ['node: must be 1 to 64', { node: '' }],
    ['name: must be 1 to 64', { name: 'bell\u0007' }],
    ['publicKey: must be 64', { publicKey: 'AB'.repeat(32) }],
    ['sign: is needed', { publicKey: 'ab'.repeat(32) }],
  ];
  test.each(badRequests)('refuses a join because %s', async (problem, changes) => {
    await expect(join(changes)).rejects.toMatchObject({
      code: 'bad-message',
      message: expect.stringContaining(problem),
    });
  });
}

function messageTests(join: Join): void {
  test('signals arrive in order, say who sent them, and are copies', async () => {
    const [ada, bob] = [await join(), await join({ incarnation: 7 })];
    const payload = { sdp: 'v=0\r\n', list: [1, null, true], nested: { deep: 'ü \u2028 "' } };
    expect(bob.signaling.signal(ada.request.member, payload)).toBe('sent');
    for (let index = 0; index < 50; index++) bob.signaling.signal(ada.request.member, index);
    payload.sdp = 'changed after sending';
    await ada.heard.until('signal', (event) => event.payload === 49);
    const [first, ...rest] = ada.heard.all('signal');
    expect(first).toEqual({
      from: bob.request.member,
      fromIncarnation: 7,
      payload: { sdp: 'v=0\r\n', list: [1, null, true], nested: { deep: 'ü \u2028 "' } },
    });
    expect(rest.map((event) => event.payload)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(bob.heard.all('signal')).toEqual([]);
  });

  test('a broadcast reaches all others and not its sender', async () => {
    const [ada, bob, eve] = [await join(), await join(), await join()];
    expect(ada.signaling.broadcast(['to', 'all'])).toBe('sent');
    const expected = { from: ada.request.member, payload: ['to', 'all'] };
    expect(await bob.heard.until('broadcast')).toEqual(expected);
    expect(await eve.heard.until('broadcast')).toEqual(expected);
    await settle(bob.signaling, ada);
    expect(ada.heard.all('broadcast')).toEqual([]);
  });

  test('a signal to nobody is reported as a problem', async () => {
    const ada = await join();
    expect(ada.signaling.signal('somebody-else', 1)).toBe('sent');
    const problem = await ada.heard.until('problem');
    expect(problem).toBeInstanceOf(SignalingError);
    expect(problem).toMatchObject({ code: 'unknown-member', member: 'somebody-else' });
    expect(ada.signaling.state).toBe('joined');
  });

  test('what is no JSON value, too large or too deep is refused at the call', async () => {
    const [ada, bob] = [await join(), await join()];
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    let deep: unknown = 'bottom';
    for (let depth = 0; depth < 33; depth++) deep = [deep];
    const tooLarge = 'ü'.repeat(CLIENT_FRAME_BYTES_MAX / 2);
    for (const payload of [undefined, cyclic, 1n, deep, tooLarge]) {
      for (const send of [
        () => ada.signaling.signal(bob.request.member, payload),
        () => ada.signaling.broadcast(payload),
      ]) {
        expect(send).toThrow(expect.objectContaining({ code: 'bad-message' }));
      }
    }
    const largest = 'x'.repeat(CLIENT_FRAME_BYTES_MAX - 200);
    ada.signaling.signal(bob.request.member, largest);
    await bob.heard.until('signal', ({ payload }) => payload === largest);
    expect(bob.heard.all('signal')).toHaveLength(1);
  });
}

function lifetimeTests(join: Join, connect: () => Signaling): void {
  test('closing is announced, once', async () => {
    const [ada, bob, eve] = [await join(), await join({ incarnation: 3 }), await join()];
    bob.signaling.close();
    bob.signaling.close();
    const departure = { member: bob.request.member, incarnation: 3, reason: 'left' };
    expect(await ada.heard.until('left')).toEqual(departure);
    await settle(eve.signaling, ada);
    expect(ada.heard.all('left')).toEqual([departure]);
    expect([...ada.signaling.members.keys()]).toEqual([eve.request.member]);
    expect(bob.signaling.state).toBe('closed');
    expect(bob.signaling.members.size).toBe(0);
    expect(bob.heard.events.map(({ name }) => name)).not.toContain('left');
  });

  test('the states are announced', async () => {
    const { signaling, heard } = await join();
    signaling.close();
    expect(heard.all('state')).toEqual([
      { state: 'connecting' },
      { state: 'joined' },
      { state: 'closed' },
    ]);
  });

  test('what a state does not allow is refused', async () => {
    const signaling = connect();
    expect(signaling.state).toBe('idle');
    expect(signaling.signal('some-member', 1)).toBe('closed');
    expect(signaling.broadcast(1)).toBe('closed');
    const joining = signaling.join(tab());
    await expect(signaling.join(tab())).rejects.toMatchObject({ code: 'wrong-state' });
    await joining;
    await expect(signaling.join(tab())).rejects.toMatchObject({ code: 'wrong-state' });
    signaling.close();
    expect(signaling.signal('some-member', 1)).toBe('closed');
    await expect(signaling.join(tab())).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('closing while joining rejects the join and leaves nobody behind', async () => {
    const ada = await join();
    const bob = connect();
    const joining = bob.join(tab());
    bob.close();
    await expect(joining).rejects.toMatchObject({ code: 'closed' });
    const eve = await join();
    await settle(eve.signaling, ada);
    expect([...ada.signaling.members.keys()]).toEqual([eve.request.member]);
  });

  test('a listener that was removed hears nothing more', async () => {
    const [ada, bob] = [await join(), await join()];
    const payloads: unknown[] = [];
    const remove = ada.signaling.on('signal', ({ payload }) => payloads.push(payload));
    bob.signaling.signal(ada.request.member, 1);
    await settle(bob.signaling, ada);
    remove();
    const before = payloads.length;
    await settle(bob.signaling, ada);
    expect(payloads[0]).toBe(1);
    expect(payloads).toHaveLength(before);
  });
}
