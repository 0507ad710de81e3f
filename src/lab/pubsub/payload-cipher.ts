/**
 * Encrypted payloads: AES-256-GCM under a key of the topic and its author, which follows from a key of the group or of the author (HKDF-SHA-256).
 * What is bound to it (author, topic) cannot be put in another place, and the author's signature over the batch keeps it in its order.
 * What is short @noble/ciphers does at once; for what is long the browser has ways that are ten times as fast, and it works beside the page. Pages
 * without `crypto.subtle` have the first alone.
 */

import { gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeCanonical, encodeCanonical, encodeValue } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';

const TAG = 'parley.topic.v1';
const NONCE_BYTES = 12;
/** Derived keys that are kept at hand, of each key. */
const DERIVED_MAX = 1000;
/** Bytes from which the browser does it: for less, asking it costs more than it saves. */
const LONG_BYTES = 1024;

/** What became of an encrypted payload: it is open, waits for its key, or cannot be read here, and why. */
export type Opened =
  | { readonly kind: 'open'; readonly payload: Value }
  | { readonly kind: 'awaited' }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a member encrypts with, and reads with. */
export interface PayloadKeys {
  /** Encrypts a payload for a topic, as this author, with the key of this moment; a promise when it is long. */
  seal(author: NodeId, topic: string, payload: Value): Value | Promise<Value>;
  /** Decrypts what an author published to a topic; a promise when it is long. */
  open(author: NodeId, topic: string, payload: Value): Opened | Promise<Opened>;
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

/** Why nothing comes of an encrypted payload although its key is there. */
const ALTERED: Opened = {
  kind: 'refused',
  reason: 'it was altered, or belongs to another topic or author',
};

/** The key of one author and topic, and what is bound to what it encrypts. */
interface Derived {
  readonly key: Uint8Array;
  readonly boundTo: Uint8Array<ArrayBuffer>;
  /** The same in the browser's keeping, once it was wanted. */
  kept: Promise<CryptoKey> | undefined;
}

/** Encrypts and decrypts; names of keys have as many bytes as its user says. */
export class PayloadCipher {
  readonly #nameBytes: number;
  readonly #derived = new WeakMap<Uint8Array, Map<string, Derived>>();

  constructor(nameBytes: number) {
    this.#nameBytes = nameBytes;
  }

  seal(
    { name, key }: NamedKey,
    author: NodeId,
    topic: string,
    payload: Value,
  ): Value | Promise<Value> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const derived = this.#keyFor(key, author, topic);
    const text = encodeValue(payload);
    const sealed = (box: Uint8Array): Value => ({ sealed: concatBytes(name, nonce, box) });
    const subtle = subtleFor(text);
    if (subtle === undefined) return sealed(gcm(derived.key, nonce, derived.boundTo).encrypt(text));
    return keptBy(subtle, derived)
      .then((kept) => subtle.encrypt(parameters(nonce, derived), kept, text as BufferSource))
      .then((box) => sealed(new Uint8Array(box)));
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

  open(
    { nonce, box }: SealedParts,
    key: Uint8Array,
    author: NodeId,
    topic: string,
  ): Opened | Promise<Opened> {
    const derived = this.#keyFor(key, author, topic);
    const subtle = subtleFor(box);
    try {
      if (subtle === undefined)
        return opened(gcm(derived.key, nonce, derived.boundTo).decrypt(box));
    } catch {
      return ALTERED;
    }
    return keptBy(subtle, derived)
      .then((kept) => subtle.decrypt(parameters(nonce, derived), kept, box as BufferSource))
      .then((text) => opened(new Uint8Array(text)))
      .catch(() => ALTERED);
  }

  #keyFor(key: Uint8Array, author: NodeId, topic: string): Derived {
    const ofKey = this.#derived.get(key) ?? new Map<string, Derived>();
    this.#derived.set(key, ofKey);
    const place = `${author.length} ${author}${topic}`;
    const known = ofKey.get(place);
    if (known !== undefined) return known;
    const derived: Derived = {
      key: hkdf(sha256, key, utf8ToBytes(TAG), encodeCanonical([author, topic]), 32),
      boundTo: encodeCanonical([TAG, author, topic]).slice(),
      kept: undefined,
    };
    if (ofKey.size >= DERIVED_MAX) ofKey.clear();
    ofKey.set(place, derived);
    return derived;
  }
}

/** What does it for so many bytes beside the page; undefined where it is done here. */
function subtleFor({ length }: Uint8Array): SubtleCrypto | undefined {
  // Pages on plain http have none, whatever the types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  return length < LONG_BYTES ? undefined : subtle;
}

function keptBy(subtle: SubtleCrypto, derived: Derived): Promise<CryptoKey> {
  derived.kept ??= subtle.importKey('raw', derived.key as BufferSource, 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return derived.kept;
}

function parameters(nonce: Uint8Array, { boundTo }: Derived): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce as BufferSource, additionalData: boundTo };
}

/** @throws {ValueError} when it was none that was encrypted */
function opened(text: Uint8Array): Opened {
  return { kind: 'open', payload: decodeCanonical(text) };
}
