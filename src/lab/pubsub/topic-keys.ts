/**
 * One key for the group, from a passphrase or a closed room. Keys have generations: who changes the key because a member has left gives the others
 * the new one, and what was published before stays readable with the old ones.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import {
  NOT_ENCRYPTED,
  PayloadCipher,
  type NamedKey,
  type Opened,
  type PayloadKeys,
} from './payload-cipher.ts';

/** Bytes of the name of a key: enough to tell those of one group apart, and useless to find it. */
const NAME_BYTES = 8;
/** Least bytes of a key. */
export const TOPIC_KEY_BYTES_MIN = 16;
/** Generations that are kept, to read what was published before. */
const GENERATIONS_MAX = 16;

/** The keys of one group. */
export class TopicKeys implements PayloadKeys {
  readonly #cipher = new PayloadCipher(NAME_BYTES);
  #generations: NamedKey[] = [];

  /** @throws {RangeError} when the key is too short */
  constructor(key: Uint8Array) {
    this.rotate(key);
  }

  /** From now on what is published is encrypted with this key. @throws {RangeError} when it is too short */
  rotate(key: Uint8Array): void {
    if (key.length < TOPIC_KEY_BYTES_MIN) {
      throw new RangeError(`a key of ${key.length} bytes; ${TOPIC_KEY_BYTES_MIN} are needed`);
    }
    const name = sha256(concatBytes(utf8ToBytes('parley.topic.v1 name'), key)).subarray(
      0,
      NAME_BYTES,
    );
    const others = this.#generations.filter((each) => !isSame(each.name, name));
    this.#generations = [{ name, key }, ...others].slice(0, GENERATIONS_MAX);
  }

  seal(author: NodeId, topic: string, payload: Value): Value | Promise<Value> {
    return this.#cipher.seal(this.#generations[0]!, author, topic, payload);
  }

  open(author: NodeId, topic: string, payload: Value): Opened | Promise<Opened> {
    const parts = this.#cipher.partsOf(payload);
    if (parts === undefined) return NOT_ENCRYPTED;
    const generation = this.#generations.find((each) => isSame(each.name, parts.name));
    if (generation !== undefined) return this.#cipher.open(parts, generation.key, author, topic);
    return { kind: 'refused', reason: 'it is encrypted with a key that is not known here' };
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
