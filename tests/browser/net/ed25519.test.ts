/** Signatures as the browser makes them: WebCrypto here, noble where a page has none; every node must agree with every other. */

import { describe, expect, test } from 'vitest';
import { fastestSigner, keyPairFrom, syncSigner } from '../../../src/net/ed25519.ts';
import { fromHex, toHex } from '../../../src/net/hex.ts';

/** RFC 8032, section 7.1, test 2. */
const SECRET = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
const SIGNATURE =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
  '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

/** A point of small order, under which ZIP-215 accepts the signature below for every message. */
const CRAFTED = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a';

const pair = keyPairFrom(fromHex(SECRET));
const book = (id: string) => (id === 'n1' ? pair.publicKey : fromHex(CRAFTED));

describe('both ways in a browser', () => {
  test('sign as RFC 8032 does', async () => {
    for (const signer of [syncSigner(pair, book), await fastestSigner(pair, book)]) {
      const signature = await signer.sign(Uint8Array.of(0x72));
      expect(toHex(signature)).toBe(SIGNATURE);
      expect(await signer.verify('n1', Uint8Array.of(0x72), signature)).toBe(true);
      expect(await signer.verify('n1', Uint8Array.of(0x73), signature)).toBe(false);
    }
  });

  test('agree about crafted signatures, which would split nodes that do not', async () => {
    const signature = new Uint8Array(64);
    signature[0] = 1;
    for (const signer of [syncSigner(pair, book), await fastestSigner(pair, book)]) {
      for (let i = 0; i < 16; i++) {
        expect(await signer.verify('crafted', Uint8Array.of(i), signature)).toBe(true);
      }
    }
  });
});
