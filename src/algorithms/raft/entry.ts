/** What a log holds. */

import { encodeCanonical } from '../../core/canonical.ts';
import type { Value } from '../../core/value.ts';

/**
 * `noop` opens a term (section 6.4), `command` is the clients’, `configuration` names the members (section 4.1), `settings` changes
 * the cluster’s settings; a `stub` stands for a command at a witness, which keeps terms and indexes only.
 */
export type EntryKind = 'noop' | 'command' | 'configuration' | 'settings' | 'stub';

/** What is proposed: an entry without a place. */
export interface Proposal {
  readonly term: number;
  readonly kind: EntryKind;
  readonly data: Value;
}

/** An entry at its place. Frozen: logs and their forks share it. */
export interface Entry extends Proposal {
  readonly index: number;
  /** Bytes of its content, for limits. */
  readonly size: number;
  /** Digest of its content. */
  readonly digest: number;
  /** Digest of the log up to and with this entry. */
  readonly chain: number;
}

/** Places an entry behind one whose chain is `chain`. */
export function placed(proposal: Proposal, index: number, chain: number): Entry {
  const { term, kind, data } = proposal;
  const bytes = encodeCanonical(data);
  // A stub bears the digest of what it stands for, so that a witness’s log has the same chain.
  const digest = kind === 'stub' ? Number(data) : mix(fold(bytes), kind.length);
  const entry = { term, kind, data, index, size: bytes.length + OVERHEAD_BYTES, digest };
  return Object.freeze({ ...entry, chain: mix(mix(chain, term), digest) });
}

/** What a witness gets instead of a command: everything that elections and commitment need. */
export function stubOf({ term, kind, data, digest }: Entry): Proposal {
  return kind === 'command' ? { term, kind: 'stub', data: digest } : { term, kind, data };
}

/** What an entry costs on the wire and on the disk besides its data, about. */
const OVERHEAD_BYTES = 32;

/** A 32-bit checksum of bytes (FNV-1a with a final mix); against accidents, not against enemies. */
export function fold(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return finish(hash);
}

/** Digest of a digest and what follows it; 53 bits, of which 32 are mixed at a time. */
export function mix(chain: number, next: number): number {
  const low = finish(Math.imul(chain ^ next, 0x9e3779b1) ^ (next / 0x100000000));
  const high = finish(Math.imul(low ^ (chain / 0x100000000), 0x85ebca6b) ^ next);
  return (high & 0x1fffff) * 0x100000000 + low;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
