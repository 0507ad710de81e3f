/**
 * A key-value store in two files. What is stored is kept in memory as well, so that reading asks nobody: it is for logs that are compacted
 * and for state that fits, not for archives.
 *
 * Only one of the files is used at a time. Every write is a frame at its end; writes of one turn, and those that come while one is on its
 * way, share a frame. When the file is mostly history, what is left is written to the other file, as the next generation, and is used
 * from the moment at which its last frame is there.
 */

import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import type { Store, Survival } from '../../core/ports.ts';
import { CorruptRecord, StorageError, StorageFull } from '../../core/storage-error.ts';
import type { Value } from '../../core/value.ts';
import { GroupCommit } from '../group-commit.ts';
import { encodeFrame, scanFrames } from './frames.ts';
import type { StorageFile } from './storage-file.ts';

/** A file that is shorter is not worth rewriting. */
export const REWRITE_BYTES_MIN = 64 * 1024;

/** How much longer than what it holds a file gets before it is rewritten. */
const REWRITE_FACTOR = 3;

/** Encoded values by their keys; null removes one. */
type Entries = ReadonlyMap<string, Uint8Array | null>;

/** The file in use. */
interface Current {
  readonly file: StorageFile;
  readonly other: StorageFile;
  readonly generation: number;
  end: number;
  number: number;
}

/** The two files of a store, and what to call it in errors. */
export interface FileStoreOptions {
  readonly kind: string;
  readonly survives: Survival;
  readonly path: string;
  /** Opens both; called once, at the first use. */
  readonly open: () => Promise<readonly [StorageFile, StorageFile]>;
}

/** The store of one path. */
export class FileStore implements Store {
  readonly kind: string;
  readonly survives: Survival;
  readonly #path: string;
  readonly #open: FileStoreOptions['open'];
  readonly #group: GroupCommit<Entries>;
  /** With the writes that are on their way. */
  readonly #values = new Map<string, Uint8Array>();
  #files: ReturnType<FileStoreOptions['open']> | undefined;
  #loading: Promise<Current> | undefined;
  #bytes = 0;

  constructor({ kind, survives, path, open }: FileStoreOptions) {
    this.kind = kind;
    this.survives = survives;
    this.#path = path;
    this.#open = open;
    this.#group = new GroupCommit((writes) => this.#commit(writes));
  }

  async get(key: string): Promise<Value | undefined> {
    await this.#ready();
    const bytes = this.#values.get(key);
    return bytes === undefined ? undefined : decodeCanonical(bytes);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const encoded = new Map(
      Object.entries(entries).map(([key, value]) => [
        key,
        value === undefined ? null : encodeCanonical(value),
      ]),
    );
    await this.#ready();
    if (this.#group.failure === undefined) this.#apply(encoded);
    await this.#group.add(encoded);
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    await this.#ready();
    return [...this.#values.keys()]
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .map((key) => [key, decodeCanonical(this.#values.get(key)!)] as const);
  }

  /** Closes both files, whatever was found in them. */
  async close(): Promise<void> {
    for (const file of (await this.#files) ?? []) file.close();
  }

  #ready(): Promise<Current> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  #apply(entries: Entries): void {
    for (const [key, bytes] of entries) {
      this.#bytes -= this.#values.get(key)?.length ?? 0;
      if (bytes === null) this.#values.delete(key);
      else this.#values.set(key, bytes);
      this.#bytes += bytes?.length ?? 0;
    }
  }

  async #commit(writes: readonly Entries[]): Promise<void> {
    const current = await this.#ready();
    const { file, end } = current;
    const content = encodeEntries(new Map(writes.flatMap((write) => [...write])));
    try {
      const isLong = end + content.length > REWRITE_BYTES_MIN + REWRITE_FACTOR * this.#bytes;
      if (isLong) {
        this.#loading = Promise.resolve(await this.#rewrite(current));
        return;
      }
      const frame = encodeFrame(current.number + 1, content);
      file.write(end, frame);
      await file.flush();
      current.end += frame.length;
      current.number++;
    } catch (error) {
      // What was written of it must not be found by the next life.
      file.truncate(end);
      await file.flush();
      throw storageErrorOf(error);
    }
  }

  /** Begins the next generation in the other file, with what is stored now. */
  async #rewrite({ file, other, generation, number }: Current): Promise<Current> {
    const contents = [
      encodeCanonical({ generation: generation + 1 }),
      encodeEntries(this.#values),
      encodeCanonical({ complete: true }),
    ];
    const frames = contents.map((content, i) => encodeFrame(number + 1 + i, content));
    let end = 0;
    other.truncate(0);
    for (const frame of frames) {
      other.write(end, frame);
      end += frame.length;
    }
    await other.flush();
    file.truncate(0);
    await file.flush();
    return {
      file: other,
      other: file,
      generation: generation + 1,
      end,
      number: number + frames.length,
    };
  }

  async #load(): Promise<Current> {
    this.#files = this.#open();
    const files = await this.#files;
    const found = files.map((file, i) => readGeneration(file, files[1 - i]!, this.#path));
    const whole = found.filter((generation) => generation !== undefined);
    const newest = whole.toSorted((a, b) => b.current.generation - a.current.generation)[0];
    if (newest === undefined) return startFirst(...files);
    const { current, writes } = newest;
    for (const write of writes) this.#apply(write);
    // What a crash tore was promised to nobody.
    current.file.truncate(current.end);
    await current.file.flush();
    return current;
  }
}

/** The first generation is whole when it has begun: nothing was there before it. */
async function startFirst(file: StorageFile, other: StorageFile): Promise<Current> {
  const frame = encodeFrame(1, encodeCanonical({ generation: 1, complete: true }));
  file.truncate(0);
  file.write(0, frame);
  await file.flush();
  return { file, other, generation: 1, end: frame.length, number: 1 };
}

/**
 * What a file holds, if it is a whole generation.
 * @throws {CorruptRecord} when what was promised in it is damaged
 */
function readGeneration(file: StorageFile, other: StorageFile, path: string) {
  const { frames, end, damaged } = scanFrames(file.read(0, file.size));
  if (damaged !== undefined) throw new CorruptRecord(describeDamage(damaged, path), 'is damaged');
  const writes: Entries[] = [];
  let [generation, isWhole] = [0, false];
  for (const { content } of frames) {
    const value = decodeCanonical(content) as { generation?: number; complete?: boolean } | Value[];
    if (Array.isArray(value)) writes.push(new Map(value as [string, Uint8Array | null][]));
    else {
      generation = value.generation ?? generation;
      isWhole ||= value.complete === true;
    }
  }
  if (!isWhole) return undefined;
  const number = frames.at(-1)!.number;
  return { current: { file, other, generation, end, number }, writes };
}

/** Names what a damaged frame was to store, as far as that can still be read. */
function describeDamage(content: Uint8Array, path: string): string {
  try {
    const entries = decodeCanonical(content) as [string, unknown][];
    return `a write of ${entries.map(([key]) => `'${key}'`).join(', ')} of ${path}`;
  } catch {
    return `a write of ${path}`;
  }
}

function encodeEntries(entries: Entries): Uint8Array {
  return encodeCanonical([...entries]);
}

function storageErrorOf(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  if (isFull) return new StorageFull('there is no more space for files', { cause: error });
  return new StorageError(`the file failed: ${messageOf(error)}`, { cause: error });
}
