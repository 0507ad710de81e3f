/** What a storage must offer to be tried: ways to open it, and ways to hurt it. */

import type { Store } from '../../core/ports.ts';

/** What the world around a storage can do; each is the reason for some of the cases. */
export type Ability =
  /** What was stored is there when it is opened again. */
  | 'reopen'
  /** A write can be made to fail. */
  | 'fail'
  /** The disk can be full. */
  | 'fill'
  /** A stored entry can be damaged. */
  | 'damage'
  /** Everything can be removed behind the storage's back, and `mustExist` asks about it. */
  | 'evict'
  /** It can be opened twice, as by two tabs: the later one has it, and `mayTake: false` gives way. */
  | 'contend';

/** How storage is opened. */
export interface OpenOptions {
  /** Refuses storage of which nothing is left. */
  readonly mustExist?: boolean;
  /** False: gives way to another tab that has it open. */
  readonly mayTake?: boolean;
}

/** The storage of one node, as one tab has it open. */
export interface OpenStorage {
  /** The same store for the same path. */
  store(path: string): Store;
  close(): unknown;
}

/** The place where the storage of one node is: a database, a disk, a folder. */
export interface StorageWorld {
  /** Opens the storage, as a tab does when it starts. */
  open(options?: OpenOptions): Promise<OpenStorage>;
  /** `fail`: the next transaction is aborted. */
  failNext?(): void;
  /** `fill`: there is no space from now on. */
  fill?(): void;
  /** `damage`: changes a bit of what is stored under this key. Nothing is open meanwhile. */
  damage?(path: string, key: string): Promise<void> | void;
  /** `evict`: removes everything. Nothing is open meanwhile. */
  evict?(): Promise<void> | void;
  /** Removes what the case left. */
  dispose(): unknown;
}

/** Makes worlds, each of them empty. */
export interface WorldMaker {
  readonly abilities: readonly Ability[];
  readonly make: () => Promise<StorageWorld>;
}

/** One promise of a storage. */
export interface StorageCase {
  readonly name: string;
  readonly needs?: readonly Ability[];
  readonly run: (world: StorageWorld) => Promise<void>;
}
