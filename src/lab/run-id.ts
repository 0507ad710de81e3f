/** What runs are called. */

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../net/hex.ts';

/**
 * The id of a run, which follows from what determines it: its place (offline the seed, on a network the room), configuration,
 * algorithm, bugs and format.
 */
export function runIdFrom(parts: readonly string[]): string {
  return toHex(sha256(new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 32);
}
