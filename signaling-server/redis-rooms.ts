/**
 * Rooms that several processes of the server share through Redis, so that members meet whichever of
 * them they are connected to. The rules are those of `src/net/signaling/room.ts`; start reading with
 * `redis-session.ts`, which says what happens when Redis is lost, and `redis-records.ts`, which says
 * what is on it.
 */
import { Backoff } from '../src/net/signaling/backoff.ts';
import type { JoinMessage } from '../src/net/signaling/protocol.ts';
import type { Guest, RoomDirectory } from '../src/net/signaling/room-directory.ts';
import { isRedisAddress } from './redis-address.ts';
import { OUT_OF_REACH } from './redis-room.ts';
import { RedisSession, type RedisContext } from './redis-session.ts';

const WRONG_ADDRESS =
  'the address of Redis must look like redis://localhost:6379, or rediss://… with TLS';

/** Rooms on Redis, as one process reaches them. */
export class RedisRooms implements RoomDirectory {
  readonly #context: RedisContext;
  readonly #backoff: Backoff;
  #session: RedisSession | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(context: RedisContext) {
    this.#context = context;
    const { retryMsMin, retryMsMax } = context.timing;
    this.#backoff = new Backoff({
      delayMsMin: retryMsMin,
      delayMsMax: retryMsMax,
      random: Math.random,
    });
  }

  /**
   * Looks for Redis once, and again and again when it does not answer: a server may start first.
   *
   * @throws RangeError when the address is none of a Redis
   */
  static async open(context: RedisContext): Promise<RedisRooms> {
    // Without the address: it may hold a password.
    if (!isRedisAddress(context.url)) throw new RangeError(WRONG_ADDRESS);
    const rooms = new RedisRooms(context);
    await rooms.#open();
    return rooms;
  }

  get isReachable(): boolean {
    return this.#session !== undefined;
  }

  get roomCount(): number {
    return this.#session?.roomCount ?? 0;
  }

  get memberCount(): number {
    return this.#session?.memberCount ?? 0;
  }

  join(request: JoinMessage, guest: Guest): void {
    if (this.#session === undefined) guest.evicted(OUT_OF_REACH);
    else this.#session.join(request, guest);
  }

  /** Redis forgets them by itself. */
  forgetEmptyRooms(): void {}

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    this.#session?.abandon();
    this.#session = undefined;
  }

  async #open(): Promise<void> {
    const { log } = this.#context;
    try {
      const session = await RedisSession.open(this.#context, (reason) => this.#lost(reason));
      if (this.#isClosed) return session.abandon();
      this.#session = session;
      this.#backoff.reset();
      log({ level: 'info', event: 'redis-found' });
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error));
    }
  }

  #lost(reason: string): void {
    this.#session = undefined;
    if (this.#isClosed) return;
    this.#context.metrics.count('redis_lost');
    this.#context.log({ level: 'warn', event: 'redis-lost', reason });
    this.#retryTimer = setTimeout(() => void this.#open(), this.#backoff.nextDelayMs());
  }
}
