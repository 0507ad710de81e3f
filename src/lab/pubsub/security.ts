/**
 * The three switches of a group: encryption of what is published, signatures of who published it, and proof of who is at the other end of a
 * link. All are on unless a program says otherwise, and then it is told each time what that means.
 */

import type { Signer } from '../../core/ports.ts';
import { SIGNATURE_BYTES } from '../../core/canonical.ts';
import { TopicKeys } from './topic-keys.ts';

/** What a program chooses. */
export interface SecurityOptions {
  /** Payloads are encrypted; `key`, or the key of the closed room, is needed for it. */
  readonly encryption?: boolean;
  /** Each batch bears its author's signature, and every member looks at it. */
  readonly signing?: boolean;
  /** Links prove who is at the other end. The links of a room do; other networks cannot. */
  readonly authentication?: boolean;
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
  readonly keys: TopicKeys | undefined;
  readonly signer: Signer;
  readonly warnings: readonly string[];
}

/** A switch is on and cannot be. The message says what is missing, and how one does without. */
export class SecurityError extends Error {
  override readonly name = 'SecurityError';
}

/** What follows from the choices. @throws {SecurityError} when something is on for which the means are missing */
export function securityOf(options: SecurityOptions, means: SecurityMeans): Security {
  const { encryption = true, signing = true, authentication = true } = options;
  const warnings: string[] = [];
  const key = options.key ?? means.roomKey;
  if (encryption && key === undefined) {
    throw new SecurityError(
      'there is no key to encrypt with: use a closed room (CODE#KEY), give security.key, or say security.encryption: false',
    );
  }
  if (signing && means.signer === undefined) {
    throw new SecurityError(
      'there is nobody who signs: give a signer, or say security.signing: false',
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
    keys: encryption ? new TopicKeys(key!) : undefined,
    signer: signing ? means.signer! : nobody,
    warnings,
  };
}

/** In the place of signatures, where they are off: zeros, and no other. */
const nobody: Signer = {
  sign: () => new Uint8Array(SIGNATURE_BYTES),
  verify: (_signer, _content, signature) => signature.every((byte) => byte === 0),
};
