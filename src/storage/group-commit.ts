/**
 * Group commit: writes that are asked for while an earlier one is on its way share the next trip to the disk. One write alone
 * waits for nobody; under load a trip carries whatever came during the last one, so that throughput grows with what it costs.
 */

import { StorageError, StorageFull } from '../core/storage-error.ts';

interface Waiting<W> {
  readonly write: W;
  readonly resolve: () => void;
  readonly reject: (error: StorageError) => void;
}

/** Brings writes to the disk in their order. */
export class GroupCommit<W> {
  readonly #commit: (writes: readonly W[]) => Promise<void>;
  #waiting: Waiting<W>[] = [];
  #underWay = 0;
  #isScheduled = false;
  #failure: StorageError | undefined;

  /** @param commit makes all of these writes durable, or none of them */
  constructor(commit: (writes: readonly W[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Why nothing can be written any more; undefined while all is well. */
  get failure(): StorageError | undefined {
    return this.#failure;
  }

  /** Takes writes again when the disk was full: whoever calls this writes what was refused. False for other failures. */
  resume(): boolean {
    if (!(this.#failure instanceof StorageFull) || this.#underWay > 0) return false;
    this.#failure = undefined;
    return true;
  }

  /** Fulfilled when the write, and every one before it, is durable. */
  add(write: W): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
    });
    if (this.#underWay === 0 && !this.#isScheduled) {
      this.#isScheduled = true;
      // What else is written in this turn comes along.
      queueMicrotask(() => {
        this.#isScheduled = false;
        this.flush();
      });
    }
    return done;
  }

  /** Sends what waits on its way now, behind what is on its way already: a read that follows must see it. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#underWay++;
    this.#commit(group.map(({ write }) => write)).then(
      () => {
        this.#underWay--;
        // An earlier group that failed has taken this one's foundation away, whatever the disk says.
        if (this.#failure !== undefined) this.#reject(group, this.#failure);
        else for (const { resolve } of group) resolve();
        if (this.#underWay === 0) this.flush();
      },
      (error: unknown) => {
        this.#underWay--;
        this.#failure ??=
          error instanceof StorageError ? error : new StorageError(String(error), { cause: error });
        this.#reject([...group, ...this.#waiting], this.#failure);
        this.#waiting = [];
      },
    );
  }

  #reject(group: readonly Waiting<W>[], error: StorageError): void {
    for (const { reject } of group) reject(error);
  }
}
