/**
 * Redis, as far as rooms need it: two connections (one that subscribes can do nothing else), a few
 * commands, and the two scripts that have to be atomic. It does not reconnect: when anything is
 * wrong with it, it is over (see `redis-session.ts`).
 */
import { Redis } from 'ioredis';
import type { RoomChange } from '../src/net/signaling/room.ts';
import { changedFields, readRoom, RedisNames, type SharedState } from './redis-records.ts';
import type { RedisTiming } from './redis-timing.ts';

/**
 * Bytes that may be on their way to Redis and not confirmed. Redis takes gigabytes a second on a
 * LAN: if this much waits, it has stalled, and more would only fill this process.
 */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Makes a change if the room is still in the version in which it was decided, and tells everybody.
 * All of it happens at once, so subscribers hear of changes in the order in which they were made, and
 * of what was said in between.
 *
 * KEYS: the room, the rooms, the empty rooms. ARGV: the version before, and its era; the code; whether
 * the room is empty then; for how long it is kept; for how long any room is kept; the rooms allowed;
 * what stands before a code; the change as JSON; then fields and values, '' to delete
 * one. Returns 'done', 'full', or the version and the era that the room is in.
 */
const CHANGE = `
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
local era = redis.call('HGET', KEYS[1], 'era') or '0'
if version ~= tonumber(ARGV[1]) or era ~= ARGV[2] then return {version, tonumber(era)} end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local code, isEmpty, ttl, ttlMax = ARGV[3], ARGV[4] == '1', tonumber(ARGV[5]), tonumber(ARGV[6])
if version == 0 then
  era = string.format('%.0f', micros)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', micros - ttlMax * 1000)
  while redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[7]) do
    local oldest = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
    if not oldest then return 'full' end
    redis.call('DEL', ARGV[8] .. oldest)
    redis.call('ZREM', KEYS[2], oldest)
    redis.call('ZREM', KEYS[3], oldest)
  end
end
redis.call('HSET', KEYS[1], 'era', era)
for i = 10, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
  else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('ZADD', KEYS[2], now + ttl, code)
if isEmpty then redis.call('ZADD', KEYS[3], micros, code) else redis.call('ZREM', KEYS[3], code) end
redis.call('PEXPIRE', KEYS[2], ttlMax)
redis.call('PEXPIRE', KEYS[3], ttlMax)
redis.call('PUBLISH', KEYS[1], 'change ' .. era .. ' ' .. ARGV[9])
return 'done'
`;

/**
 * A process gives a sign of life, for itself and for the rooms that members are in through it.
 *
 * KEYS: the process, the rooms. ARGV: for how long the process counts as alive; for how long rooms
 * are kept; what stands before a code; codes and eras. Returns the codes of rooms that are not there.
 */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl, missing = tonumber(ARGV[2]), {}
redis.call('SET', KEYS[1], 'alive', 'PX', ARGV[1])
for i = 4, #ARGV, 2 do
  local room = ARGV[3] .. ARGV[i]
  if redis.call('HGET', room, 'era') == ARGV[i + 1] then
    redis.call('PEXPIRE', room, ttl)
    redis.call('ZADD', KEYS[2], now + ttl, ARGV[i])
  else missing[#missing + 1] = ARGV[i] end
end
redis.call('PEXPIRE', KEYS[2], ttl)
return missing
`;

/** A change that is to be made. */
export interface ChangeRequest {
  readonly code: string;
  /** That of the version before. */
  readonly era: number;
  readonly change: RoomChange;
  readonly isEmpty: boolean;
  readonly keptMs: number;
  readonly keptMsMax: number;
  readonly roomsMax: number;
}

/** What became of it: `made`, or the house is full, or the room is in another version already. */
export type ChangeVerdict = 'made' | 'full' | { readonly version: number; readonly era: number };

/** What a store tells its owner. */
export interface StoreEvents {
  /** Something came on a channel; in the order in which Redis was given it. */
  heard(channel: string, text: string): void;
  /** The store is over, and why. Told once, not after `close`. */
  lost(reason: string): void;
}

/** One pair of connections to Redis, from their opening to the end of either. */
export class RedisStore {
  readonly names: RedisNames;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  #backlogBytes = 0;
  #lastError = '';
  #events: StoreEvents | undefined;
  #isOver = false;

  private constructor(url: string, timing: RedisTiming) {
    this.#commands = this.#connection(url, timing);
    this.#subscriber = this.#connection(url, timing);
    this.names = new RedisNames(this.#commands.options.db ?? 0);
    this.#subscriber.on('message', (channel, text) => this.#events?.heard(channel, text));
  }

  /** Connects. @throws Error with the reason why that failed */
  static async open(url: string, timing: RedisTiming): Promise<RedisStore> {
    const store = new RedisStore(url, timing);
    try {
      await Promise.all([store.#commands.connect(), store.#subscriber.connect()]);
    } catch (error) {
      store.close();
      throw new Error(store.#lastError || messageOf(error), { cause: error });
    }
    // One may have closed while the other was opening.
    if (store.#isOver) throw new Error(store.#lastError || 'the connection was closed');
    return store;
  }

  /** Tells everything from now on, in the turn in which it was opened. */
  listen(events: StoreEvents): void {
    this.#events = events;
  }

  /** Ends both connections. Nothing is told any more. */
  close(): void {
    this.#isOver = true;
    this.#events = undefined;
    this.#commands.disconnect();
    this.#subscriber.disconnect();
  }

  /** From when this is fulfilled on, everything on the channel is heard. */
  async subscribe(channel: string): Promise<void> {
    await this.#subscriber.subscribe(channel);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#subscriber.unsubscribe(channel);
  }

  /** Says something on a channel; false when too much waits, and it was dropped. */
  publish(channel: string, text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.#backlogBytes + bytes > BACKLOG_BYTES_MAX) return false;
    this.#backlogBytes += bytes;
    this.#commands.publish(channel, text).then(
      () => (this.#backlogBytes -= bytes),
      (error: unknown) => this.#lose(messageOf(error)),
    );
    return true;
  }

  /** The room as it stands. */
  async load(code: string): Promise<SharedState> {
    return readRoom(await this.#commands.hgetall(this.names.room(code)));
  }

  /** Makes a change, if the room is in the version before it. */
  async change(request: ChangeRequest): Promise<ChangeVerdict> {
    const { code, era, change, isEmpty, keptMs, keptMsMax, roomsMax } = request;
    const { rooms, emptyRooms, roomPrefix } = this.names;
    const keys = [this.names.room(code), rooms, emptyRooms];
    const room = [change.version - 1, era, code, isEmpty ? '1' : '0', keptMs, keptMsMax];
    const fields = changedFields(change);
    const values = [...room, roomsMax, roomPrefix, JSON.stringify(change), ...fields];
    const verdict = await this.#commands.eval(CHANGE, keys.length, ...keys, ...values);
    if (verdict === 'done') return 'made';
    if (verdict === 'full') return 'full';
    const [version, itsEra] = verdict as [version: number, era: number];
    return { version, era: itsEra };
  }

  /** Gives a sign of life; the codes of rooms that should be there and are not. */
  async beat(
    process: string,
    rooms: readonly { readonly code: string; readonly era: number }[],
    processMs: number,
    roomMs: number,
  ): Promise<string[]> {
    const keys = [this.names.process(process), this.names.rooms];
    const codes = rooms.flatMap(({ code, era }) => [code, era]);
    const values = [processMs, roomMs, this.names.roomPrefix, ...codes];
    const missing = await this.#commands.eval(BEAT, keys.length, ...keys, ...values);
    return missing as string[];
  }

  /** Those of the processes that gave no sign of life for too long. */
  async dead(processes: readonly string[]): Promise<string[]> {
    if (processes.length === 0) return [];
    const signs = await this.#commands.mget(processes.map((id) => this.names.process(id)));
    return processes.filter((_, index) => signs[index] === null);
  }

  #connection(url: string, timing: RedisTiming): Redis {
    const redis = new Redis(url, {
      // The one that every Redis speaks.
      protocol: 2,
      lazyConnect: true,
      // A connection that broke may have lost what was said: nothing of it is worth mending.
      retryStrategy: () => null,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: timing.commandMs,
      commandTimeout: timing.commandMs,
    });
    redis.on('error', (error) => (this.#lastError = messageOf(error)));
    redis.on('close', () => this.#lose(this.#lastError || 'the connection was closed'));
    return redis;
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    const events = this.#events;
    this.close();
    events?.lost(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
