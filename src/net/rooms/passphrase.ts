/** Room keys from passphrases that people can tell each other (scrypt, RFC 7914). The passphrase itself is never sent to anybody. */

import { scryptAsync } from '@noble/hashes/scrypt.js';
import { encodeCanonical } from '../../core/canonical.ts';
import { ROOM_KEY_BYTES } from './key-text.ts';

/**
 * The cost of one guess, for us and for whoever tries a dictionary on a room that it overheard: 128 MiB, and two thirds of a second in a
 * Chromium tab (two of 2026's server cores; a phone takes a few seconds). Half of N would halve an attacker's cost as well, and twice as
 * much memory is what phones refuse to a tab. It is what OWASP's password storage advice gives for scrypt.
 */
export const SCRYPT_COST = {
  /** Steps, each of them a block of memory. */
  N: 2 ** 17,
  /** Block size in units of 128 bytes: fills the memory bandwidth of one core. */
  r: 8,
  /** Lanes, one after the other: no second core can be counted on. */
  p: 1,
} as const;

/** Fewer characters are in every dictionary. */
export const PASSPHRASE_LENGTH_MIN = 8;

/** Longest passphrase: nobody types more, and a pasted book is a mistake. */
export const PASSPHRASE_LENGTH_MAX = 500;

/** Milliseconds after which the page may breathe: a progress bar moves, and a button to stop it works. */
const SLICE_MS = 16;

/** What may be wanted while it is computed. */
export interface StretchOptions {
  /** Called with the part that is done, from 0 to 1, as often as the page breathes or less. */
  readonly onProgress?: (done: number) => void;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/**
 * The key that follows from a passphrase, the same for everybody who types it in this room.
 *
 * @throws {RangeError} when the passphrase is too short or too long, with the bound
 * @throws the signal's reason when it was aborted
 */
export async function roomKeyOfPassphrase(
  passphrase: string,
  room: string,
  { onProgress, signal }: StretchOptions = {},
): Promise<Uint8Array> {
  const text = normalised(passphrase);
  if (text.length < PASSPHRASE_LENGTH_MIN) {
    throw new RangeError(
      `A passphrase has at least ${PASSPHRASE_LENGTH_MIN} characters; four words are better.`,
    );
  }
  if (text.length > PASSPHRASE_LENGTH_MAX) {
    throw new RangeError(
      `A passphrase has at most ${PASSPHRASE_LENGTH_MAX} characters, not ${text.length}.`,
    );
  }
  let shown = 0;
  return scryptAsync(text, encodeCanonical(['parley.passphrase.v1', room]), {
    ...SCRYPT_COST,
    dkLen: ROOM_KEY_BYTES,
    asyncTick: SLICE_MS,
    onProgress: (done) => {
      // What is thrown here ends the computation and rejects its promise.
      signal?.throwIfAborted();
      if (done < shown + PROGRESS_STEP && done < 1) return;
      shown = done;
      onProgress?.(done);
    },
  });
}

/** Smallest step that is reported: a hundredth of a bar. */
const PROGRESS_STEP = 0.01;

/**
 * The same passphrase has several spellings in Unicode, and keyboards differ in which of them they type; spaces at the ends and double ones
 * are slips of the thumb. Case matters.
 */
function normalised(passphrase: string): string {
  return passphrase.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ');
}
