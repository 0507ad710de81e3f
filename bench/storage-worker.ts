/** In a worker: how long writes take in each store, and how many of them there are in a second. */

import type { Store } from '../src/core/ports.ts';
import { hasPrivateFiles, PrivateFiles } from '../src/storage/files/opfs.ts';
import { NodeStorage } from '../src/storage/indexed-db/node-storage.ts';
import { MemoryStore } from '../src/storage/memory.ts';

/** What is measured. */
export type StoreName = 'memory' | 'strict' | 'relaxed' | 'opfs' | 'raw strict' | 'raw relaxed';

/** Times of one store. */
export interface StorageFigures {
  /** Milliseconds of each write, the next begun when it was durable. */
  readonly oneByOneMs: readonly number[];
  /** Writes a second with {@link UNDER_WAY} of them under way. */
  readonly together: number;
  /** Records a second, a hundred in each write, one write after the other. */
  readonly inHundreds: number;
}

const RECORD_BYTES = 256;
const ONE_BY_ONE = 300;
const TOGETHER = 3000;
const UNDER_WAY = 64;
const HUNDREDS = 40;

/** Stores several records in one write. */
type Write = (keys: readonly string[]) => Promise<unknown>;

globalThis.onmessage = async ({ data }: MessageEvent<StoreName>) => {
  try {
    postMessage(await measure(data));
  } catch (error) {
    postMessage(String(error));
  }
};

async function measure(name: StoreName): Promise<StorageFigures | undefined> {
  if (name === 'opfs' && !hasPrivateFiles()) return undefined;
  const record = crypto.getRandomValues(new Uint8Array(RECORD_BYTES));
  const { write, close } = await open(name, record);
  for (let i = 0; i < 20; i++) await write([`warm ${i}`]);
  const oneByOneMs: number[] = [];
  for (let i = 0; i < ONE_BY_ONE; i++) {
    const beganMs = performance.now();
    await write([`one ${i}`]);
    oneByOneMs.push(performance.now() - beganMs);
  }
  const beganMs = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < TOGETHER) await write([`together ${next++}`]);
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, lane));
  const togetherMs = performance.now() - beganMs;
  const hundredsBeganMs = performance.now();
  for (let i = 0; i < HUNDREDS; i++) {
    await write(Array.from({ length: 100 }, (_, j) => `hundred ${i} ${j}`));
  }
  const hundredsMs = performance.now() - hundredsBeganMs;
  await close();
  return {
    oneByOneMs,
    together: (TOGETHER / togetherMs) * 1000,
    inHundreds: ((HUNDREDS * 100) / hundredsMs) * 1000,
  };
}

async function open(
  name: StoreName,
  record: Uint8Array,
): Promise<{ readonly write: Write; readonly close: () => unknown }> {
  const unique = `bench ${name} ${performance.timeOrigin}`;
  const through = (store: Store, close: () => unknown) => ({
    write: (keys: readonly string[]) =>
      store.putAll(Object.fromEntries(keys.map((key) => [key, record]))),
    close,
  });
  switch (name) {
    case 'memory':
      return through(new MemoryStore(), () => undefined);
    case 'opfs': {
      const files = await PrivateFiles.open(unique);
      return through(files.store('bench'), async () => {
        await files.close();
        await PrivateFiles.remove(unique);
      });
    }
    case 'strict':
    case 'relaxed': {
      const storage = await NodeStorage.open(unique, { durability: name });
      return through(storage.store('bench'), () => storage.close());
    }
    case 'raw strict':
    case 'raw relaxed': {
      const durability = name === 'raw strict' ? 'strict' : 'relaxed';
      return bare(unique, durability, record);
    }
  }
}

/** A transaction for each write, and nothing else. */
async function bare(name: string, durability: 'strict' | 'relaxed', record: Uint8Array) {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore('values');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
  const write: Write = (keys) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('values', 'readwrite', { durability });
      const values = transaction.objectStore('values');
      for (const key of keys) values.put(record, key);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error!);
    });
  return { write, close: () => database.close() };
}
