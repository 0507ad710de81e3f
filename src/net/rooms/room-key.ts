/**
 * The key of a closed room, and what is derived from it: nothing is ever encrypted or vouched for with the key itself.
 *
 * An open room has no key. What its members say is readable by the server and by whoever knows the code, and it should be shown as open.
 */

import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCanonical } from '../../core/canonical.ts';
import { ROOM_KEY_BYTES } from './key-text.ts';

/** Keys of one room, 32 bytes each. Whoever holds one of them learns nothing of the others or of the room key. */
export interface RoomKeys {
  readonly room: string;
  /** Encrypts what goes through signaling (see `../signaling/sealed-box.ts`). */
  readonly sealing: Uint8Array;
  /** Says under which key something was encrypted, so that nothing can be made that opens under two. */
  readonly commitment: Uint8Array;
  /** Proves membership: on links (see `membership.ts`), and to whoever wants to know whether its passphrase is right. */
  readonly membership: Uint8Array;
}

const DERIVED_BYTES = 32;

/** The key of a new room. */
export function newRoomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(ROOM_KEY_BYTES));
}

/**
 * The keys of a room (HKDF-SHA256, RFC 5869). Two rooms under the same key or passphrase share none of them.
 *
 * @throws {RangeError} when the room key has not {@link ROOM_KEY_BYTES} bytes
 */
export function roomKeysOf(room: string, roomKey: Uint8Array): RoomKeys {
  if (roomKey.length !== ROOM_KEY_BYTES) {
    throw new RangeError(`a room key has ${ROOM_KEY_BYTES} bytes, not ${roomKey.length}`);
  }
  const salt = encodeCanonical(['parley.room.v1', room]);
  const derive = (label: string) =>
    hkdf(sha256, roomKey, salt, new TextEncoder().encode(label), DERIVED_BYTES);
  return {
    room,
    sealing: derive('signaling encryption'),
    commitment: derive('signaling key commitment'),
    membership: derive('membership proof'),
  };
}
