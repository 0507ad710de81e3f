/**
 * Encryption under the key of a closed room: XChaCha20-Poly1305 with random nonces, bound to what the content is and to whom it goes.
 *
 *     nonce (24) | commitment to the key (16) | content | tag (16)
 *
 * Poly1305 does not commit to a key: whoever may choose the bytes can make a box that opens under a thousand keys, and so try a thousand
 * passphrases on the room with one message (partitioning oracles; Len, Grubbs and Ristenpart, USENIX Security 2021). The commitment, a MAC
 * of the nonce under a key derived beside the other one, fits one room key only. It also tells a wrong key from an altered box.
 */

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { equalBytes } from '@noble/ciphers/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { RoomKeys } from '../rooms/room-key.ts';

/** Bytes that sealing adds to a content. */
export const SEALED_BOX_BYTES = 24 + 16 + 16;

const NONCE_BYTES = 24;
const COMMITMENT_BYTES = 16;
const HEADER_BYTES = NONCE_BYTES + COMMITMENT_BYTES;

/** Seals `content`; it opens with the same `context` only. */
export function sealBox(keys: RoomKeys, context: Uint8Array, content: Uint8Array): Uint8Array {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = xchacha20poly1305(keys.sealing, nonce, context).encrypt(content);
  const box = new Uint8Array(HEADER_BYTES + sealed.length);
  box.set(nonce);
  box.set(commitmentTo(keys, nonce), NONCE_BYTES);
  box.set(sealed, HEADER_BYTES);
  return box;
}

/** The content; or why there is none: it was sealed under `other-key`, or it was `altered`, or sealed for another context. */
export function openBox(
  keys: RoomKeys,
  context: Uint8Array,
  box: Uint8Array,
): Uint8Array | 'other-key' | 'altered' {
  if (box.length < SEALED_BOX_BYTES) return 'altered';
  const nonce = box.subarray(0, NONCE_BYTES);
  const commitment = box.subarray(NONCE_BYTES, HEADER_BYTES);
  if (!equalBytes(commitment, commitmentTo(keys, nonce))) return 'other-key';
  try {
    return xchacha20poly1305(keys.sealing, nonce, context).decrypt(box.subarray(HEADER_BYTES));
  } catch {
    return 'altered';
  }
}

function commitmentTo(keys: RoomKeys, nonce: Uint8Array): Uint8Array {
  return hmac(sha256, keys.commitment, nonce).subarray(0, COMMITMENT_BYTES);
}
