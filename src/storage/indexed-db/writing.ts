/** Transactions that write: fenced, with the durability that was asked for, all or nothing. */

import type { IDBPObjectStore } from 'idb';
import { StorageTaken } from '../../core/storage-error.ts';
import { storageErrorOf, type Database, type NodeDatabase } from './database.ts';
import type { FencedTransaction, Ownership } from './ownership.ts';

/** What the completion of a transaction is worth: handed to the disk (`strict`), or to the operating system (`relaxed`). */
export type Durability = 'strict' | 'relaxed';

/** An open database with the right to write to it. */
export interface Writable {
  readonly database: Database;
  readonly ownership: Ownership;
  readonly durability: Durability;
}

/** The values, in a transaction. */
export type Values = IDBPObjectStore<NodeDatabase, ('values' | 'owners')[], 'values', 'readwrite'>;

/**
 * Runs one transaction; fulfilled when it is as durable as was asked for.
 *
 * @param make asks for the writes: all of them are done, in their order, or none
 * @throws {StorageError} when the transaction was aborted: nothing of it was stored
 */
export async function write(
  { database, ownership, durability }: Writable,
  make: (values: Values) => Iterable<Promise<unknown>>,
): Promise<void> {
  try {
    const transaction = database.transaction(['values', 'owners'], 'readwrite', { durability });
    const { done } = transaction;
    const mayWrite = ownership.check(transaction);
    mayWrite.catch(() => undefined);
    const requests = asked(transaction, make);
    // A request that fails aborts the transaction, and then `done` says why: the single requests need not.
    await Promise.allSettled([mayWrite, done, ...requests]);
    await mayWrite.catch((error: unknown) => {
      if (error instanceof StorageTaken) throw error;
    });
    await done;
  } catch (error) {
    throw storageErrorOf(error);
  }
}

/** Asks for the writes; when that fails in the middle, the first of them must not stay. */
function asked(
  transaction: FencedTransaction,
  make: (values: Values) => Iterable<Promise<unknown>>,
): readonly Promise<unknown>[] {
  const requests: Promise<unknown>[] = [];
  try {
    for (const request of make(transaction.objectStore('values'))) requests.push(request);
    return requests;
  } catch (error) {
    void Promise.allSettled([transaction.done, ...requests]);
    transaction.abort();
    throw error;
  }
}
