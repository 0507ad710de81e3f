import { fc } from '../../support/property.ts';
import { describe, expect, test } from 'vitest';
import { encodeMessage, type ServerMessage } from '../../../src/net/signaling/protocol.ts';
import { Room, type RoomChange } from '../../../src/net/signaling/room.ts';
import { isRedisAddress } from '../../../signaling-server/redis-address.ts';
import {
  changedFields,
  readLetter,
  readNews,
  readRoom,
  RedisNames,
  writeLetter,
  writeSaid,
} from '../../../signaling-server/redis-records.ts';
import { joinFrame, tab } from './support.ts';

const LIMITS = { membersPerRoom: 10, rememberedPerRoom: 1 };
const message: ServerMessage = { type: 'broadcast', from: 'member-one', payload: 'a  b\n"c"' };

/** A room that was joined and left, and every change that made it. */
function history(): { room: Room; changes: RoomChange[] } {
  const room = new Room('TEST-ROOM', LIMITS);
  const changes: RoomChange[] = [];
  const take = (change: RoomChange): void => {
    room.commit(change);
    changes.push(change);
  };
  const members = [
    tab({ node: 'n1', name: 'Åda " \\', publicKey: 'ab'.repeat(32) }),
    tab(),
    tab({ incarnation: 2 ** 53 - 1 }),
  ].map(joinFrame);
  members.forEach((request, index) => take(room.join(request, `p/${index}`) as RoomChange));
  take(room.depart(members[0]!.member, 'p/0', 'left')!);
  take(room.depart(members[1]!.member, 'p/1', 'lost')!);
  return { room, changes };
}

test('a room on Redis is the room that was written there', () => {
  const { room, changes } = history();
  const hash: Record<string, string> = { era: '1' };
  for (const change of changes) {
    const fields = changedFields(change);
    for (let index = 0; index < fields.length; index += 2) {
      if (fields[index + 1] === '') delete hash[fields[index]!];
      else hash[fields[index]!] = fields[index + 1]!;
    }
  }
  // One of two departed members is remembered.
  expect(Object.keys(hash).filter((field) => field.startsWith('m:'))).toHaveLength(2);
  const restored = new Room('TEST-ROOM', LIMITS, readRoom(hash));
  expect(restored.seats()).toEqual(room.seats());
  expect(restored.version).toBe(room.version);
  const next = joinFrame(tab());
  expect(restored.join(next, 'p/9')).toEqual(room.join(next, 'p/9'));
});

test('no key on Redis is a room that is not there', () => {
  expect(readRoom({})).toEqual({ era: 0, version: 0, firstJoins: 0, records: [] });
});

test('what is told on channels arrives as it was', () => {
  for (const change of history().changes) {
    const news = { kind: 'change', era: 1_700_000_000_000_000, change };
    expect(readNews(`change ${news.era} ${JSON.stringify(change)}`)).toEqual(news);
  }
  const frame = encodeMessage(message);
  expect(readNews(writeSaid('p/1', frame))).toEqual({
    kind: 'said',
    exceptConnection: 'p/1',
    message,
  });
  const letter = { room: 'TEST-ROOM', connection: 'p/1', message };
  expect(readLetter(writeLetter(letter.room, letter.connection, frame))).toEqual(letter);
});

describe('what somebody else wrote', () => {
  const texts = [
    `change 1 ${JSON.stringify(history().changes[0])}`,
    writeSaid('p/1', encodeMessage(message)),
    writeLetter('TEST-ROOM', 'p/1', encodeMessage(message)),
  ];

  test('is an error and nothing else, however it is bent', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(300), fc.string(), (text, at, inserted) => {
        for (const bent of [text.slice(0, at), text.slice(0, at) + inserted + text.slice(at)]) {
          for (const read of [readNews, readLetter]) attempt(() => read(bent));
        }
      }),
      { numRuns: 2_000 },
    );
    for (const hash of [
      { version: 'x' },
      { version: '-1' },
      { version: '1.5' },
      { 'm:member-one': '{' },
      { 'm:member-one': '{"description":{}}' },
    ]) {
      expect(() => readRoom(hash)).toThrow();
    }
  });

  function attempt(read: () => unknown): void {
    try {
      read();
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});

test('databases of one Redis do not share names, not even of channels', () => {
  const [first, second] = [new RedisNames(0), new RedisNames(1)];
  expect(first.room('A')).not.toBe(second.room('A'));
  expect(first.process('A')).not.toBe(first.room('A'));
  expect(first.room('A').startsWith(first.roomPrefix)).toBe(true);
});

test('addresses of a Redis', () => {
  for (const address of [
    'redis://localhost',
    'redis://user:p%40ss@10.0.0.1:6380/3',
    'rediss://redis.example.org/',
    'redis://[::1]:6379',
  ]) {
    expect([address, isRedisAddress(address)]).toEqual([address, true]);
  }
  for (const address of [
    ...['', 'localhost:6379', 'http://localhost', 'redis:', 'redis://', 'redis://a/b'],
    ...['redis://localhost:99999', 'unix:///tmp/redis.sock', 'redis://a/1/2'],
  ]) {
    expect([address, isRedisAddress(address)]).toEqual([address, false]);
  }
});
