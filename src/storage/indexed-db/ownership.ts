/**
 * Who may write to a node's database. Two tabs with one memory would be two nodes that both believe to be the one that voted.
 *
 * The token in the database is the fence: every write looks, in its own transaction, whether the token is still that of its tab, so that a
 * tab that was superseded cannot write any more, however late it notices. Whether the other tab is still there is another
 * question, and matters only to those who would rather give way: a Web Lock answers it, or, on plain-http pages of a LAN, which have no
 * locks, a lease that its holder renews. All tabs of one browser read the same clock.
 */

import { StorageTaken } from '../../core/storage-error.ts';
import type { IDBPTransaction } from 'idb';
import type { Database, NodeDatabase, Owner } from './database.ts';

/** A tab that has not renewed its lease for so long is gone. Longer than a hidden tab's timers may sleep in a worker. */
export const LEASE_MS = 10_000;

/** What a tab does when another one uses the storage. */
export type OwnershipPolicy =
  /** It takes over, and the other one's writes fail: a duplicated or reloaded tab is the newer incarnation. */
  | 'take'
  /** It gives way. */
  | 'refuse';

/** A transaction that writes, and that looks whether it may. */
export type FencedTransaction = IDBPTransaction<NodeDatabase, ('values' | 'owners')[], 'readwrite'>;

/** The claim of one tab to one database. */
export class Ownership {
  readonly #database: Database;
  readonly #token: string;
  readonly #release: (() => void) | undefined;
  #renewal: ReturnType<typeof setInterval> | undefined;

  private constructor(database: Database, token: string, release: (() => void) | undefined) {
    this.#database = database;
    this.#token = token;
    this.#release = release;
  }

  /**
   * Claims the database.
   * @throws {StorageTaken} when another tab has it, with the policy `refuse`
   */
  static async claim(database: Database, policy: OwnershipPolicy): Promise<Ownership> {
    const token = drawToken();
    const release = await lock(database.name, policy);
    const ownership = new Ownership(database, token, release);
    const transaction = database.transaction('owners', 'readwrite');
    const current = await transaction.store.get('owner');
    const isHeld = release === undefined && current !== undefined && current.untilMs > Date.now();
    if (isHeld && policy === 'refuse') throw taken(database.name);
    await transaction.store.put(ownership.#lease(), 'owner');
    await transaction.done;
    if (release === undefined) {
      ownership.#renewal = setInterval(() => void ownership.#renew(), LEASE_MS / 3);
    }
    return ownership;
  }

  /** Aborts a transaction that this tab may not make any more. @throws {StorageTaken} */
  async check(transaction: FencedTransaction): Promise<void> {
    const current = await transaction.objectStore('owners').get('owner');
    if (current?.token === this.#token) return;
    transaction.abort();
    throw taken(this.#database.name);
  }

  /** Gives it up. Others need not wait for the lease to end. */
  release(): void {
    clearInterval(this.#renewal);
    this.#release?.();
    if (this.#release === undefined) void this.#write({ token: this.#token, untilMs: 0 });
  }

  #lease(): Owner {
    return { token: this.#token, untilMs: Date.now() + LEASE_MS };
  }

  async #renew(): Promise<void> {
    if (!(await this.#write(this.#lease()))) clearInterval(this.#renewal);
  }

  /** False when it is no longer ours, or the database is closed: then the next write says so. */
  async #write(owner: Owner): Promise<boolean> {
    try {
      const transaction = this.#database.transaction('owners', 'readwrite');
      const current = await transaction.store.get('owner');
      if (current?.token !== this.#token) return false;
      await transaction.store.put(owner, 'owner');
      await transaction.done;
      return true;
    } catch {
      return false;
    }
  }
}

function taken(name: string): StorageTaken {
  return new StorageTaken(`another tab uses the storage ${name}`);
}

/** Holds the Web Lock of this name until it is released. Undefined where the browser has no locks. */
async function lock(name: string, policy: OwnershipPolicy): Promise<(() => void) | undefined> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined) return undefined;
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  await new Promise<void>((resolve, reject) => {
    const options = policy === 'take' ? { steal: true } : { ifAvailable: true };
    locks
      .request(name, options, (held) => {
        if (held === null) reject(taken(name));
        else resolve();
        return held === null ? undefined : released;
      })
      // Whoever steals the lock rejects our request; the fence tells us when we write.
      .catch(() => undefined);
  });
  return release;
}

/** Unique among tabs; plain-http pages have no randomUUID. */
function drawToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
