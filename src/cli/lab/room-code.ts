/** Codes of rooms: short to read out, without letters that are mistaken for one another. */

import { createHash, randomBytes } from 'node:crypto';

/** No 0 and O, no 1, I and L, no U and V: 29 characters. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';

/** Eight of 29 characters: half a billion million rooms, and still one breath to say. */
const CODE_LENGTH = 8;

/** The room of everybody who runs this algorithm with this configuration. */
export function defaultRoom(config: string, algorithm: string): string {
  // An editor on another system may have written other line ends.
  const text = `${algorithm}\n${config.replaceAll('\r\n', '\n').trim()}`;
  return codeOf(createHash('sha256').update(text).digest());
}

/** A room that nobody else has. */
export function randomRoom(): string {
  return codeOf(randomBytes(32));
}

function codeOf(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, CODE_LENGTH), (byte) => {
    return ALPHABET[byte % ALPHABET.length]!;
  }).join('');
}
