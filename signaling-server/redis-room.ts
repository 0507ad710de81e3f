/**
 * One room that several processes share, as one of them sees it. It decides by its own copy of the
 * room and asks Redis to make the change; the copy itself changes only when Redis tells that it was
 * made, as in all other processes, and in the same order.
 */
import { Assembly, type Carrier } from '../src/net/signaling/assembly.ts';
import { serverFull, unknownRoom } from '../src/net/signaling/local-rooms.ts';
import type { ErrorCode, JoinMessage, LeaveReason } from '../src/net/signaling/protocol.ts';
import type { Guest, RoomsLimits } from '../src/net/signaling/room-directory.ts';
import { Room, type RoomChange } from '../src/net/signaling/room.ts';
import type { RoomNews } from './redis-records.ts';
import type { RedisStore } from './redis-store.ts';

/** What members hear when Redis is out of reach. */
export const OUT_OF_REACH =
  'This signaling server cannot reach its rooms at the moment. Try again in a few seconds; what is ' +
  'connected goes on meanwhile.';

/** Why a session ends whose rooms are gone. Codes of rooms do not belong into logs. */
export const FORGETFUL = 'it has forgotten a room that members are in (is it short of memory?)';

/**
 * How often a change is decided anew because another process was faster. Each time somebody else
 * made progress, so this many in a row means that something is wrong.
 */
const ATTEMPTS_MAX = 200;

/** Changes that may come while the room is being loaded, which takes milliseconds. */
const EARLY_NEWS_MAX = 10_000;

/** What a shared room needs of its session. */
export interface SharedRoomContext {
  readonly store: Pick<RedisStore, 'names' | 'subscribe' | 'load' | 'change'>;
  readonly limits: RoomsLimits;
  /** For how long a room is kept that members are in: much longer than between two signs of life. */
  readonly inhabitedMs: number;
  readonly carrierFor: (code: string) => Carrier;
  /** Nothing can be relied on any more. */
  readonly fail: (error: unknown) => void;
  /** Nobody is here and nobody is coming. */
  readonly deserted: (room: SharedRoom) => void;
}

/** One shared room. */
export class SharedRoom {
  readonly code: string;
  readonly #context: SharedRoomContext;
  /** Changes that came before the copy was there. */
  readonly #early: RoomNews[] = [];
  readonly #waiting = new Set<() => void>();
  #assembly: Assembly | undefined;
  /** The era of the copy; 0 before a new room's first change. */
  #era = 0;
  /** Tasks run one after the other: each begins where the one before it has led. */
  #tail: Promise<void>;
  #tasks = 0;
  #isOver = false;

  constructor(code: string, context: SharedRoomContext) {
    this.code = code;
    this.#context = context;
    this.#tail = this.#enter();
    this.#tail.catch(context.fail);
  }

  /** Members who are connected to this process. */
  get size(): number {
    return this.#assembly?.size ?? 0;
  }

  /** Which life of the room this is; see `redis-records.ts`. */
  get era(): number {
    return this.#era;
  }

  /** The room and who of it is here; undefined while it is being loaded. */
  get assembly(): Assembly | undefined {
    return this.#assembly;
  }

  /** Seats a member as soon as it is its turn. */
  join(request: JoinMessage, connection: string, guest: Guest): void {
    this.#enqueue(
      () => this.#join(request, connection, guest),
      () => guest.evicted(OUT_OF_REACH),
    );
  }

  /** Empties a seat as soon as it is its turn. */
  depart(member: string, connection: string, reason: LeaveReason): void {
    this.#enqueue(() => this.#depart(member, connection, reason));
  }

  /** Takes what came on the room's channel. */
  hear(news: RoomNews): void {
    if (this.#isOver) return;
    const assembly = this.#assembly;
    if (assembly === undefined) {
      this.#early.push(news);
      if (this.#early.length > EARLY_NEWS_MAX) throw new Error('a room could not be loaded');
      return;
    }
    if (news.kind === 'said') return assembly.announce(news.message, news.exceptConnection);
    const { era, change } = news;
    if (this.#era === 0 && change.version === 1) this.#era = era;
    if (era > this.#era && assembly.size > 0) throw new Error(FORGETFUL);
    // What was in the room already when it was loaded, or before it was forgotten.
    if (era !== this.#era || change.version <= assembly.room.version) return;
    assembly.apply(change);
    for (const wake of this.#waiting) wake();
    this.#leaveIfDeserted();
  }

  /** Everybody here loses the room. */
  end(message: string): void {
    this.#isOver = true;
    this.#assembly?.evictAll(message);
    for (const wake of this.#waiting) wake();
  }

  /** From here on nothing that happens in the room is missed. */
  async #enter(): Promise<void> {
    const { store } = this.#context;
    await store.subscribe(store.names.room(this.code));
    await this.#load();
  }

  async #load(): Promise<void> {
    const { store, limits, carrierFor } = this.#context;
    const state = await store.load(this.code);
    this.#era = state.era;
    const room = new Room(this.code, limits, state);
    this.#assembly = new Assembly(room, carrierFor(this.code), (...departure) =>
      this.depart(...departure),
    );
    for (const news of this.#early.splice(0)) this.hear(news);
  }

  #enqueue(task: () => Promise<void>, givenUp?: () => void): void {
    this.#tasks++;
    this.#tail = this.#tail
      .then(() => {
        if (this.#isOver) throw new Error('the room is over');
        return task();
      })
      .catch((error: unknown) => {
        givenUp?.();
        this.#context.fail(error);
      })
      .then(() => {
        this.#tasks--;
        this.#leaveIfDeserted();
      });
  }

  async #join(request: JoinMessage, connection: string, guest: Guest): Promise<void> {
    const refuse = (code: ErrorCode, message: string): void => {
      this.#assembly?.turnAway(connection);
      guest.refused(code, message);
    };
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const assembly = this.#assembly!;
      const { room } = assembly;
      if (room.version === 0 && request.create === false) {
        return refuse('unknown-room', unknownRoom(this.code));
      }
      const change = room.join(request, connection);
      if ('refused' in change) return refuse(change.refused, change.message);
      assembly.await(connection, guest);
      const outcome = await this.#make(change, false);
      if (outcome === 'made') return;
      if (outcome === 'full') return refuse('server-full', serverFull(this.#context.limits));
    }
    refuse('unavailable', 'Too many are joining this room at the same time. Try again.');
  }

  async #depart(member: string, connection: string, reason: LeaveReason): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const { room } = this.#assembly!;
      const change = room.depart(member, connection, reason);
      if (change === undefined) return;
      if ((await this.#make(change, room.size === 1)) === 'made') return;
    }
    throw new Error('a departure could not be written');
  }

  /** Fulfilled with `made` when everybody here has been told, with `behind` when the copy is newer. */
  async #make(change: RoomChange, isEmpty: boolean): Promise<'made' | 'full' | 'behind'> {
    const { store, limits, inhabitedMs } = this.#context;
    const assembly = this.#assembly!;
    const verdict = await store.change({
      code: this.code,
      era: this.#era,
      change,
      isEmpty,
      keptMs: isEmpty ? limits.emptyRoomGraceMs : inhabitedMs,
      keptMsMax: Math.max(limits.emptyRoomGraceMs, inhabitedMs),
      roomsMax: limits.rooms,
    });
    if (verdict === 'full') return 'full';
    if (verdict === 'made') {
      await this.#reaches(assembly, change.version);
      return 'made';
    }
    if (this.#era === 0 || verdict.era === this.#era) {
      await this.#reaches(assembly, verdict.version);
      return 'behind';
    }
    if (assembly.size > 0) throw new Error(FORGETFUL);
    // Nobody here was in it. It was empty for so long that it was forgotten.
    await this.#load();
    return 'behind';
  }

  async #reaches({ room }: Assembly, version: number): Promise<void> {
    while (room.version < version) {
      if (this.#isOver) throw new Error('the room is over');
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  #leaveIfDeserted(): void {
    if (this.#isOver || this.#tasks > 0 || this.#assembly?.isDeserted !== true) return;
    this.#isOver = true;
    this.#context.deserted(this);
  }
}
