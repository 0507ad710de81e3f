/** What is atomic on Redis is: changes, the limit of rooms, and signs of life. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Room, type RoomChange } from '../../src/net/signaling/room.ts';
import { ROOMS_LIMITS } from '../../src/net/signaling/room-directory.ts';
import { readNews } from '../../signaling-server/redis-records.ts';
import {
  RedisStore,
  type ChangeRequest,
  type ChangeVerdict,
} from '../../signaling-server/redis-store.ts';
import { REDIS_TIMING } from '../../signaling-server/redis-timing.ts';
import { noRedis, RedisServer } from '../support/redis-server.ts';
import { describeUnless } from '../support/skip.ts';
import { joinFrame, tab } from '../unit/signaling/support.ts';

let redis: RedisServer;
let store: RedisStore;

describeUnless(noRedis)('a store on Redis', () => {
  beforeEach(async () => {
    redis = await RedisServer.start();
    store = await RedisStore.open(redis.url, REDIS_TIMING);
  });
  afterEach(async () => {
    store.close();
    await redis.kill();
  });

  test('makes one of several changes that were decided in the same version, and tells it', async () => {
    const told: string[] = [];
    store.listen({ heard: (_channel, text) => told.push(text), lost: () => {} });
    await store.subscribe(store.names.room('ROOM'));
    const changes = Array.from({ length: 5 }, () => firstJoin());
    const verdicts = await Promise.all(changes.map((change) => make({ change })));
    const { era } = await store.load('ROOM');
    expect(verdicts[0]).toBe('made');
    expect(verdicts.slice(1)).toEqual(Array(4).fill({ version: 1, era }));
    await vi.waitUntil(() => told.length > 0, { timeout: 30_000 });
    expect(told.map(readNews)).toEqual([{ kind: 'change', era, change: changes[0] }]);
    const { records } = await store.load('ROOM');
    expect([...records]).toEqual(changes[0]!.records);
  });

  test('makes no change that was decided in another life of the room', async () => {
    await make({ change: firstJoin() });
    const before = await store.load('ROOM');
    await redis.ask((connection) => connection.flushall());
    await make({ change: firstJoin() });
    const after = await store.load('ROOM');
    expect(after.era).toBeGreaterThan(before.era);
    const room = new Room('ROOM', ROOMS_LIMITS, before);
    const change = room.join(joinFrame(tab()), 'p/1') as RoomChange;
    expect(await make({ change, era: before.era })).toEqual({ version: 1, era: after.era });
    expect(await store.load('ROOM')).toEqual(after);
  });

  test('opens so many rooms, and forgets the one that was empty for longest first', async () => {
    const limits = { roomsMax: 3 };
    for (const code of ['OLD', 'NEW', 'BUSY']) await make({ code, change: firstJoin(), ...limits });
    await leave('OLD');
    await leave('NEW');
    expect(await make({ code: 'MORE-1', change: firstJoin(), ...limits })).toBe('made');
    expect((await store.load('OLD')).version).toBe(0);
    expect((await store.load('NEW')).version).toBe(2);
    expect(await make({ code: 'MORE-2', change: firstJoin(), ...limits })).toBe('made');
    expect(await make({ code: 'MORE-3', change: firstJoin(), ...limits })).toBe('full');
    expect((await store.load('MORE-3')).version).toBe(0);
  });

  test('counts no rooms that were forgotten because all their processes died', async () => {
    const limits = { roomsMax: 1 };
    await make({ change: firstJoin(), keptMs: 50, ...limits });
    expect(await make({ code: 'MORE', change: firstJoin(), ...limits })).toBe('full');
    await vi.waitUntil(async () => (await store.load('ROOM')).version === 0, { timeout: 30_000 });
    expect(await make({ code: 'MORE', change: firstJoin(), ...limits })).toBe('made');
  });

  test('keeps what gets signs of life, and says what is not there', async () => {
    await make({ change: firstJoin(), keptMs: 500 });
    const { era } = await store.load('ROOM');
    const rooms = [
      { code: 'ROOM', era },
      { code: 'ROOM', era: era - 1 },
      { code: 'NO-ROOM', era },
    ];
    expect(await store.beat('process-1', rooms, 60_000, 60_000)).toEqual(['ROOM', 'NO-ROOM']);
    const lifetime = (key: string) => redis.ask((connection) => connection.pttl(key));
    expect(await lifetime(store.names.room('ROOM'))).toBeGreaterThan(500);
    expect(await store.dead(['process-1', 'process-2'])).toEqual(['process-2']);
    await store.beat('process-1', [], 1, 60_000);
    await vi.waitUntil(async () => (await store.dead(['process-1'])).length === 1, {
      timeout: 30_000,
    });
  });

  test('takes so much that is not confirmed and no more, and never waits', async () => {
    redis.freeze();
    const text = 'x'.repeat(1024 * 1024);
    let taken = 0;
    while (store.publish('channel', text)) taken++;
    expect(taken).toBe(16);
    redis.thaw();
    await vi.waitUntil(() => store.publish('channel', text), { timeout: 30_000 });
  });

  test('says why it could not be opened, and once that it was lost', async () => {
    const lost: string[] = [];
    store.listen({ heard: () => {}, lost: (reason) => lost.push(reason) });
    await redis.kill();
    await vi.waitUntil(() => lost.length > 0, { timeout: 30_000 });
    expect(lost).toHaveLength(1);
    await expect(RedisStore.open(redis.url, REDIS_TIMING)).rejects.toThrow('ECONNREFUSED');
    await redis.start();
  });
});

function firstJoin(): RoomChange {
  return new Room('ROOM', ROOMS_LIMITS).join(joinFrame(tab()), 'p/0') as RoomChange;
}

function make(
  request: Partial<ChangeRequest> & Pick<ChangeRequest, 'change'>,
): Promise<ChangeVerdict> {
  return store.change({
    code: 'ROOM',
    era: 0,
    isEmpty: false,
    keptMs: 60_000,
    keptMsMax: 60_000,
    roomsMax: 100,
    ...request,
  });
}

async function leave(code: string): Promise<void> {
  const state = await store.load(code);
  const room = new Room(code, ROOMS_LIMITS, state);
  const [{ description, connection }] = room.seats() as [ReturnType<Room['seats']>[number]];
  const change = room.depart(description.member, connection, 'left')!;
  expect(await make({ code, change, era: state.era, isEmpty: true, roomsMax: 3 })).toBe('made');
}
