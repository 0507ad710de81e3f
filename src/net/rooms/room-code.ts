/** Codes of rooms: short to read out in a class, and never a secret. Who may take part in a closed room is decided by its key. */

import { ROOM_CODE_LENGTH } from '../signaling/protocol.ts';
import { RoomAddressError } from './room-address-error.ts';

/** No 0 and O, no 1, I and L, no U beside V: letters and digits that nobody mistakes for one another. */
export const ROOM_CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Six of thirty characters: 729 million rooms, of which a server holds a thousand, and still one breath to say. */
export const NEW_ROOM_CODE_LENGTH = 6;

/** The largest multiple of the alphabet's length in a byte: bytes from here on are drawn again, so that every code is as likely. */
const FAIR_BYTES = 256 - (256 % ROOM_CODE_ALPHABET.length);

/** A code that, in all likelihood, nobody else has. `random` gives that many random bytes. */
export function newRoomCode(random: (count: number) => Uint8Array = randomBytes): string {
  let code = '';
  while (code.length < NEW_ROOM_CODE_LENGTH) {
    const [byte = FAIR_BYTES] = random(1);
    if (byte < FAIR_BYTES) code += ROOM_CODE_ALPHABET[byte % ROOM_CODE_ALPHABET.length]!;
  }
  return code;
}

/**
 * The code in what somebody typed: spaces and the case of letters do not matter. Rooms that people name themselves may be longer than
 * ours, and have hyphens.
 *
 * @throws {RoomAddressError} when that can be no code, with what a code looks like
 */
export function readRoomCode(text: string): string {
  const code = text.replaceAll(/\s+/g, '').toUpperCase();
  const { min, max } = ROOM_CODE_LENGTH;
  if (code === '') throw new RoomAddressError('The code of the room is missing.');
  const shown = code.length > max ? `${code.slice(0, 20)}…` : code;
  if (!/^[A-Z0-9-]*$/.test(code)) {
    throw new RoomAddressError(
      `'${shown}' is no room code: those have letters, digits and hyphens only.`,
    );
  }
  if (code.length < min || code.length > max) {
    throw new RoomAddressError(
      `'${shown}' is no room code: those have ${min} to ${max} characters, most of them ${NEW_ROOM_CODE_LENGTH}.`,
    );
  }
  return code;
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
