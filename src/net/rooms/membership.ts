/** The proof of membership in a closed room: a MAC that only those can make who know the room's key. */

import { equalBytes } from '@noble/ciphers/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of a {@link membershipMac}. */
export const MEMBERSHIP_MAC_BYTES = 32;

/** HMAC-SHA256 over what is to be vouched for, under the room's membership key (see `room-key.ts`). */
export function membershipMac(membershipKey: Uint8Array, content: Uint8Array): Uint8Array {
  return hmac(sha256, membershipKey, content);
}

/** Whether a member made this MAC over this content. Takes as long for a near miss as for a far one. */
export function isMembershipMac(
  membershipKey: Uint8Array,
  content: Uint8Array,
  mac: Uint8Array,
): boolean {
  return equalBytes(membershipMac(membershipKey, content), mac);
}
