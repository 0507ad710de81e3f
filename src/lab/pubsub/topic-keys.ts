/**
 * Encrypted payloads: AES-256-GCM under a key of the topic and its author, which follows from the group's key (HKDF-SHA-256). What is bound to it
 * (author, topic) cannot be put in another place, and the author's signature over the batch keeps it in its order.
 *
 * Keys have generations: who changes the key because a member has left gives the others the new one, and what was published before stays
 * readable with the old ones. @noble/ciphers does it on pages without `crypto.subtle` too, and at once: messages stay in their order.
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
/** Bytes of the name of a key: enough to tell those of one group apart, and useless to find it. */
const NAME_BYTES = 8;
/** Least bytes of a key. */
export const TOPIC_KEY_BYTES_MIN = 16;
/** Generations that are kept, to read what was published before. */
const GENERATIONS_MAX = 16;
/** Derived keys that are kept at hand. */
const DERIVED_MAX = 1000;

/** A payload that nobody can read who has not the key, and why it cannot be read here. */
export type Opened =
  | { readonly kind: 'open'; readonly payload: Value }
  | { readonly kind: 'refused'; readonly reason: string };

interface Generation {
  readonly name: Uint8Array;
  readonly key: Uint8Array;
}

/** The keys of one group. */
export class TopicKeys {
  #generations: Generation[] = [];
  readonly #derived = new Map<string, Uint8Array>();

  /** @throws {RangeError} when the key is too short */
  constructor(key: Uint8Array) {
    this.rotate(key);
  }

  /** From now on what is published is encrypted with this key. @throws {RangeError} when it is too short */
  rotate(key: Uint8Array): void {
    if (key.length < TOPIC_KEY_BYTES_MIN) {
      throw new RangeError(`a key of ${key.length} bytes; ${TOPIC_KEY_BYTES_MIN} are needed`);
    }
    const name = sha256(concatBytes(utf8ToBytes(`${TAG} name`), key)).subarray(0, NAME_BYTES);
    const others = this.#generations.filter((each) => !isSame(each.name, name));
    this.#generations = [{ name, key }, ...others].slice(0, GENERATIONS_MAX);
  }

  /** Encrypts a payload for a topic, as this author. */
  seal(author: NodeId, topic: string, payload: Value): Value {
    const { name, key } = this.#generations[0]!;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const cipher = gcm(this.#keyFor(key, author, topic), nonce, boundTo(author, topic));
    return { sealed: concatBytes(name, nonce, cipher.encrypt(encodeCanonical(payload))) };
  }

  /** Decrypts what an author published to a topic. */
  open(author: NodeId, topic: string, payload: Value): Opened {
    const sealed = sealedIn(payload);
    if (sealed === undefined) return { kind: 'refused', reason: 'it is not encrypted' };
    const name = sealed.subarray(0, NAME_BYTES);
    const generation = this.#generations.find((each) => isSame(each.name, name));
    if (generation === undefined) {
      return { kind: 'refused', reason: 'it is encrypted with a key that is not known here' };
    }
    const nonce = sealed.subarray(NAME_BYTES, NAME_BYTES + NONCE_BYTES);
    const box = sealed.subarray(NAME_BYTES + NONCE_BYTES);
    try {
      const key = this.#keyFor(generation.key, author, topic);
      const plain = gcm(key, nonce, boundTo(author, topic)).decrypt(box);
      return { kind: 'open', payload: decodeCanonical(plain) };
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

/** The bytes of an encrypted payload; undefined for one that is none. */
function sealedIn(payload: Value): Uint8Array | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const { sealed } = payload as { readonly sealed?: unknown };
  return sealed instanceof Uint8Array && sealed.length > NAME_BYTES + NONCE_BYTES
    ? sealed
    : undefined;
}

function boundTo(author: NodeId, topic: string): Uint8Array {
  return encodeCanonical([TAG, author, topic]);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
