import { describe, expect, test } from 'vitest';
import { Assembly } from '../../../src/net/signaling/assembly.ts';
import type { ServerMessage } from '../../../src/net/signaling/protocol.ts';
import { ROOMS_LIMITS } from '../../../src/net/signaling/room-directory.ts';
import { Room, type RoomChange } from '../../../src/net/signaling/room.ts';
import { joinFrame, newKey, tab } from './support.ts';
import { Client, setUp } from './switchboard-client.ts';

function orderOf(client: Client): number | undefined {
  const welcome = client.messages.find((message) => message.type === 'welcome');
  return welcome?.you.order;
}

describe('an empty room', () => {
  test('is remembered for the grace and then forgotten', () => {
    const { switchboard, rooms, clock } = setUp({ emptyRoomGraceMs: 60_000 });
    const first = new Client(switchboard);
    const second = new Client(switchboard);
    first.line.close('closed');
    second.line.close('lost');
    expect([rooms.roomCount, rooms.memberCount]).toEqual([1, 0]);
    clock.nowMs += 60_000;
    rooms.forgetEmptyRooms();
    const back = new Client(switchboard, second.request);
    expect(orderOf(back)).toBe(1);
    clock.nowMs += 1_000_000;
    rooms.forgetEmptyRooms();
    expect(rooms.roomCount).toBe(1);
    back.line.close('closed');
    clock.nowMs += 60_001;
    rooms.forgetEmptyRooms();
    expect(rooms.roomCount).toBe(0);
  });

  test('is forgotten in time even when nobody swept', () => {
    const { switchboard, clock } = setUp({ emptyRoomGraceMs: 60_000 });
    new Client(switchboard).line.close('closed');
    const second = new Client(switchboard);
    second.line.close('closed');
    clock.nowMs += 60_001;
    const stranger = new Client(switchboard, { member: second.request.member });
    expect(orderOf(stranger)).toBe(0);
  });

  test('makes space in a full house, the one that was empty for longest first', () => {
    const { switchboard, rooms, clock } = setUp({ rooms: 2 });
    const oldest = new Client(switchboard, { room: 'ROOM-ONE' });
    const newer = new Client(switchboard, { room: 'ROOM-TWO' });
    oldest.line.close('closed');
    clock.nowMs += 10;
    newer.line.close('closed');
    expect(orderOf(new Client(switchboard, { room: 'ROOM-THREE' }))).toBe(0);
    expect(rooms.roomCount).toBe(2);
    new Client(switchboard, { room: 'ROOM-TWO', member: 'not-the-first' });
    const again = new Client(switchboard, newer.request);
    expect(orderOf(again)).toBe(0);
    expect(new Client(switchboard, { room: 'ROOM-ONE' }).last()).toMatchObject({
      code: 'server-full',
    });
  });

  test('does not stay when its first join was refused', () => {
    const { switchboard, rooms, clock } = setUp({ membersPerRoom: 0 });
    expect(new Client(switchboard).last()).toMatchObject({ code: 'room-full' });
    clock.nowMs += ROOMS_LIMITS.emptyRoomGraceMs + 1;
    rooms.forgetEmptyRooms();
    expect(rooms.roomCount).toBe(0);
  });
});

describe('departures', () => {
  test('say why', () => {
    const { switchboard } = setUp();
    const watcher = new Client(switchboard);
    for (const reason of ['closed', 'lost', 'left'] as const) {
      const client = new Client(switchboard);
      if (reason === 'left') client.line.receive({ type: 'leave' });
      else client.line.close(reason);
      const { member } = client.request;
      expect(watcher.last()).toEqual({ type: 'left', member, incarnation: 1, reason });
      expect(client.ends).toEqual(reason === 'left' ? [1000] : []);
      const heard = watcher.messages.length;
      client.line.close('lost');
      expect(watcher.messages).toHaveLength(heard);
    }
  });
});

describe('a ghost', () => {
  test('is told, ended, and neither speaks nor departs for its successor', () => {
    const { switchboard, rooms } = setUp();
    const watcher = new Client(switchboard);
    const ghost = new Client(switchboard);
    const reloaded = new Client(switchboard, { ...ghost.request, incarnation: 2 });
    expect(ghost.last()).toMatchObject({ type: 'error', code: 'superseded' });
    expect(ghost.ends).toEqual([4001]);
    expect(watcher.messages.slice(-2)).toMatchObject([
      { type: 'left', incarnation: 1, reason: 'superseded' },
      { type: 'joined', member: { incarnation: 2 } },
    ]);
    const heard = watcher.messages.length;
    ghost.line.receive({ type: 'signal', to: watcher.request.member, payload: 'boo' });
    ghost.line.receive({ type: 'broadcast', payload: 'boo' });
    ghost.line.receive({ type: 'leave' });
    ghost.line.close('lost');
    expect(watcher.messages).toHaveLength(heard);
    expect(rooms.memberCount).toBe(2);
    expect(reloaded.messages).toHaveLength(1);
  });

  test('is not replaced by a join that is refused', () => {
    const { switchboard } = setUp();
    new Client(switchboard, { node: 'n1' });
    const present = new Client(switchboard, { node: 'n2' });
    const refused = new Client(switchboard, { ...present.request, incarnation: 2, node: 'n1' });
    expect(refused.last()).toMatchObject({ type: 'error', code: 'node-taken' });
    expect(present.ends).toEqual([]);
    expect(present.line.joined).toBe(true);
  });

  test('is replaced in a full room too', () => {
    const { switchboard } = setUp({ membersPerRoom: 1 });
    const ghost = new Client(switchboard);
    const reloaded = new Client(switchboard, { ...ghost.request, incarnation: 2 });
    expect(orderOf(reloaded)).toBe(0);
  });
});

test('a line joins once, and speaks only when it joined', () => {
  const { switchboard } = setUp();
  const client = new Client(switchboard);
  client.line.receive(joinFrame(tab()));
  expect(client.last()).toMatchObject({ type: 'error', code: 'bad-message' });
  client.line.close('closed');
  for (const message of [
    { type: 'signal', to: client.request.member, payload: 1 },
    { type: 'broadcast', payload: 1 },
  ] as const) {
    client.line.receive(message);
    expect(client.last()).toMatchObject({ code: 'bad-message', message: 'Join a room first.' });
  }
});

test('a room is not looked up for a client that asked too often', () => {
  const { switchboard, rooms } = setUp();
  const messages: ServerMessage[] = [];
  const line = switchboard.connect({
    deliver: (message) => messages.push(message),
    end: () => {},
    admit: () => false,
  });
  line.receive(joinFrame(tab()));
  line.receive(joinFrame(tab(newKey())));
  expect(messages).toMatchObject([{ code: 'rate-limited' }, { code: 'rate-limited' }]);
  expect(rooms.roomCount).toBe(0);
});

test('who is declared lost while it is here hears it and has to come back', () => {
  const { switchboard, rooms } = setUp();
  const client = new Client(switchboard);
  const room = new Room('TEST-ROOM', ROOMS_LIMITS);
  const assembly = new Assembly(room, { toOne: () => {}, toOthers: () => {} }, () => {});
  const ended: string[] = [];
  assembly.await('c', {
    seated: () => ended.push('seated'),
    refused: () => {},
    told: () => {},
    superseded: () => {},
    evicted: (message) => ended.push(message),
  });
  assembly.apply(room.join(joinFrame(client.request), 'c') as RoomChange);
  assembly.apply(room.depart(client.request.member, 'c', 'lost')!);
  expect(ended).toEqual(['seated', expect.stringContaining('lost sight')]);
  expect(assembly.isDeserted).toBe(true);
  expect(rooms.memberCount).toBe(1);
});

test('no message ever holds a token', () => {
  const { switchboard } = setUp();
  const watcher = new Client(switchboard);
  const client = new Client(switchboard);
  new Client(switchboard, { ...client.request, incarnation: 2 });
  new Client(switchboard, { member: client.request.member });
  const said = JSON.stringify([watcher.messages, client.messages]);
  expect(said).not.toContain(client.request.token);
  expect(said).not.toContain('token');
});

test('the audience of a broadcast', () => {
  const { switchboard } = setUp();
  const first = new Client(switchboard);
  expect(first.line.audience).toBe(0);
  new Client(switchboard);
  const third = new Client(switchboard);
  expect([first.line.audience, third.line.audience]).toEqual([2, 2]);
  third.line.close('closed');
  expect([first.line.audience, third.line.audience]).toEqual([1, 0]);
});
