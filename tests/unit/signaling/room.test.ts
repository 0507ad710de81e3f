import { expect, test } from 'vitest';
import { Room } from '../../../src/net/signaling/room.ts';
import { joinFrame, tab } from './support.ts';

const LIMITS = { membersPerRoom: 10, rememberedPerRoom: 10 };

test('a connection that was replaced does not empty the seat of its successor', () => {
  const room = new Room<string>('TEST-ROOM', LIMITS);
  const request = joinFrame(tab());
  room.join(request, 'old connection');
  expect(room.join(request, 'new connection')).toMatchObject({
    kind: 'joined',
    replaced: { connection: 'old connection' },
  });
  expect(room.depart(request.member, 'old connection')).toBeUndefined();
  expect(room.depart('nobody-here', 'new connection')).toBeUndefined();
  expect(room.size).toBe(1);
  expect(room.depart(request.member, 'new connection')).toMatchObject({ member: request.member });
  expect(room.size).toBe(0);
});

test('neither the beginning of a token nor more than it is the token', () => {
  const room = new Room<string>('TEST-ROOM', LIMITS);
  const request = joinFrame(tab({ token: 'abcdefghijklmnopqrstuvwxyz' }));
  room.join(request, 'connection');
  for (const token of [
    request.token.slice(0, 16),
    `${request.token}!`,
    `${request.token.slice(0, -1)}Z`,
  ]) {
    expect(room.join({ ...request, token }, 'thief')).toMatchObject({ code: 'member-taken' });
  }
});
