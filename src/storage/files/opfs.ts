/**
 * Storage in the browser's private file system: two files for each store of a node, with the synchronous access handles that
 * dedicated workers of secure pages have. A flush takes a tenth of a millisecond where a strict transaction of IndexedDB takes a whole one.
 *
 * A handle is exclusive by nature: a second tab cannot open the files, and cannot take them over either.
 */

import { messageOf } from '../../core/errors.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { Store } from '../../core/ports.ts';
import type { SnapshotStore } from '../../core/snapshot-store.ts';
import { StorageError, StorageLost, StorageTaken } from '../../core/storage-error.ts';
import { StoredLog } from '../stored-log.ts';
import { StoredSnapshots } from '../stored-snapshots.ts';
import { FileStore } from './file-store.ts';
import type { StorageFile } from './storage-file.ts';

/** The folder under which all of ours are. */
const FOLDER = 'parley';

/** The lock of a node's folder: whoever holds it open has the storage. */
const OWNER_FILE = 'owner';

/** Whether this is a place where such storage works: a dedicated worker of a secure page. */
export function hasPrivateFiles(): boolean {
  return (
    typeof FileSystemFileHandle !== 'undefined' &&
    'createSyncAccessHandle' in FileSystemFileHandle.prototype &&
    typeof navigator.storage?.getDirectory === 'function'
  );
}

/** The storage of one node. */
export class PrivateFiles {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #owner: FileSystemSyncAccessHandle;
  readonly #stores = new Map<string, FileStore>();
  /** Whether nothing was there when it was opened. */
  readonly isNew: boolean;

  private constructor(
    folder: FileSystemDirectoryHandle,
    owner: FileSystemSyncAccessHandle,
    isNew: boolean,
  ) {
    this.#folder = folder;
    this.#owner = owner;
    this.isNew = isNew;
  }

  /**
   * Opens the storage of a node, or makes it.
   *
   * @param name unique to room, node and key
   * @throws {StorageLost} when it must exist and does not
   * @throws {StorageTaken} when another tab has it open
   * @throws {StorageError} when the browser offers none
   */
  static async open(
    name: string,
    { mustExist = false }: { readonly mustExist?: boolean } = {},
  ): Promise<PrivateFiles> {
    try {
      const root = await navigator.storage.getDirectory();
      const ours = await root.getDirectoryHandle(FOLDER, { create: true });
      const known = await existing(ours, fileName(name));
      if (known === undefined && mustExist) {
        throw new StorageLost(
          `what ${name} had stored is gone: the browser or its user removed it`,
        );
      }
      const folder = known ?? (await ours.getDirectoryHandle(fileName(name), { create: true }));
      return new PrivateFiles(folder, await openHandle(folder, OWNER_FILE), known === undefined);
    } catch (error) {
      throw storageErrorOf(error, name);
    }
  }

  /** Removes the storage of a node that is not open. */
  static async remove(name: string): Promise<void> {
    const root = await navigator.storage.getDirectory();
    const ours = await root.getDirectoryHandle(FOLDER, { create: true });
    if ((await existing(ours, fileName(name))) === undefined) return;
    await ours.removeEntry(fileName(name), { recursive: true });
  }

  /** The key-value store of the algorithm at `path`; the same for the same path. */
  store(path: string): Store {
    const store = this.#stores.get(path) ?? this.#newStore(path);
    this.#stores.set(path, store);
    return store;
  }

  /** The log called `name`. */
  log(name: string): LogStore {
    return new StoredLog(this.store(`log/${name}`));
  }

  /** The snapshots called `name`. */
  snapshots(name: string): SnapshotStore {
    return new StoredSnapshots(this.store(`snapshots/${name}`), name);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#stores.values()].map((store) => store.close()));
    this.#owner.close();
  }

  #newStore(path: string): FileStore {
    return new FileStore({
      kind: 'opfs',
      survives: 'power cut',
      path,
      open: async () => {
        try {
          const names = [`${fileName(path)}.0`, `${fileName(path)}.1`];
          const handles = await Promise.all(names.map((name) => openHandle(this.#folder, name)));
          return handles.map((handle) => new HandleFile(handle)) as [HandleFile, HandleFile];
        } catch (error) {
          throw storageErrorOf(error, path);
        }
      },
    });
  }
}

/** A synchronous access handle as a file of ours. */
class HandleFile implements StorageFile {
  readonly #handle: FileSystemSyncAccessHandle;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
  }

  get size(): number {
    return this.#handle.getSize();
  }

  read(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.#handle.read(bytes, { at }));
  }

  write(at: number, bytes: Uint8Array): void {
    const written = this.#handle.write(bytes, { at });
    if (written !== bytes.length) {
      throw new StorageError(`only ${written} of ${bytes.length} bytes were written`);
    }
  }

  truncate(size: number): void {
    this.#handle.truncate(size);
  }

  flush(): void {
    this.#handle.flush();
  }

  close(): void {
    this.#handle.close();
  }
}

/** Names of files have fewer characters than paths and rooms. */
function fileName(name: string): string {
  return `_${encodeURIComponent(name).replaceAll('.', '%2E').replaceAll('*', '%2A')}`;
}

async function openHandle(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemSyncAccessHandle> {
  const file = await folder.getFileHandle(name, { create: true });
  return file.createSyncAccessHandle();
}

async function existing(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await folder.getDirectoryHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

function storageErrorOf(error: unknown, name: string): StorageError {
  if (error instanceof StorageError) return error;
  if (error instanceof DOMException && error.name === 'NoModificationAllowedError') {
    return new StorageTaken(`another tab uses the storage ${name}`, { cause: error });
  }
  return new StorageError(`there are no private files here: ${messageOf(error)}`, { cause: error });
}
