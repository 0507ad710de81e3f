/**
 * Ed25519: keys, and signers of both kinds. WebCrypto is ten times as fast, but plain-http pages have none, and it is asynchronous;
 * @noble/ed25519 works everywhere and synchronously.
 *
 * Verification means ZIP-215 for every node: WebCrypto's yes is a yes; its no is decided by noble, because the two disagree on crafted
 * signatures, and nodes that disagree can be split.
 */

import * as noble from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { NodeId } from '../core/id.ts';
import type { Signer } from '../core/ports.ts';
import { Random } from '../core/random.ts';

noble.hashes.sha512 = sha512;

/** An identity: 32 secret bytes and the public key that follows from them. */
export interface KeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Finds the public key of a node; undefined when it has not shown one. */
export type KeyBook = (id: NodeId) => Uint8Array | undefined;

/** A new identity. */
export function newKeyPair(): KeyPair {
  return keyPairFrom(crypto.getRandomValues(new Uint8Array(32)));
}

/** The identity with this secret. */
export function keyPairFrom(secretKey: Uint8Array): KeyPair {
  return { secretKey, publicKey: noble.getPublicKey(secretKey) };
}

/** A synchronous signer, through noble. */
export function syncSigner({ secretKey }: KeyPair, keyOf: KeyBook): Signer {
  return {
    sign: (content) => noble.sign(content, secretKey),
    verify: (signer, content, signature) => {
      const key = keyOf(signer);
      return key !== undefined && verifyWithNoble(signature, content, key);
    },
  };
}

/** Real signatures for a simulation: keys that follow from the seed, synchronous. */
export function syncSigners(seed: number, ids: readonly NodeId[]): (id: NodeId) => Signer {
  const pairs = new Map(
    ids.map((id) => [id, keyPairFrom(Random.stream(seed, `key/${id}`).bytes(32))]),
  );
  const keyOf: KeyBook = (id) => pairs.get(id)?.publicKey;
  return (id) => syncSigner(pairs.get(id)!, keyOf);
}

/** The fastest signer that there is here: WebCrypto where the page is a secure context and the browser knows Ed25519, else noble. */
export async function fastestSigner(pair: KeyPair, keyOf: KeyBook): Promise<Signer> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return syncSigner(pair, keyOf);
  try {
    const key = await subtle.importKey('pkcs8', pkcs8(pair.secretKey), 'Ed25519', false, ['sign']);
    return webCryptoSigner(subtle, key, keyOf);
  } catch {
    return syncSigner(pair, keyOf);
  }
}

function webCryptoSigner(subtle: SubtleCrypto, secret: CryptoKey, keyOf: KeyBook): Signer {
  const imported = new Map<
    NodeId,
    { readonly bytes: Uint8Array; readonly key: Promise<CryptoKey> }
  >();
  const importOnce = (id: NodeId, bytes: Uint8Array) => {
    const known = imported.get(id);
    if (known?.bytes === bytes) return known.key;
    const key = subtle.importKey('raw', bytes as BufferSource, 'Ed25519', false, ['verify']);
    imported.set(id, { bytes, key });
    return key;
  };
  return {
    sign: async (content) =>
      new Uint8Array(await subtle.sign('Ed25519', secret, content as BufferSource)),
    verify: async (id, content, signature) => {
      const bytes = keyOf(id);
      if (bytes === undefined) return false;
      const accepted = await importOnce(id, bytes)
        .then((key) =>
          subtle.verify('Ed25519', key, signature as BufferSource, content as BufferSource),
        )
        .catch(() => false);
      return accepted || verifyWithNoble(signature, content, bytes);
    },
  };
}

function verifyWithNoble(signature: Uint8Array, content: Uint8Array, key: Uint8Array): boolean {
  try {
    return noble.verify(signature, content, key, { zip215: true });
  } catch {
    return false;
  }
}

/** The fixed beginning of an Ed25519 secret key in PKCS #8 (RFC 8410). */
const PKCS8_HEADER = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

function pkcs8(secretKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...PKCS8_HEADER, ...secretKey]);
}

/** True for a key of small order, and for bytes that are no key: anybody can make signatures that fit it. Such keys are refused wherever they show. */
export function isWeakKey(publicKey: Uint8Array): boolean {
  try {
    return noble.Point.fromBytes(publicKey, true).isSmallOrder();
  } catch {
    return true;
  }
}
