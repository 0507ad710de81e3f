/**
 * Encrypted payloads: AES-256-GCM under a key of the topic and its author, which follows from a key of the group or of the author (HKDF-SHA-256).
 * What is bound to it (author, topic) cannot be put in another place, and the author's signature over the batch keeps it in its order.
 * @noble/ciphers does it on pages without `crypto.subtle` too, and at once: messages stay in their order.
 */

import { gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';

const TAG = 'parley.topic.v1';
const NONCE_BYTES = 12;
/** Derived keys that are kept at hand. */
const DERIVED_MAX = 1000;

/** What became of an encrypted payload: it is open, waits for its key, or cannot be read here, and why. */
export type Opened =
  | { readonly kind: 'open'; readonly payload: Value }
  | { readonly kind: 'awaited' }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a member encrypts with, and reads with. */
export interface PayloadKeys {
  /** Encrypts a payload for a topic, as this author. */
  seal(author: NodeId, topic: string, payload: Value): Value;
  /** Decrypts what an author published to a topic. */
  open(author: NodeId, topic: string, payload: Value): Opened;
}

/** A key and its name, which travels with what is encrypted. */
export interface NamedKey {
  readonly name: Uint8Array;
  readonly key: Uint8Array;
}

/** An encrypted payload in its parts. */
interface SealedParts {
  readonly name: Uint8Array;
  readonly nonce: Uint8Array;
  readonly box: Uint8Array;
}

/** Why something is no encrypted payload. */
export const NOT_ENCRYPTED: Opened = { kind: 'refused', reason: 'it is not encrypted' };

/** Encrypts and decrypts; names of keys have as many bytes as its user says. */
export class PayloadCipher {
  readonly #nameBytes: number;
  readonly #derived = new Map<string, Uint8Array>();

  constructor(nameBytes: number) {
    this.#nameBytes = nameBytes;
  }

  seal({ name, key }: NamedKey, author: NodeId, topic: string, payload: Value): Value {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const cipher = gcm(this.#keyFor(key, author, topic), nonce, boundTo(author, topic));
    return { sealed: concatBytes(name, nonce, cipher.encrypt(encodeCanonical(payload))) };
  }

  /** The parts of an encrypted payload; undefined for one that is none. */
  partsOf(payload: Value): SealedParts | undefined {
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
    const { sealed } = payload as { readonly sealed?: unknown };
    const begin = this.#nameBytes + NONCE_BYTES;
    if (!(sealed instanceof Uint8Array) || sealed.length <= begin) return undefined;
    return {
      name: sealed.subarray(0, this.#nameBytes),
      nonce: sealed.subarray(this.#nameBytes, begin),
      box: sealed.subarray(begin),
    };
  }

  open({ nonce, box }: SealedParts, key: Uint8Array, author: NodeId, topic: string): Opened {
    try {
      const cipher = gcm(this.#keyFor(key, author, topic), nonce, boundTo(author, topic));
      return { kind: 'open', payload: decodeCanonical(cipher.decrypt(box)) };
    } catch {
      return { kind: 'refused', reason: 'it was altered, or belongs to another topic or author' };
    }
  }

  #keyFor(key: Uint8Array, author: NodeId, topic: string): Uint8Array {
    const info = encodeCanonical([TAG, author, topic, key]);
    const place = String.fromCharCode(...sha256(info));
    const known = this.#derived.get(place);
    if (known !== undefined) return known;
    const derived = hkdf(sha256, key, utf8ToBytes(TAG), encodeCanonical([author, topic]), 32);
    if (this.#derived.size >= DERIVED_MAX) this.#derived.clear();
    this.#derived.set(place, derived);
    return derived;
  }
}

function boundTo(author: NodeId, topic: string): Uint8Array {
  return encodeCanonical([TAG, author, topic]);
}
