/**
 * What a tab finds again after a reload: one database for each node of each room, with everything in it that its algorithms store, so that
 * a batch is one transaction.
 */

import type { LogStore } from '../../core/log-store.ts';
import type { Store } from '../../core/ports.ts';
import type { SnapshotStore } from '../../core/snapshot-store.ts';
import { StorageLost } from '../../core/storage-error.ts';
import { StoredLog } from '../stored-log.ts';
import { StoredSnapshots } from '../stored-snapshots.ts';
import { logPath, openDatabase, storageErrorOf } from './database.ts';
import { IndexedDbStore } from './indexed-db-store.ts';
import { JournalStore } from './journal-store.ts';
import { Ownership, type OwnershipPolicy } from './ownership.ts';
import type { Durability, Writable } from './writing.ts';

/** How a node's storage is opened. */
export interface StorageOptions {
  /** `strict` unless given: a write is fulfilled when the browser has handed it to the disk. */
  readonly durability?: Durability;
  /** `take` unless given. */
  readonly owned?: OwnershipPolicy;
  /** Whether there must be something from an earlier life of the node. */
  readonly mustExist?: boolean;
}

/** The storage of one node. */
export class NodeStorage {
  readonly #writable: Writable;
  readonly #stores = new Map<string, IndexedDbStore>();
  readonly #journals = new Map<string, JournalStore>();
  /** Whether nothing was there when it was opened: a new node, or one whose storage was removed. */
  readonly isNew: boolean;

  private constructor(writable: Writable, isNew: boolean) {
    this.#writable = writable;
    this.isNew = isNew;
  }

  /**
   * Opens the storage of a node, or makes it.
   *
   * @param name unique to room, node and key
   * @throws {StorageLost} when it must exist and does not: the browser evicted it, or the user removed it
   * @throws {StorageTaken} when another tab has it and `owned` is `refuse`
   * @throws {StorageError} when the browser offers none
   */
  static async open(name: string, options: StorageOptions = {}): Promise<NodeStorage> {
    const { durability = 'strict', owned = 'take', mustExist = false } = options;
    const { database, isNew } = await openDatabase(name);
    try {
      if (isNew && mustExist) {
        throw new StorageLost(
          `what ${name} had stored is gone: the browser or its user removed it`,
        );
      }
      const ownership = await Ownership.claim(database, owned);
      return new NodeStorage({ database, ownership, durability }, isNew);
    } catch (error) {
      database.close();
      // Nothing may be left behind: the next start would take an empty database for the node's memory.
      if (error instanceof StorageLost) indexedDB.deleteDatabase(database.name);
      throw storageErrorOf(error);
    }
  }

  /** The key-value store of the algorithm at `path`; the same for the same path. */
  store(path: string): Store {
    const store = this.#stores.get(path) ?? new IndexedDbStore(this.#writable, path);
    this.#stores.set(path, store);
    return store;
  }

  /** As {@link store}, for what is written often and read once: everything that is written together is one record. It takes over what a store of the same path has. */
  journal(path: string): Store {
    const journal = this.#journals.get(path) ?? new JournalStore(this.#writable, path);
    this.#journals.set(path, journal);
    return journal;
  }

  /** The log called `name`. */
  log(name: string): LogStore {
    return new StoredLog(this.store(logPath(name)));
  }

  /** The snapshots called `name`. */
  snapshots(name: string): SnapshotStore {
    return new StoredSnapshots(this.store(`snapshots/${name}`), name);
  }

  close(): void {
    this.#writable.ownership.release();
    this.#writable.database.close();
  }
}
