/** The keys of the group's authors as one member has them: each with a name that commits to it, and the members for whom it was made. */

import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCanonical } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import type { Store } from '../../core/ports.ts';
import { toHex } from '../../net/hex.ts';
import { KEY_NAME_BYTES } from './key-notes.ts';
import { sealingKeys, type SealingKeys } from './sealed-key.ts';

/** Keys of one author that are kept; an older one is asked for again when it is needed. */
export const KEYS_OF_AUTHOR_MAX = 64;

/** One key. */
export interface AuthorKey {
  readonly author: NodeId;
  readonly name: Uint8Array;
  readonly key: Uint8Array;
  /** Who may have it. */
  readonly members: readonly NodeId[];
}

/** What is stored of all that: keys, and those of sealing. */
const SEALING = 'sealing';
const CURRENT = 'current';

/** Name of a key: whoever is given another under the same name, or in the name of another author, sees it. */
export function nameOfKey(author: NodeId, key: Uint8Array): Uint8Array {
  return sha256(encodeCanonical(['parley.author-key.v1', author, key])).subarray(0, KEY_NAME_BYTES);
}

/** The keys of all authors. */
export class AuthorKeys {
  readonly #store: Store;
  readonly #failed: (error: unknown) => void;
  readonly #byAuthor = new Map<NodeId, Map<string, AuthorKey>>();
  readonly #public = new Map<NodeId, Uint8Array>();
  #current: string | undefined;
  /** This member's own. */
  sealing: SealingKeys = sealingKeys();

  /** @param failed hears that something was not stored: it is asked for again after a restart */
  constructor(store: Store, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  /** Reads what an earlier life had. Returns whether there was one. */
  async restore(): Promise<boolean> {
    let hasMemory = false;
    for (const [place, value] of await this.#store.entries()) {
      if (place === SEALING) {
        this.sealing = sealingKeys(value as Uint8Array);
        hasMemory = true;
      } else if (place === CURRENT) this.#current = value as string;
      else if (place.startsWith('k/')) this.#keep(value as unknown as AuthorKey);
      else this.#public.set(place.slice(2), value as Uint8Array);
    }
    if (!hasMemory) this.#put({ [SEALING]: this.sealing.secret });
    return hasMemory;
  }

  /** With what keys are sealed to a member; undefined before it has said so. */
  publicKeyOf(member: NodeId): Uint8Array | undefined {
    return this.#public.get(member);
  }

  /** Notes it. Returns whether it is another than before. */
  notePublicKey(member: NodeId, key: Uint8Array): boolean {
    const before = this.#public.get(member);
    if (before !== undefined && toHex(before) === toHex(key)) return false;
    this.#public.set(member, key);
    this.#put({ [`h/${member}`]: key });
    return true;
  }

  get(author: NodeId, name: Uint8Array): AuthorKey | undefined {
    return this.#byAuthor.get(author)?.get(toHex(name));
  }

  add(key: AuthorKey): void {
    const dropped = this.#keep(key);
    this.#put({
      [placeOf(key)]: key,
      ...(dropped === undefined ? {} : { [placeOf(dropped)]: undefined }),
    });
  }

  /** The key with which this member encrypts. */
  current(me: NodeId): AuthorKey | undefined {
    return this.#current === undefined ? undefined : this.#byAuthor.get(me)?.get(this.#current);
  }

  /** From now on it is this one, which has been added. */
  use(key: AuthorKey): void {
    this.#current = toHex(key.name);
    this.#put({ [CURRENT]: this.#current });
  }

  #keep(key: AuthorKey): AuthorKey | undefined {
    const own = this.#byAuthor.get(key.author) ?? new Map<string, AuthorKey>();
    this.#byAuthor.set(key.author, own);
    own.set(toHex(key.name), key);
    if (own.size <= KEYS_OF_AUTHOR_MAX) return undefined;
    const oldest = [...own.keys()].find((name) => name !== this.#current)!;
    const dropped = own.get(oldest)!;
    own.delete(oldest);
    return dropped;
  }

  #put(entries: Readonly<Record<string, unknown>>): void {
    this.#store.putAll(entries).catch(this.#failed);
  }
}

function placeOf({ author, name }: AuthorKey): string {
  return `k/${author} ${toHex(name)}`;
}
