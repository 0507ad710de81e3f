/**
 * The keys of a room's members. A member's name is bound to the first key that it shows here, and stays so over reloads: whoever comes with
 * another key under that name is somebody else.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { isWeakKey } from '../../net/ed25519.ts';
import { fromHex } from '../../net/hex.ts';

/** What became of a key that a member showed. */
export type Binding = 'bound' | 'changed' | 'weak';

/** Bindings that are kept for one room; the oldest make room. */
export const BINDINGS_MAX = 2000;

/** Binds members to keys. */
export class KeyRing {
  readonly #keys = new Map<string, string>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #save: (bindings: Readonly<Record<string, string>>) => void;

  /** @param known bindings of earlier loads; `save` is called with all of them when one is added */
  constructor(
    known: Readonly<Record<string, string>>,
    save: (bindings: Readonly<Record<string, string>>) => void,
  ) {
    this.#save = save;
    for (const [member, key] of Object.entries(known)) this.#keys.set(member, key);
  }

  /** A member shows a key, in hexadecimal. */
  bind(member: string, key: string): Binding {
    const known = this.#keys.get(member);
    if (known !== undefined) return known === key ? 'bound' : 'changed';
    if (isWeakKey(fromHex(key))) return 'weak';
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size < BINDINGS_MAX) break;
      this.#keys.delete(oldest);
    }
    this.#keys.set(member, key);
    this.#save(Object.fromEntries(this.#keys));
    return 'bound';
  }

  /** The key of a member, in hexadecimal. */
  keyOf(member: string): string | undefined {
    return this.#keys.get(member);
  }

  /** The same as bytes, always the same object. */
  readonly bytesOf = (member: string): Uint8Array | undefined => {
    const key = this.#keys.get(member);
    if (key === undefined) return undefined;
    const known = this.#bytes.get(key);
    if (known !== undefined) return known;
    const bytes = fromHex(key);
    this.#bytes.set(key, bytes);
    return bytes;
  };
}

/** Letters and digits that nobody mistakes for one another (Crockford's base32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Eight characters of a key's SHA-256, in two groups, for people to compare: 40 bits. */
export function fingerprintOf(key: string): string {
  const hash = sha256(fromHex(key));
  let text = '';
  for (let bit = 0; text.length < 8; bit += 5) {
    const at = bit >> 3;
    const window = (hash[at]! << 8) | hash[at + 1]!;
    text += LETTERS[(window >> (11 - (bit & 7))) & 31]!;
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
