/** SHA-256 of what is long: WebCrypto where there is one, which works beside the caller, else noble. */

import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of a digest. */
export const DIGEST_BYTES = 32;

/** SHA-256 of `bytes` (FIPS 180-4); a promise where WebCrypto makes it. */
export function digestOf(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  // Pages on plain http have no WebCrypto.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return sha256(bytes);
  return subtle.digest('SHA-256', bytes as BufferSource).then((digest) => new Uint8Array(digest));
}
