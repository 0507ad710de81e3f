/** Stored bytes with a checksum in front, so that what comes back is what was stored, and is where it was put. */

import { checksum } from '../core/checksum.ts';
import type { Salvage } from '../core/ports.ts';
import { CorruptRecord } from '../core/storage-error.ts';
import type { Value } from '../core/value.ts';

const CHECKSUM_BYTES = 4;

const text = new TextEncoder();

/**
 * Seals `bytes`.
 * @param place where they are put, e.g. `'log/5' of raft`: the same bytes at another place are damaged
 */
export function seal(bytes: Uint8Array, place: string): Uint8Array {
  const sealed = new Uint8Array(CHECKSUM_BYTES + bytes.length);
  sealed.set(bytes, CHECKSUM_BYTES);
  new DataView(sealed.buffer).setUint32(0, sumOf(bytes, place));
  return sealed;
}

/**
 * What was sealed.
 * @throws {CorruptRecord} when it is not what was sealed for this place
 */
export function unseal(sealed: Uint8Array, place: string): Uint8Array {
  if (sealed.length < CHECKSUM_BYTES) throw new CorruptRecord(place, 'is damaged: it is too short');
  const bytes = sealed.subarray(CHECKSUM_BYTES);
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.length);
  if (view.getUint32(0) !== sumOf(bytes, place)) {
    throw new CorruptRecord(place, 'is damaged: its checksum is wrong');
  }
  return bytes;
}

/** What is whole of some entries, and the keys of the rest. */
export function salvaged(
  entries: Iterable<readonly [key: string, sealed: Uint8Array]>,
  open: (key: string, sealed: Uint8Array) => Value,
): Salvage {
  const whole: (readonly [string, Value])[] = [];
  const damaged: string[] = [];
  for (const [key, sealed] of entries) {
    try {
      whole.push([key, open(key, sealed)]);
    } catch (error) {
      if (!(error instanceof CorruptRecord)) throw error;
      damaged.push(key);
    }
  }
  return { whole, damaged };
}

/** How errors and seals call an entry of a store. */
export function placeOf(path: string, key: string): string {
  return `'${key}' of ${path}`;
}

function sumOf(bytes: Uint8Array, place: string): number {
  return checksum(bytes, checksum(text.encode(place)));
}
