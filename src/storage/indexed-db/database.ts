/** The database of one node: its layout, its versions, and what its errors mean. */

import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import { encodeCanonical } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import { StorageError, StorageFull } from '../../core/storage-error.ts';
import { placeOf, seal } from '../sealed.ts';
import { LOG_STATE_KEY, recordKey } from '../stored-log.ts';

/** Layout 2: everything is an entry of a store, sealed. */
export interface NodeDatabase extends DBSchema {
  /** Keyed by path and key. */
  values: { key: [path: string, key: string]; value: Uint8Array };
  /** Who may write, under the one key `owner`. */
  owners: { key: string; value: Owner };
}

/** Who may write to the database. */
export interface Owner {
  /** Drawn by the tab that opened it last. */
  readonly token: string;
  /** Until when it counts as alive where the browser has no locks, in milliseconds of the machine's clock. */
  readonly untilMs: number;
}

/** Layout 1 had no checksums, and logs of their own. */
interface FirstLayout extends DBSchema {
  values: { key: [path: string, key: string]; value: Uint8Array };
  records: { key: [log: string, index: number]; value: Uint8Array };
  /** Index of the first record that a log keeps, once it was compacted. */
  firsts: { key: string; value: number };
}

/** Names of all databases of ours begin with it. */
export const DATABASE_PREFIX = 'parley/';

const VERSION = 2;

/** An open database. */
export type Database = IDBPDatabase<NodeDatabase>;

type Upgrade<L extends DBSchema> = IDBPTransaction<L, StoreNames<L>[], 'versionchange'>;

/** The path under which a log that belongs to no algorithm keeps its records. */
export function logPath(name: string): string {
  return `log/${name}`;
}

/**
 * Opens a database, makes it, or brings it to the layout of today.
 *
 * @throws {StorageError} when the browser offers none, or when it was made by a newer Parley
 */
export async function openDatabase(
  name: string,
): Promise<{ readonly database: Database; readonly isNew: boolean }> {
  let isNew = false;
  try {
    const database = await openDB<NodeDatabase>(DATABASE_PREFIX + name, VERSION, {
      upgrade: (created, oldVersion, _newVersion, transaction) => {
        isNew = oldVersion === 0;
        if (isNew) created.createObjectStore('values');
        created.createObjectStore('owners');
        if (isNew) return;
        const old = transaction as unknown as Upgrade<FirstLayout>;
        // Half an upgrade would be a loss: what goes wrong leaves the old layout as it was, and the opening fails.
        old.done.catch(() => undefined);
        upgradeFirstLayout(old).catch(() => old.abort());
      },
      // Another tab wants to delete or upgrade it: it must not wait for us.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return { database, isNew };
  } catch (error) {
    if (error instanceof Error && error.name === 'VersionError') {
      const text = `the storage ${name} was made by a newer version of Parley`;
      throw new StorageError(text, { cause: error });
    }
    throw storageErrorOf(error);
  }
}

/** Every value gets its checksum, and the records of logs become values. */
async function upgradeFirstLayout(transaction: Upgrade<FirstLayout>): Promise<void> {
  const values = transaction.objectStore('values');
  for (let old = await values.openCursor(); old !== null; old = await old.continue()) {
    await old.update(seal(old.value, placeOf(...old.key)));
  }
  const records = transaction.objectStore('records');
  const bounds = new Map<string, { first: number; last: number }>();
  for (let old = await records.openCursor(); old !== null; old = await old.continue()) {
    const [log, index] = old.key;
    const key = [logPath(log), recordKey(index)] as [string, string];
    await values.put(seal(old.value, placeOf(...key)), key);
    bounds.set(log, { first: bounds.get(log)?.first ?? index, last: index });
  }
  const firsts = transaction.objectStore('firsts');
  for (let old = await firsts.openCursor(); old !== null; old = await old.continue()) {
    bounds.set(old.key, { last: old.value - 1, ...bounds.get(old.key), first: old.value });
  }
  for (const [log, state] of bounds) {
    const key = [logPath(log), LOG_STATE_KEY] as [string, string];
    await values.put(seal(encodeCanonical({ ...state, metadata: {} }), placeOf(...key)), key);
  }
  transaction.db.deleteObjectStore('records');
  transaction.db.deleteObjectStore('firsts');
}

/** What the database's error means to a node. */
export function storageErrorOf(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return new StorageFull('the browser gives this page no more space', { cause: error });
  }
  if (name === 'InvalidStateError') {
    const text = 'the database was closed: it was deleted, or another tab has a newer version';
    return new StorageError(text, { cause: error });
  }
  return new StorageError(`the database failed: ${messageOf(error)}`, { cause: error });
}
