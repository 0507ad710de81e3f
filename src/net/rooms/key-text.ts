/**
 * Room keys as text: 28 characters of Crockford's base32 (no I, L, O and U), 128 bits of key and 12 of a checksum.
 *
 * A key travels in links and is typed from paper. Upper case and digits survive both: nothing in it is a separator that a mail program
 * cuts a link at, and the checksum tells a typing mistake from a wrong key before anybody is asked.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { RoomAddressError } from './room-address-error.ts';

/** Bytes of a room key: 128 bits are beyond guessing, and half as long to copy as 256. */
export const ROOM_KEY_BYTES = 16;

/** Characters of a key in text. */
export const KEY_TEXT_LENGTH = 28;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_TAG = new TextEncoder().encode('parley.room-key-check.v1');

/** Writes a key. */
export function keyToText(key: Uint8Array): string {
  const bytes = [...key, ...checksumOf(key)];
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 5 && text.length < KEY_TEXT_LENGTH) {
      count -= 5;
      text += ALPHABET[(bits >> count) & 31]!;
    }
    bits &= (1 << count) - 1;
  }
  return text;
}

/**
 * Reads a key. Case, spaces and hyphens do not matter, and letters that look like digits are taken for them.
 *
 * @throws {RoomAddressError} when it is none, with what to look for
 */
export function keyFromText(text: string): Uint8Array {
  const letters = text.replaceAll(/[\s-]+/g, '').toUpperCase();
  const digits = letters.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const strange = /[^0-9A-HJKMNP-TV-Z]/u.exec(digits)?.[0];
  if (strange !== undefined) {
    throw new RoomAddressError(
      `The key of the room has a '${strange}', which no key has. Copy it again.`,
    );
  }
  if (digits.length !== KEY_TEXT_LENGTH) {
    throw new RoomAddressError(
      `The key of the room has ${digits.length} characters instead of ${KEY_TEXT_LENGTH}. Was its end cut off? Copy it again.`,
    );
  }
  const bytes = new Uint8Array(ROOM_KEY_BYTES + 2);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 5) | ALPHABET.indexOf(digit)) & 0xfff;
    count += 5;
    if (count >= 8) bytes[at++] = (bits >> (count -= 8)) & 0xff;
  }
  // Four bits are left of the 28 characters: the second half of the checksum's second byte.
  bytes[at] = (bits << 4) & 0xf0;
  const key = bytes.slice(0, ROOM_KEY_BYTES);
  const [first, second] = checksumOf(key);
  if (bytes[ROOM_KEY_BYTES] !== first || bytes[ROOM_KEY_BYTES + 1] !== second) {
    throw new RoomAddressError(
      'A character of the key is wrong, or two are swapped. Copy it again.',
    );
  }
  return key;
}

/** Twelve bits in two bytes. Whoever has the key has its checksum as well, so it gives nothing away. */
function checksumOf(key: Uint8Array): readonly [number, number] {
  const hash = sha256.create().update(CHECK_TAG).update(key).digest();
  return [hash[0]!, hash[1]! & 0xf0];
}
