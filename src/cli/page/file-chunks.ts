/** Files that are too long to be read at once. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;

/** The text of a file in pieces. */
export function* chunksOf(file: string, chunkBytes = CHUNK_BYTES): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const buffer = Buffer.allocUnsafe(
      Math.min(chunkBytes, Math.max(1, fstatSync(descriptor).size)),
    );
    for (;;) {
      const length = readSync(descriptor, buffer, 0, buffer.length, null);
      if (length === 0) return;
      yield decoder.decode(buffer.subarray(0, length), { stream: true });
    }
  } finally {
    closeSync(descriptor);
  }
}
