/** Proofs of keys (see `proof.ts`) with Ed25519: how a member makes them, and how a server or a page's hub judges them. */
import { isWeakKey, keyPairFrom, syncSigner } from '../ed25519.ts';
import { fromHex, toHex } from '../hex.ts';
import type { ProofVerifier } from './proof.ts';
import type { JoinRequest } from './signaling.ts';

/** What a join needs to show the key that follows from this secret, and to prove it. */
export function provenBy(secretKey: Uint8Array): Required<Pick<JoinRequest, 'publicKey' | 'sign'>> {
  const pair = keyPairFrom(secretKey);
  const signer = syncSigner(pair, () => undefined);
  return { publicKey: toHex(pair.publicKey), sign: (content) => signer.sign(content) };
}

/**
 * As everywhere (see `ed25519.ts`): WebCrypto's yes is a yes, its no is decided by noble, and so is
 * everything where there is no WebCrypto.
 */
export const verifyProof: ProofVerifier = async (publicKey, content, signature) => {
  const key = fromHex(publicKey);
  if (isWeakKey(key)) return 'weak';
  const bytes = fromHex(signature);
  const isProven =
    (await verifyWithWebCrypto(key, content, bytes)) || (await verifyHere(key, content, bytes));
  return isProven ? 'proven' : 'wrong';
};

async function verifyWithWebCrypto(
  publicKey: Uint8Array,
  content: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return false;
  try {
    const bytes = publicKey as BufferSource;
    const key = await subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, signature as BufferSource, content as BufferSource);
  } catch {
    // A WebCrypto that does not know Ed25519.
    return false;
  }
}

function verifyHere(
  publicKey: Uint8Array,
  content: Uint8Array,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  // A signer that only ever verifies: its own secret is never used.
  const signer = syncSigner({ secretKey: new Uint8Array(32), publicKey }, () => publicKey);
  return signer.verify('the member', content, signature);
}
