/**
 * A node's place in a cluster, as this browser remembers it: one database with its log, its key, and the keys of the others. Who has the database
 * has the place, and one tab at a time has it.
 */

import type { NodeId } from '../../../core/id.ts';
import { StorageLost, StorageTaken } from '../../../core/storage-error.ts';
import { newKeyPair } from '../../../net/ed25519.ts';
import { toHex } from '../../../net/hex.ts';
import { DATABASE_PREFIX } from '../../../storage/indexed-db/database.ts';
import { NodeStorage } from '../../../storage/indexed-db/node-storage.ts';
import type { Durability } from '../../../storage/indexed-db/writing.ts';
import { Roster } from './roster.ts';

/** Who a node is, in the room and to the others. */
export interface SeatIdentity {
  readonly member: string;
  /** Proves to the signaling server that a later join is the same node's. */
  readonly token: string;
  readonly secretKey: Uint8Array;
  /** Grows with every start. */
  readonly incarnation: number;
}

/** A place that this tab has. */
export class Seat {
  readonly id: NodeId;
  readonly storage: NodeStorage;
  readonly identity: SeatIdentity;
  readonly roster: Roster;
  readonly #name: string;

  private constructor(
    id: NodeId,
    name: string,
    storage: NodeStorage,
    identity: SeatIdentity,
    roster: Roster,
  ) {
    this.id = id;
    this.storage = storage;
    this.identity = identity;
    this.roster = roster;
    this.#name = name;
  }

  /**
   * Takes the place `id` of a cluster.
   *
   * @param owned `take`: from another tab that seems to have it
   * @throws {StorageTaken} when another tab has it
   */
  static async open(
    { name, durability }: SeatPlace,
    id: NodeId,
    owned: 'take' | 'refuse',
  ): Promise<Seat> {
    const database = `${name}/${id}`;
    const storage = await NodeStorage.open(database, { durability, owned });
    const store = storage.store('identity');
    const stored = (await store.get('self')) as unknown as SeatIdentity | undefined;
    const identity =
      stored === undefined ? newIdentity() : { ...stored, incarnation: stored.incarnation + 1 };
    await store.put('self', identity);
    const roster = await Roster.open(storage.store('roster'));
    // Without the roster the log promises nothing; with it, a log that is gone is a memory that is gone.
    if (roster.isFounded && stored === undefined) {
      storage.close();
      throw new StorageLost(`what ${id} had stored is damaged: it has forgotten who it is`);
    }
    return new Seat(id, database, storage, identity, roster);
  }

  /** Gives the place up; what is stored stays. */
  close(): void {
    this.storage.close();
  }

  /** Gives up a place that was never one of a founded cluster, and leaves nothing behind. */
  discard(): void {
    this.close();
    if (!this.roster.isFounded) indexedDB.deleteDatabase(DATABASE_PREFIX + this.#name);
  }
}

/** Where the places of a cluster are kept. */
export interface SeatPlace {
  /** Of the cluster, unique among those of this browser. */
  readonly name: string;
  readonly durability: Durability;
}

/** Milliseconds between looks whether a tab that is being reloaded has let go of its place, and how often one looks. */
const RETRY = { everyMs: 100, times: 20 };

/**
 * The places that this tab can have, best first: the one that it had before it was reloaded, those that this browser remembers and no tab has, and
 * those that it does not know. A place is open while it is the turn's; whoever does not want it closes it.
 */
export async function* openSeats(
  place: SeatPlace,
  ids: readonly NodeId[],
  wanted: NodeId | undefined,
): AsyncGenerator<Seat> {
  const own = wanted ?? rememberedSeat(place.name);
  if (own !== undefined && ids.includes(own)) {
    const seat = await openOwn(place, own);
    if (seat !== undefined) yield seat;
  }
  if (wanted !== undefined) return;
  const known = await knownSeats(place.name);
  const others = ids.filter((id) => id !== own);
  const inTurn = [
    ...others.filter((id) => known.has(id)),
    ...others.filter((id) => !known.has(id)),
  ];
  for (const id of inTurn) {
    const seat = await unlessTaken(Seat.open(place, id, 'refuse'));
    if (seat !== undefined) yield seat;
  }
}

/** Without locks a reloaded tab cannot know whether its former self is gone: the fence in the database sees to it that it writes no more. */
async function openOwn(place: SeatPlace, id: NodeId): Promise<Seat | undefined> {
  const hasLocks = (globalThis.navigator?.locks as LockManager | undefined) !== undefined;
  for (let tries = 0; tries < RETRY.times; tries++) {
    const seat = await unlessTaken(Seat.open(place, id, hasLocks ? 'refuse' : 'take'));
    if (seat !== undefined) return seat;
    await new Promise((resolve) => setTimeout(resolve, RETRY.everyMs));
  }
  return undefined;
}

async function unlessTaken(opening: Promise<Seat>): Promise<Seat | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof StorageTaken) return undefined;
    throw error;
  }
}

async function knownSeats(name: string): Promise<ReadonlySet<NodeId>> {
  const prefix = `${DATABASE_PREFIX}${name}/`;
  // Older browsers cannot list their databases; then the places are tried in their order.
  const databases = (await indexedDB.databases?.()) ?? [];
  const names = databases.map((database) => database.name ?? '');
  return new Set(
    names.filter((found) => found.startsWith(prefix)).map((found) => found.slice(prefix.length)),
  );
}

function newIdentity(): SeatIdentity {
  const random = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)));
  const { secretKey } = newKeyPair();
  return { member: random(8), token: random(16), secretKey, incarnation: 1 };
}

/** Remembers which place this tab has, for when it is reloaded. */
export function rememberSeat(name: string, id: NodeId): void {
  try {
    sessionStorage.setItem(`parley/${name}`, id);
  } catch {
    // Private windows of some browsers refuse; then the tab takes any place that its browser remembers.
  }
}

function rememberedSeat(name: string): NodeId | undefined {
  try {
    return sessionStorage.getItem(`parley/${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
