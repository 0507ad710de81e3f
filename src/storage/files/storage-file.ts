/** A file as a store needs it: the calls of a browser's synchronous access handle, of which only `flush` may take its time. */

/** An open file. Nobody else has it open. */
export interface StorageFile {
  readonly size: number;
  /** The bytes from `at` on, as many as there are of `length`. */
  read(at: number, length: number): Uint8Array;
  /** Writes over what is there, and makes the file longer where that is needed. */
  write(at: number, bytes: Uint8Array): void;
  truncate(size: number): void;
  /** When it is fulfilled, everything before is durable. */
  flush(): Promise<void> | void;
  close(): void;
}
