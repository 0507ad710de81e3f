/**
 * One uninterrupted time with Redis. As long as it lasts this process hears everything that happens
 * in its rooms, in order; so nothing is ever mended: when Redis is lost, even for a moment, the
 * session ends with all its rooms, and members join again in the next one as after a restart of the
 * server. To the other processes that looks like any process that ended: the members of one that
 * gives no sign of life are lost after a while, unless they came back before.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Carrier } from '../src/net/signaling/assembly.ts';
import { encodeMessage, type JoinMessage } from '../src/net/signaling/protocol.ts';
import type { Guest, RoomsLimits } from '../src/net/signaling/room-directory.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { readLetter, readNews, writeLetter, writeSaid } from './redis-records.ts';
import { FORGETFUL, OUT_OF_REACH, SharedRoom, type SharedRoomContext } from './redis-room.ts';
import { RedisStore } from './redis-store.ts';
import type { RedisTiming } from './redis-timing.ts';

/** What all sessions of a process share. */
export interface RedisContext {
  readonly url: string;
  readonly limits: RoomsLimits;
  readonly timing: RedisTiming;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Signs of life that may be missing on our own channel until we count as deaf. */
const UNHEARD_BEATS_MAX = 3;

/** What a process says to itself, to know that it still hears. */
const BEAT = 'beat';

/** A session, from its opening to the loss of Redis. */
export class RedisSession {
  /** Another one in every session: who was seated in an earlier one is not seated in this. */
  readonly #process = randomBytes(8).toString('hex');
  readonly #context: RedisContext;
  readonly #store: RedisStore;
  readonly #rooms = new Map<string, SharedRoom>();
  readonly #roomContext: SharedRoomContext;
  readonly #onEnd: (reason: string) => void;
  /** Rooms that were not there when we last looked; the news of their end may still be on the way. */
  #missing: ReadonlySet<string> = new Set();
  #connections = 0;
  #unheardBeats = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  private constructor(context: RedisContext, store: RedisStore, onEnd: (reason: string) => void) {
    this.#context = context;
    this.#store = store;
    this.#onEnd = onEnd;
    const { limits, timing } = context;
    this.#roomContext = {
      store,
      limits,
      inhabitedMs: Math.max(limits.emptyRoomGraceMs, 2 * timing.processLostMs),
      carrierFor: (code) => this.#carrierFor(code),
      fail: (error) => this.#end(error instanceof Error ? error.message : String(error)),
      deserted: (room) => this.#leave(room),
    };
    store.listen({
      heard: (channel, text) => this.#heard(channel, text),
      lost: (reason) => this.#end(reason),
    });
  }

  /**
   * Opens a session. `onEnd` is called once when it ends by itself.
   *
   * @throws Error with the reason why Redis cannot be used
   */
  static async open(context: RedisContext, onEnd: (reason: string) => void): Promise<RedisSession> {
    const store = await RedisStore.open(context.url, context.timing);
    const session = new RedisSession(context, store, onEnd);
    try {
      await store.subscribe(store.names.process(session.#process));
      await session.#beat();
    } catch (error) {
      session.abandon();
      throw error;
    }
    session.#timer = setInterval(() => void session.#tick(), context.timing.beatMs);
    return session;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  get memberCount(): number {
    let count = 0;
    for (const room of this.#rooms.values()) count += room.size;
    return count;
  }

  /** Seats a member of this process. */
  join(request: JoinMessage, guest: Guest): void {
    const connection = `${this.#process}/${this.#connections++}`;
    // The token stays here: whoever reads Redis should not be able to take anybody's place.
    const token = createHash('sha256').update(request.token).digest('base64url');
    this.#room(request.room).join({ ...request, token }, connection, guest);
  }

  /** Ends it without a word to anybody. */
  abandon(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#store.close();
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.abandon();
    for (const room of this.#rooms.values()) room.end(OUT_OF_REACH);
    this.#onEnd(reason);
  }

  #room(code: string): SharedRoom {
    const room = this.#rooms.get(code) ?? new SharedRoom(code, this.#roomContext);
    this.#rooms.set(code, room);
    return room;
  }

  #leave(room: SharedRoom): void {
    if (this.#rooms.get(room.code) !== room) return;
    this.#rooms.delete(room.code);
    const { fail } = this.#roomContext;
    this.#store.unsubscribe(this.#store.names.room(room.code)).catch(fail);
  }

  #heard(channel: string, text: string): void {
    if (this.#isOver) return;
    const { roomPrefix } = this.#store.names;
    try {
      if (channel.startsWith(roomPrefix)) {
        this.#rooms.get(channel.slice(roomPrefix.length))?.hear(read(readNews, text));
      } else if (text === BEAT) {
        this.#unheardBeats = 0;
      } else {
        const { room, connection, message } = read(readLetter, text);
        this.#rooms.get(room)?.assembly?.deliver(connection, message);
      }
    } catch (error) {
      // A change is missing: the copy of the room would be wrong from here on.
      this.#roomContext.fail(error);
    }
  }

  #carrierFor(code: string): Carrier {
    const { names } = this.#store;
    return {
      // Through Redis even to those who are here: there is one order, for everything and everybody.
      toOne: (connection, message) => {
        const process = connection.slice(0, connection.indexOf('/'));
        const letter = writeLetter(code, connection, encodeMessage(message));
        this.#say(names.process(process), letter);
      },
      toOthers: (connection, message) =>
        this.#say(names.room(code), writeSaid(connection, encodeMessage(message))),
    };
  }

  #say(channel: string, text: string): void {
    if (this.#isOver || this.#store.publish(channel, text)) return;
    this.#context.metrics.count('redis_dropped');
  }

  async #tick(): Promise<void> {
    try {
      if (this.#unheardBeats >= UNHEARD_BEATS_MAX) throw new Error('its channels are silent');
      await this.#beat();
      await this.#declareLost();
    } catch (error) {
      this.#roomContext.fail(error);
    }
  }

  async #beat(): Promise<void> {
    const { timing } = this.#context;
    const inhabited = [...this.#rooms.values()].filter((room) => room.size > 0);
    const { inhabitedMs } = this.#roomContext;
    const missing = await this.#store.beat(
      this.#process,
      inhabited,
      timing.processLostMs,
      inhabitedMs,
    );
    const gone = missing.find((code) => this.#missing.has(code) && this.#rooms.has(code));
    if (gone !== undefined) throw new Error(FORGETFUL);
    this.#missing = new Set(missing);
    this.#unheardBeats++;
    this.#store.publish(this.#store.names.process(this.#process), BEAT);
  }

  /** Members of processes that gave no sign of life are gone. Every process says so, one is first. */
  async #declareLost(): Promise<void> {
    const seats = [...this.#rooms.values()].flatMap((room) =>
      (room.assembly?.room.seats() ?? []).map(({ description, connection }) => ({
        room,
        member: description.member,
        connection,
        process: connection.slice(0, connection.indexOf('/')),
      })),
    );
    const processes = new Set(seats.map(({ process }) => process));
    processes.delete(this.#process);
    const dead = new Set(await this.#store.dead([...processes]));
    if (dead.size === 0) return;
    this.#context.log({ level: 'warn', event: 'processes-lost', processes: dead.size });
    for (const { room, member, connection, process } of seats) {
      if (dead.has(process)) room.depart(member, connection, 'lost');
    }
  }
}

/** What is wrong with a text may quote it, and it has codes of rooms in it: they do not belong into logs. */
function read<Content>(reader: (text: string) => Content, text: string): Content {
  try {
    return reader(text);
  } catch {
    throw new Error('somebody says there what this server cannot read: is it of the same version?');
  }
}
