/**
 * Keys for one member alone: X25519 with a fresh key of the giver (an ephemeral-static agreement, as in ECIES), HKDF-SHA-256 over both public
 * keys and what the key is for, AES-256-GCM. Who the giver is says the signature over the batch in which it travels. @noble/curves does it on
 * pages without `crypto.subtle` too, and at once.
 */

import { gcm } from '@noble/ciphers/aes.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeCanonical } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';

const TAG = 'parley.sealed-key.v1';
/** Bytes of an X25519 key, and of a key of payloads. */
export const KEY_BYTES = 32;
/** A key and the tag of AES-GCM. */
export const SEALED_BYTES = KEY_BYTES + 16;

/** With the secret half one opens what was sealed to the public one. */
export interface SealingKeys {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

/** What a sealed key is for: it opens nowhere else. */
export interface SealedFor {
  /** Whose messages the key opens. */
  readonly author: NodeId;
  readonly receiver: NodeId;
  readonly name: Uint8Array;
}

/** New keys, or those of a secret half that was stored. */
export function sealingKeys(secret: Uint8Array = x25519.utils.randomSecretKey()): SealingKeys {
  return { secret, public: x25519.getPublicKey(secret) };
}

/** Seals a key to a receiver. `fresh` must be new for each message, and may be used for several receivers in it. */
export function sealKey(
  key: Uint8Array,
  fresh: SealingKeys,
  receiver: Uint8Array,
  use: SealedFor,
): Uint8Array {
  const shared = x25519.getSharedSecret(fresh.secret, receiver);
  return cipherOf(shared, fresh.public, receiver, use).encrypt(key);
}

/** Opens it; undefined when it was altered, or is for somebody or something else. */
export function openKey(
  box: Uint8Array,
  fresh: Uint8Array,
  mine: SealingKeys,
  use: SealedFor,
): Uint8Array | undefined {
  try {
    const shared = x25519.getSharedSecret(mine.secret, fresh);
    return cipherOf(shared, fresh, mine.public, use).decrypt(box);
  } catch {
    return undefined;
  }
}

/** Each key of this cipher is used once, so that its nonce may be constant. */
function cipherOf(
  shared: Uint8Array,
  fresh: Uint8Array,
  receiver: Uint8Array,
  { author, receiver: id, name }: SealedFor,
): ReturnType<typeof gcm> {
  const info = encodeCanonical([fresh, receiver, author, id, name]);
  return gcm(hkdf(sha256, shared, utf8ToBytes(TAG), info, KEY_BYTES), new Uint8Array(12), info);
}
