/** Names of members' ends of links, for transports that call each other by name. */

import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCanonical } from '../../core/canonical.ts';
import { toHex } from '../../net/hex.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';

/** Bytes of a name: nobody finds one by trying. */
const NAME_BYTES = 16;

/** The name of a member's end in a room, new for every load of its page. */
export function transportName(
  room: string,
  { member, incarnation }: Pick<MemberDescription, 'member' | 'incarnation'>,
): string {
  const whole = encodeCanonical(['parley.member-link.v1', room, member, incarnation]);
  return toHex(sha256(whole).subarray(0, NAME_BYTES));
}
