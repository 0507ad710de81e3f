/** What a shared room does when Redis answers late, answers no, or tells its news in between. */

import { expect, test } from 'vitest';
import { Room, type RoomChange } from '../../../src/net/signaling/room.ts';
import { ROOMS_LIMITS, type Guest, type Seat } from '../../../src/net/signaling/room-directory.ts';
import { RedisNames, type SharedState } from '../../../signaling-server/redis-records.ts';
import { SharedRoom } from '../../../signaling-server/redis-room.ts';
import type { ChangeRequest, ChangeVerdict } from '../../../signaling-server/redis-store.ts';
import { deferred, type Deferred } from '../../support/deferred.ts';
import { joinFrame, tab } from './support.ts';

const NOTHING: SharedState = { era: 0, version: 0, firstJoins: 0, records: [] };

/** A Redis that answers when the test says so. */
class ScriptedStore {
  readonly names = new RedisNames(0);
  readonly calls: string[] = [];
  readonly subscribed = deferred();
  readonly loads: Deferred<SharedState>[] = [];
  readonly changes: {
    readonly request: ChangeRequest;
    readonly answer: Deferred<ChangeVerdict>;
  }[] = [];

  subscribe(): Promise<void> {
    this.calls.push('subscribe');
    return this.subscribed.promise;
  }

  load(): Promise<SharedState> {
    this.calls.push('load');
    const load = deferred<SharedState>();
    this.loads.push(load);
    return load.promise;
  }

  change(request: ChangeRequest): Promise<ChangeVerdict> {
    this.calls.push(`change to ${request.change.version} in era ${request.era}`);
    const answer = deferred<ChangeVerdict>();
    this.changes.push({ request, answer });
    return answer.promise;
  }
}

/** A guest that keeps what it hears. */
class Visitor implements Guest {
  readonly heard: string[] = [];
  seat: Seat | undefined;
  seated(seat: Seat, you: { order: number }, others: readonly unknown[]): void {
    this.seat = seat;
    this.heard.push(`seated as ${you.order} with ${others.length}`);
  }
  refused(code: string): void {
    this.heard.push(code);
  }
  told(message: { type: string }): void {
    this.heard.push(message.type);
  }
  superseded(): void {
    this.heard.push('superseded');
  }
  evicted(): void {
    this.heard.push('evicted');
  }
}

function setUp(): { store: ScriptedStore; room: SharedRoom; problems: string[] } {
  const store = new ScriptedStore();
  const problems: string[] = [];
  const room: SharedRoom = new SharedRoom('TEST-ROOM', {
    store,
    limits: { ...ROOMS_LIMITS, rooms: 7 },
    inhabitedMs: 1_000,
    carrierFor: () => ({ toOne: () => {}, toOthers: () => {} }),
    fail: (error) => {
      problems.push(String(error));
      room.end('over');
    },
    deserted: () => problems.push('deserted'),
  });
  return { store, room, problems };
}

/** Lets everything run that waits for nothing else. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The changes by which others come in, one after the other. */
function arrivals(count: number): RoomChange[] {
  const room = new Room('TEST-ROOM', ROOMS_LIMITS);
  return Array.from({ length: count }, (_, index) => {
    const change = room.join(joinFrame(tab()), `other/${index}`) as RoomChange;
    room.commit(change);
    return change;
  });
}

function stateAfter(changes: readonly RoomChange[], era: number): SharedState {
  const records = changes.flatMap(({ records: changed }) => changed) as SharedState['records'];
  return { era, version: changes.length, firstJoins: changes.length, records };
}

/** A room with one visitor of ours in its seat. */
async function withVisitor() {
  const { store, room, problems } = setUp();
  const visitor = new Visitor();
  room.join(joinFrame(tab()), 'ours/0', visitor);
  store.subscribed.resolve();
  await pause();
  store.loads[0]!.resolve(NOTHING);
  await pause();
  const { request, answer } = store.changes[0]!;
  room.hear({ kind: 'change', era: 5, change: request.change });
  answer.resolve('made');
  await pause();
  return { store, room, problems, visitor, change: request.change };
}

test('it listens before it looks, and loses nothing that happens in between', async () => {
  const { store, room } = setUp();
  const visitor = new Visitor();
  const [first, second, third] = arrivals(3) as [RoomChange, RoomChange, RoomChange];
  room.join(joinFrame(tab()), 'ours/0', visitor);
  await pause();
  expect(store.calls).toEqual(['subscribe']);
  store.subscribed.resolve();
  await pause();
  expect(store.calls).toEqual(['subscribe', 'load']);
  // The second is in what is loaded as well, the third is not.
  room.hear({ kind: 'change', era: 5, change: second });
  room.hear({ kind: 'change', era: 5, change: third });
  store.loads[0]!.resolve(stateAfter([first, second], 5));
  await pause();
  expect(store.calls.at(-1)).toBe('change to 4 in era 5');
});

test('a member has its seat when the room tells so, not when Redis answers', async () => {
  for (const isNewsFirst of [true, false]) {
    const { store, room } = setUp();
    const visitor = new Visitor();
    room.join(joinFrame(tab()), 'ours/0', visitor);
    store.subscribed.resolve();
    await pause();
    store.loads[0]!.resolve(NOTHING);
    await pause();
    const { request, answer } = store.changes[0]!;
    expect(request.keptMs).toBe(1_000);
    if (!isNewsFirst) answer.resolve('made');
    await pause();
    expect(visitor.heard).toEqual([]);
    room.hear({ kind: 'change', era: 5, change: request.change });
    expect(visitor.heard).toEqual(['seated as 0 with 0']);
    if (isNewsFirst) answer.resolve('made');
    await pause();
    expect(room.size).toBe(1);
  }
});

test('whoever comes second decides anew, with what the first has changed', async () => {
  const { store, room, problems } = setUp();
  const visitor = new Visitor();
  const [first, second] = arrivals(2) as [RoomChange, RoomChange];
  room.join(joinFrame(tab()), 'ours/0', visitor);
  store.subscribed.resolve();
  await pause();
  store.loads[0]!.resolve(NOTHING);
  await pause();
  store.changes[0]!.answer.resolve({ version: 1, era: 5 });
  await pause();
  // The news of the first is still on the way.
  expect(store.changes).toHaveLength(1);
  room.hear({ kind: 'change', era: 5, change: first });
  room.hear({ kind: 'change', era: 5, change: second });
  await pause();
  expect(store.calls.at(-1)).toBe('change to 3 in era 5');
  // The answer is older than the news that came meanwhile: that is no loss.
  store.changes[1]!.answer.resolve({ version: 2, era: 5 });
  await pause();
  const { request, answer } = store.changes[2]!;
  room.hear({ kind: 'change', era: 5, change: request.change });
  answer.resolve('made');
  await pause();
  expect(visitor.heard).toEqual(['seated as 2 with 2']);
  expect(problems).toEqual([]);
});

test('joins and departures take their turns', async () => {
  const { store, room, visitor } = await withVisitor();
  const next = new Visitor();
  visitor.seat!.leave('left');
  room.join(joinFrame(tab()), 'ours/1', next);
  await pause();
  expect(store.changes).toHaveLength(2);
  expect(store.changes[1]!.request).toMatchObject({
    isEmpty: true,
    keptMs: ROOMS_LIMITS.emptyRoomGraceMs,
    change: { event: { kind: 'left', reason: 'left' } },
  });
  room.hear({ kind: 'change', era: 5, change: store.changes[1]!.request.change });
  store.changes[1]!.answer.resolve('made');
  await pause();
  expect(store.calls.at(-1)).toBe('change to 3 in era 5');
});

test('a refused join leaves the room, as does the last departure', async () => {
  const { store, room, problems } = setUp();
  const visitor = new Visitor();
  room.join(joinFrame(tab()), 'ours/0', visitor);
  store.subscribed.resolve();
  await pause();
  store.loads[0]!.resolve(NOTHING);
  await pause();
  store.changes[0]!.answer.resolve('full');
  await pause();
  expect(visitor.heard).toEqual(['server-full']);
  expect(problems).toEqual(['deserted']);
});

test('a room of another life with members here is a loss of Redis', async () => {
  const [other] = arrivals(1) as [RoomChange];
  const byNews = await withVisitor();
  // News of an earlier life are none; of the same version, they would be missed.
  byNews.room.hear({ kind: 'change', era: 4, change: other });
  expect(() => byNews.room.hear({ kind: 'change', era: 6, change: other })).toThrow('forgotten');
  const byAnswer = await withVisitor();
  byAnswer.visitor.seat!.leave('left');
  await pause();
  byAnswer.store.changes[1]!.answer.resolve({ version: 1, era: 6 });
  await pause();
  expect(byAnswer.problems).toEqual([expect.stringContaining('forgotten')]);
});

test('a room that was forgotten before anybody sat in it is loaded anew', async () => {
  const { store, room, problems } = setUp();
  const visitor = new Visitor();
  room.join(joinFrame(tab()), 'ours/0', visitor);
  store.subscribed.resolve();
  await pause();
  store.loads[0]!.resolve(stateAfter(arrivals(3), 5));
  await pause();
  store.changes[0]!.answer.resolve({ version: 0, era: 0 });
  await pause();
  store.loads[1]!.resolve(NOTHING);
  await pause();
  expect(store.calls.at(-1)).toBe('change to 1 in era 0');
  const { request, answer } = store.changes[1]!;
  room.hear({ kind: 'change', era: 6, change: request.change });
  answer.resolve('made');
  await pause();
  expect(visitor.heard).toEqual(['seated as 0 with 0']);
  expect(problems).toEqual([]);
});

test('whoever waits when Redis is lost is told, wherever it waits', async () => {
  const { store, room, problems } = setUp();
  const visitors = [new Visitor(), new Visitor()];
  visitors.forEach((visitor, index) => room.join(joinFrame(tab()), `ours/${index}`, visitor));
  store.subscribed.resolve();
  await pause();
  store.loads[0]!.resolve(NOTHING);
  await pause();
  store.changes[0]!.answer.reject(new Error('Command timed out'));
  await pause();
  for (const { heard } of visitors) expect(new Set(heard)).toEqual(new Set(['evicted']));
  expect(problems[0]).toContain('Command timed out');
  // Nobody asks for a room that is over.
  expect(store.changes).toHaveLength(1);
});
