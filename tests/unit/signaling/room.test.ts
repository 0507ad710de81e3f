import { fc } from '../../support/property.ts';
import { expect, test } from 'vitest';
import type { JoinMessage, LeaveReason } from '../../../src/net/signaling/protocol.ts';
import { Room, type RoomChange, type RoomState } from '../../../src/net/signaling/room.ts';
import { joinFrame, tab } from './support.ts';

const LIMITS = { membersPerRoom: 10, rememberedPerRoom: 10 };

/** Seats a member that must get its seat. */
function seat(room: Room, request: JoinMessage, connection: string): RoomChange {
  const change = room.join(request, connection);
  if ('refused' in change) throw new Error(change.message);
  room.commit(change);
  return change;
}

/** Takes a member away who must be there. */
function take(room: Room, { member }: JoinMessage, connection: string, why: LeaveReason): void {
  room.commit(room.depart(member, connection, why)!);
}

test('a connection that was replaced does not empty the seat of its successor', () => {
  const room = new Room('TEST-ROOM', LIMITS);
  const request = joinFrame(tab());
  seat(room, request, 'old connection');
  seat(room, request, 'new connection');
  expect(room.depart(request.member, 'old connection', 'lost')).toBeUndefined();
  expect(room.depart('nobody-here', 'new connection', 'lost')).toBeUndefined();
  expect(room.size).toBe(1);
  take(room, request, 'new connection', 'lost');
  expect(room.size).toBe(0);
});

test('neither the beginning of a token nor more than it is the token', () => {
  const room = new Room('TEST-ROOM', LIMITS);
  const request = joinFrame(tab({ token: 'abcdefghijklmnopqrstuvwxyz' }));
  seat(room, request, 'connection');
  for (const token of [
    request.token.slice(0, 16),
    `${request.token}!`,
    `${request.token.slice(0, -1)}Z`,
  ]) {
    expect(room.join({ ...request, token }, 'thief')).toMatchObject({ refused: 'member-taken' });
  }
});

test('asking changes nothing; a change fits the version it was asked in, once', () => {
  const room = new Room('TEST-ROOM', LIMITS);
  const first = room.join(joinFrame(tab()), 'a') as RoomChange;
  const second = room.join(joinFrame(tab()), 'b') as RoomChange;
  expect([room.size, room.version]).toEqual([0, 0]);
  room.commit(first);
  expect([room.size, room.version]).toEqual([1, 1]);
  expect(() => room.commit(second)).toThrow('does not follow');
  expect(() => room.commit(first)).toThrow('does not follow');
  expect(room.size).toBe(1);
});

test('a key that a member id is bound to is stronger than its token, and no token replaces it', () => {
  const [key, other] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const room = new Room('TEST-ROOM', LIMITS);
  const request = joinFrame(tab());
  seat(room, request, 'without a key');
  seat(room, { ...request, publicKey: key }, 'binds it');
  for (const publicKey of [undefined, other]) {
    const thief = { ...request, ...(publicKey !== undefined && { publicKey }), incarnation: 2 };
    expect(room.join(thief, 'thief')).toMatchObject({
      refused: 'member-taken',
      message: expect.stringContaining('bound to another key'),
    });
  }
  seat(room, { ...request, publicKey: key, token: 'a token that it never had' }, 'has the key');
  take(room, request, 'has the key', 'left');
  expect(room.join(request, 'after it left')).toMatchObject({ refused: 'member-taken' });
});

test('a node stays bound to the key of a broken connection, until its holder gives it up', () => {
  const [key, other] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const room = new Room('TEST-ROOM', LIMITS);
  const holder = joinFrame(tab({ node: 'n1', name: 'Ada', publicKey: key }));
  const { node: _node, ...nameless } = holder;
  seat(room, holder, 'first');
  take(room, holder, 'first', 'lost');
  for (const changes of [{}, { publicKey: other }]) {
    const refused = room.join(joinFrame(tab({ node: 'n1', ...changes })), 'thief');
    expect(refused).toMatchObject({ refused: 'node-taken' });
    expect(refused).toMatchObject({
      message: expect.stringMatching(/Node n1 is bound to another key.*"Ada"/),
    });
  }
  const sameKey = joinFrame(tab({ node: 'n1', publicKey: key }));
  seat(room, sameKey, 'the same key under another member id');
  take(room, sameKey, 'the same key under another member id', 'left');
  // Who left gave up its own claim, and not that of the one who was lost.
  expect(room.join(joinFrame(tab({ node: 'n1' })), 'thief')).toMatchObject({
    refused: 'node-taken',
  });
  seat(room, nameless, 'comes back');
  expect(room.seat(holder.member)?.description.node).toBe('n1');
  take(room, holder, 'comes back', 'left');
  seat(room, joinFrame(tab({ node: 'n1', publicKey: other })), 'may have it now');
  seat(room, nameless, 'comes back late');
  expect(room.seat(holder.member)?.description.node).toBeUndefined();
});

test('a node without a key is free as soon as its holder departs', () => {
  const room = new Room('TEST-ROOM', LIMITS);
  const holder = joinFrame(tab({ node: 'n1' }));
  seat(room, holder, 'first');
  take(room, holder, 'first', 'lost');
  seat(room, joinFrame(tab({ node: 'n1' })), 'second');
});

/** A step of somebody in the room: joins (again), or departs. */
const steps = fc.array(
  fc.record({
    who: fc.nat(5),
    join: fc.boolean(),
    incarnation: fc.integer({ min: 1, max: 3 }),
    node: fc.constantFrom(undefined, 'n1', 'n2'),
    key: fc.constantFrom(undefined, 'ab'.repeat(32), 'cd'.repeat(32)),
    formerOrder: fc.constantFrom(undefined, 0, 3),
    reason: fc.constantFrom('left' as const, 'closed' as const, 'lost' as const),
  }),
  { maxLength: 40 },
);

test('whatever happens, orders and present nodes are unique, bounds hold, and what was kept is the same room', () => {
  const limits = { membersPerRoom: 4, rememberedPerRoom: 2 };
  fc.assert(
    fc.property(steps, (taken) => {
      const room = new Room('TEST-ROOM', limits);
      // What a store has that only ever hears of changes.
      const kept = new Map<string, NonNullable<RoomChange['records'][number][1]>>();
      let firstJoins = 0;
      taken.forEach((step, index) => {
        const change = ask(room, step, String(index));
        if (change === undefined || 'refused' in change) return;
        room.commit(change);
        firstJoins = change.firstJoins;
        for (const [member, record] of change.records) {
          if (record === null) kept.delete(member);
          else kept.set(member, record);
        }
      });
      const seats = room.seats().map(({ description }) => description);
      expect(seats.length).toBeLessThanOrEqual(limits.membersPerRoom);
      const everyOrder = [...kept.values()].map(({ description }) => description.order);
      expect(new Set(everyOrder).size).toBe(everyOrder.length);
      const nodes = seats.flatMap(({ node }) => node ?? []);
      expect(new Set(nodes).size).toBe(nodes.length);
      expect(kept.size).toBeLessThanOrEqual(room.size + limits.rememberedPerRoom);
      const state: RoomState = { version: room.version, firstJoins, records: kept };
      const restored = new Room('TEST-ROOM', limits, state);
      for (const step of taken) {
        expect(ask(restored, step, 'next')).toEqual(ask(room, step, 'next'));
      }
    }),
    { numRuns: 500 },
  );
});

function ask(
  room: Room,
  step: (typeof steps extends fc.Arbitrary<(infer Step)[]> ? Step : never) & object,
  connection: string,
): ReturnType<Room['join']> | undefined {
  const member = `member-number-${step.who}`;
  if (!step.join) {
    return room.depart(member, room.seat(member)?.connection ?? 'nobody', step.reason);
  }
  const { incarnation, node, key, formerOrder } = step;
  const request = tab({
    member,
    token: `token-of-member-number-${step.who}`,
    incarnation,
    ...(node !== undefined && { node }),
    ...(key !== undefined && { publicKey: key }),
    ...(formerOrder !== undefined && { formerOrder }),
  });
  return room.join(joinFrame(request), connection);
}
