/** Where stretches of a long run are kept while the run is on show: a database of the browser, which is gone with the page. */

import type { TraceEvent } from '../../core/trace.ts';

/** Keeps stretches by their number. */
export interface StretchStore {
  /** @throws by rejection, when there is no more room */
  put(stretch: number, events: readonly TraceEvent[]): Promise<void>;
  /** @throws by rejection, when it is not there */
  get(stretch: number): Promise<TraceEvent[]>;
  forget(stretch: number): Promise<void>;
  /** Deletes all of it. */
  close(): Promise<void>;
}

/** Events written in one go: the page stands still for a few milliseconds while they are copied. */
const SLICE_LENGTH = 2000;

const PREFIX = 'parley-run-';
const STORE = 'slices';

/** Opens an empty store; what pages that are gone have left is deleted. @throws by rejection, where the browser allows no database */
export async function openStretchStore(): Promise<StretchStore> {
  const { openDB, deleteDB } = await import('idb');
  const name = `${PREFIX}${[...crypto.getRandomValues(new Uint32Array(4))].join('-')}`;
  const release = await holdLock(name);
  void sweep(deleteDB);
  const database = await openDB(name, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore(STORE);
    },
  });
  const close = async () => {
    removeEventListener('pagehide', onPageHide);
    database.close();
    await deleteDB(name);
    release();
  };
  const onPageHide = ({ persisted }: PageTransitionEvent) => {
    // A page that may come back keeps what it shows.
    if (!persisted) void close();
  };
  addEventListener('pagehide', onPageHide);
  const rangeOf = (stretch: number) => IDBKeyRange.bound([stretch], [stretch, []]);
  return {
    async put(stretch, events) {
      for (let at = 0; at < events.length; at += SLICE_LENGTH) {
        await database.put(STORE, events.slice(at, at + SLICE_LENGTH), [stretch, at]);
      }
    },
    async get(stretch) {
      const slices = (await database.getAll(STORE, rangeOf(stretch))) as TraceEvent[][];
      if (slices.length === 0) throw new Error('This part of the run is no longer kept.');
      return slices.flat();
    },
    async forget(stretch) {
      await database.delete(STORE, rangeOf(stretch));
    },
    close,
  };
}

/** A lock that lives as long as the page tells others that its database is in use. Pages without locks keep theirs until they close. */
async function holdLock(name: string): Promise<() => void> {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined) return () => {};
  return new Promise((resolve) => {
    void locks.request(name, () => new Promise<void>((release) => resolve(release)));
  });
}

async function sweep(deleteDB: (name: string) => Promise<void>): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined || indexedDB.databases === undefined) return;
  const [{ held = [] }, databases] = await Promise.all([locks.query(), indexedDB.databases()]);
  const alive = new Set(held.map(({ name }) => name));
  for (const { name = '' } of databases) {
    if (name.startsWith(PREFIX) && !alive.has(name)) await deleteDB(name).catch(() => {});
  }
}
