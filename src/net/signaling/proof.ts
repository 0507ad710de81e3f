/**
 * The proof that a member holds the key it shows: an Ed25519 signature over what it joins as and a
 * nonce that the other side has just drawn. So a proof fits one connection, one room, one member and
 * one incarnation, and nothing that is signed elsewhere fits here: the tag is its own.
 */
import type { JoinMessage } from './protocol.ts';

/** What makes these bytes unlike all others that a key signs. */
export const PROOF_TAG = 'parley.signal.v1';

/** Random bytes of a challenge: no server draws the same ones twice. */
export const NONCE_BYTES = 32;

/** What a proof is about. */
export type ProofClaim = Pick<JoinMessage, 'room' | 'member' | 'incarnation' | 'publicKey'>;

/** What became of a proof: `weak` is a key for which anybody can make signatures. */
export type ProofVerdict = 'proven' | 'wrong' | 'weak';

/**
 * Judges whether `signature` over `content` was made with the secret of `publicKey`; the bytes of
 * both in hexadecimal. It must not throw or reject.
 */
export type ProofVerifier = (
  publicKey: string,
  content: Uint8Array,
  signature: string,
) => ProofVerdict | Promise<ProofVerdict>;

/**
 * The bytes that are signed: the UTF-8 of a JSON array of (tag, nonce, room, member, incarnation,
 * public key). Every field has one form and JSON sets them apart, so no two claims share their bytes.
 */
export function proofContent(nonce: string, claim: ProofClaim): Uint8Array {
  const { room, member, incarnation, publicKey } = claim;
  return new TextEncoder().encode(
    JSON.stringify([PROOF_TAG, nonce, room, member, incarnation, publicKey ?? null]),
  );
}
