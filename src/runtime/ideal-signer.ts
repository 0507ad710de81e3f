/**
 * Signatures offline: an ideal functionality, unforgeable and cheap.
 *
 * A signature is a keyed hash under a secret that only the simulation has; no algorithm can compute one for another node, and
 * a signature that was not made does not verify. It has the length of an Ed25519 signature, so that sizes are the live ones.
 */

import type { NodeId } from '../core/id.ts';
import { equalBytes, SIGNATURE_BYTES } from '../core/canonical.ts';
import type { Signer } from '../core/ports.ts';
import { Random } from '../core/random.ts';

/** Makes the signers of one simulation. */
export class IdealSignatures {
  readonly #secret: number;

  constructor(seed: number | string) {
    this.#secret = Random.stream(seed, 'signatures').bits();
  }

  /** The signer of one node: it signs as this node, and verifies for every node. */
  signerOf(id: NodeId): Signer {
    return {
      sign: (content) => this.#mark(id, content),
      verify: (signer, content, signature) => equalBytes(signature, this.#mark(signer, content)),
    };
  }

  #mark(signer: NodeId, content: Uint8Array): Uint8Array {
    let low = this.#secret;
    let high = this.#secret ^ 0x5bd1e995;
    const mix = (byte: number) => {
      low = Math.imul(low ^ byte, 0x01000193);
      high = Math.imul(high ^ byte, 0x85ebca6b) ^ (high >>> 15);
    };
    for (let i = 0; i < signer.length; i++) mix(signer.charCodeAt(i));
    mix(0x100);
    for (const byte of content) mix(byte);
    const signature = new Uint8Array(SIGNATURE_BYTES);
    const view = new DataView(signature.buffer);
    view.setUint32(0, low);
    view.setUint32(4, high);
    return signature;
  }
}
