/** What goes wrong with storage. A node whose storage fails has to stop: it could break a promise that it gave. */

/** Storage failed, and what was to be written is not there. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError';
}

/** The browser gives this origin no more space, or the disk is full. */
export class StorageFull extends StorageError {
  override readonly name = 'StorageFull';
}

/** Another tab uses the storage of this node: two nodes with one memory would both believe to be the one that voted. */
export class StorageTaken extends StorageError {
  override readonly name = 'StorageTaken';
}

/** Storage of an earlier life was expected, and there is none: the browser or the user removed it. What the node promised is forgotten. */
export class StorageLost extends StorageError {
  override readonly name = 'StorageLost';
}

/** Something that was stored is not what comes back: its checksum is wrong, or it is missing. */
export class CorruptRecord extends StorageError {
  override readonly name = 'CorruptRecord';
  /** Where: the name of the log or snapshot, and the record in it. */
  readonly place: string;

  constructor(place: string, problem: string) {
    super(`${place} ${problem}`);
    this.place = place;
  }
}
