/**
 * The encryption of one relayed link: what TLS is for data channels.
 *
 * Both sides make an X25519 key for this link alone (RFC 7748) and exchange the public ones. HKDF-SHA256 makes a ChaCha20-Poly1305 key
 * for each direction of the shared secret, the attempt, and both public keys in the order sender, receiver. Packets are numbered from 0,
 * and the number is the nonce: it is never used twice, and what is missing, doubled or moved is seen.
 *
 * This keeps out everybody who only listens. Who is at the other end is not known yet: the SHA-256 of both public keys stand in for the
 * DTLS certificates in the identity proof (see `../handshake.ts`), which fails when somebody has put keys of its own in between.
 */

import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCanonical, equalBytes } from '../../core/canonical.ts';
import type { Certificates } from '../rtc/transport.ts';

/** Bytes of an X25519 public key. */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of a packet's number in front of what is sealed. */
const NUMBER_BYTES = 6;

/** Bytes that sealing adds: the number, and Poly1305's tag. */
export const SEAL_BYTES = NUMBER_BYTES + 16;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TWO_TO_32 = 0x1_0000_0000;

/** What is wrong with a packet, or with a key; a text for people. */
export class RelayCipherError extends Error {
  override readonly name = 'RelayCipherError';
}

/** This side's key of one link. */
export class RelayKeyPair {
  readonly #secretKey: Uint8Array;
  readonly publicKey: Uint8Array;

  constructor() {
    const { secretKey, publicKey } = x25519.keygen();
    this.#secretKey = secretKey;
    this.publicKey = publicKey;
  }

  /**
   * What both sides can compute and nobody else.
   *
   * @throws {RelayCipherError} when the other key is none, or our own
   */
  agree(attempt: string, otherKey: Uint8Array): RelayCipher {
    if (equalBytes(otherKey, this.publicKey)) throw new RelayCipherError('our own key came back');
    return new RelayCipher(attempt, this.#sharedWith(otherKey), this.publicKey, otherKey);
  }

  #sharedWith(otherKey: Uint8Array): Uint8Array {
    try {
      return x25519.getSharedSecret(this.#secretKey, otherKey);
    } catch (error) {
      // One of the points of small order, with which the secret would be known to everybody.
      throw new RelayCipherError('what it sent is no key', { cause: error });
    }
  }
}

/** Both directions of one link. */
export class RelayCipher {
  readonly certificates: Certificates;
  readonly #sendKey: Uint8Array;
  readonly #receiveKey: Uint8Array;
  #sent = 0;
  #received = 0;

  constructor(attempt: string, secret: Uint8Array, own: Uint8Array, other: Uint8Array) {
    this.certificates = { own: sha256(own), other: sha256(other) };
    const salt = encodeCanonical(['parley.relay.v1', attempt]);
    const keyOf = (from: Uint8Array, to: Uint8Array) =>
      hkdf(sha256, secret, salt, Uint8Array.of(...from, ...to), KEY_BYTES);
    this.#sendKey = keyOf(own, other);
    this.#receiveKey = keyOf(other, own);
  }

  /** Seals the next packet. It must be sent, and before the one after it. */
  seal(content: Uint8Array): Uint8Array {
    const number = this.#sent++;
    const sealed = new Uint8Array(content.length + SEAL_BYTES);
    writeNumber(sealed, 0, number);
    const cipher = chacha20poly1305(this.#sendKey, nonceOf(number));
    cipher.encrypt(content, sealed.subarray(NUMBER_BYTES));
    return sealed;
  }

  /**
   * Opens the next packet of the other side.
   *
   * @throws {RelayCipherError} when it is not that one, with what must have happened on the way
   */
  open(sealed: Uint8Array): Uint8Array {
    if (sealed.length < SEAL_BYTES) throw new RelayCipherError('a packet was cut on the way');
    const number = readNumber(sealed);
    const content = this.#decrypt(number, sealed.subarray(NUMBER_BYTES));
    if (number > this.#received) throw new RelayCipherError('packets were lost on the way');
    if (number < this.#received) {
      throw new RelayCipherError('a packet came twice, or out of its order');
    }
    this.#received++;
    return content;
  }

  #decrypt(number: number, content: Uint8Array): Uint8Array {
    try {
      return chacha20poly1305(this.#receiveKey, nonceOf(number)).decrypt(content);
    } catch (error) {
      throw new RelayCipherError('a packet was altered on the way', { cause: error });
    }
  }
}

function nonceOf(number: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  writeNumber(nonce, NONCE_BYTES - NUMBER_BYTES, number);
  return nonce;
}

function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint16(at, Math.floor(number / TWO_TO_32));
  view.setUint32(at + 2, number % TWO_TO_32);
}

function readNumber(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint16(0) * TWO_TO_32 + view.getUint32(2);
}
