/**
 * The three switches of a group: encryption of what is published, signatures of who published it, and proof of who is at the other end of a
 * link. All are on unless a program says otherwise, and then it is told each time what that means.
 */

import type { Signer } from '../../core/ports.ts';
import { SIGNATURE_BYTES } from '../../core/canonical.ts';
import { mustBeKey } from './given.ts';
import { TopicKeys } from './topic-keys.ts';

/** What a program chooses. */
export interface SecurityOptions {
  /** Payloads are encrypted. */
  readonly encryption?: boolean;
  /** Each batch bears its author's signature, and every member looks at it. */
  readonly signing?: boolean;
  /** Links prove who is at the other end. The links of a room do; other networks cannot. */
  readonly authentication?: boolean;
  /**
   * `shared`: one key for all, `key` or that of the closed room. `distributed`: members make keys and give them to each other, and make new
   * ones when somebody is put out or leaves. Unless it is said: `shared` where there is a key, and `distributed` where there is none.
   */
  readonly keys?: 'shared' | 'distributed';
  /** The key of the group: 16 bytes or more. For a passphrase see `roomKeyOfPassphrase`. */
  readonly key?: Uint8Array;
}

/** What there is to work with. */
export interface SecurityMeans {
  /** Of a room: proves members, and its key. */
  readonly provesLinks: boolean;
  readonly roomKey: Uint8Array | undefined;
  readonly signer: Signer | undefined;
}

/** What is in force, and what is not. */
export interface Security {
  /** The group's key; `distributed` where members make them; undefined where nothing is encrypted. */
  readonly keys: TopicKeys | 'distributed' | undefined;
  readonly signer: Signer;
  readonly warnings: readonly string[];
}

/** A switch is on and cannot be. The message says what is missing, and how one does without. */
export class SecurityError extends Error {
  override readonly name = 'SecurityError';
}

/** What follows from the choices. @throws {SecurityError} when something is on for which the means are missing; {TypeError} when the key is none */
export function securityOf(options: SecurityOptions, means: SecurityMeans): Security {
  const { encryption = true, signing = true, authentication = true } = options;
  const warnings: string[] = [];
  if (options.key !== undefined) mustBeKey('security.key', options.key);
  const key = options.key ?? means.roomKey;
  const sharing = options.keys ?? (key === undefined ? 'distributed' : 'shared');
  if (encryption && sharing === 'shared' && key === undefined) {
    throw new SecurityError(
      'there is no key to share: use a closed room (CODE#KEY), give security.key, or say security.keys: distributed',
    );
  }
  if (signing && means.signer === undefined) {
    throw new SecurityError(
      'there is nobody who signs: give a signer, or say security.signing: false',
    );
  }
  if (encryption && sharing === 'distributed' && !signing) {
    throw new SecurityError(
      'keys that members give to each other need signatures: give security.key, or say security.encryption: false',
    );
  }
  if (authentication && !means.provesLinks) {
    throw new SecurityError(
      'this network cannot prove who is at the other end: use a room, or say security.authentication: false',
    );
  }
  if (!encryption) warnings.push('encryption is off: whoever carries a message can read it');
  if (!signing) warnings.push('signing is off: any member can speak in the name of another');
  if (!authentication)
    warnings.push('authentication is off: whoever reaches the network is a member');
  return {
    keys: encryption ? (sharing === 'shared' ? new TopicKeys(key!) : sharing) : undefined,
    signer: signing ? means.signer! : nobody,
    warnings,
  };
}

/** In the place of signatures, where they are off: zeros, and no other. */
const nobody: Signer = {
  sign: () => new Uint8Array(SIGNATURE_BYTES),
  verify: (_signer, _content, signature) => signature.every((byte) => byte === 0),
};
