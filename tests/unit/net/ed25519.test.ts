import { describe, expect, test } from 'vitest';
import type { Signer } from '../../../src/core/ports.ts';
import { Random } from '../../../src/core/random.ts';
import {
  fastestSigner,
  keyPairFrom,
  newKeyPair,
  syncSigner,
  syncSigners,
  type KeyPair,
} from '../../../src/net/ed25519.ts';
import { fromHex, toHex } from '../../../src/net/hex.ts';
import { fc } from '../../support/property.ts';

/** RFC 8032, section 7.1: secret key, public key, message, signature. */
const VECTORS: readonly (readonly [string, string, string, string])[] = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
];

const keys = new Map<string, KeyPair>([
  ['n1', keyPairFrom(Random.stream(1, 'n1').bytes(32))],
  ['n2', keyPairFrom(Random.stream(1, 'n2').bytes(32))],
]);
const book = (id: string) => keys.get(id)?.publicKey;

const kinds: readonly (readonly [name: string, make: (pair: KeyPair) => Promise<Signer>])[] = [
  ['noble', (pair) => Promise.resolve(syncSigner(pair, book))],
  ['WebCrypto', (pair) => fastestSigner(pair, book)],
];

for (const [name, make] of kinds) {
  describe(`the signer through ${name}`, () => {
    test.each(VECTORS)('signs as RFC 8032 does: %s', async (secret, key, message, signature) => {
      const pair = keyPairFrom(fromHex(secret));
      expect(toHex(pair.publicKey)).toBe(key);
      keys.set('rfc', pair);
      const signer = await make(pair);
      expect(toHex(await signer.sign(fromHex(message)))).toBe(signature);
      expect(await signer.verify('rfc', fromHex(message), fromHex(signature))).toBe(true);
    });

    test('refuses every change of signature, content and signer', async () => {
      const signer = await make(keys.get('n1')!);
      const content = Uint8Array.of(1, 2, 3);
      const signature = await signer.sign(content);
      expect(await signer.verify('n1', content, signature)).toBe(true);
      expect(await signer.verify('n2', content, signature)).toBe(false);
      expect(await signer.verify('n1', Uint8Array.of(1, 2, 4), signature)).toBe(false);
      for (let at = 0; at < signature.length; at++) {
        const changed = signature.slice();
        changed[at]! ^= 1 << (at % 8);
        expect(await signer.verify('n1', content, changed), `byte ${at}`).toBe(false);
      }
    });

    test('an unknown signer has signed nothing', async () => {
      const signer = await make(keys.get('n1')!);
      const signature = await signer.sign(Uint8Array.of(1));
      expect(await signer.verify('nobody', Uint8Array.of(1), signature)).toBe(false);
    });

    test('a key that is replaced is replaced', async () => {
      const replaced = new Map([['x', keys.get('n1')!.publicKey]]);
      const find = (id: string) => replaced.get(id);
      const signer =
        name === 'noble'
          ? syncSigner(keys.get('n1')!, find)
          : await fastestSigner(keys.get('n1')!, find);
      const signature = await signer.sign(Uint8Array.of(1));
      expect(await signer.verify('x', Uint8Array.of(1), signature)).toBe(true);
      replaced.set('x', keys.get('n2')!.publicKey);
      expect(await signer.verify('x', Uint8Array.of(1), signature)).toBe(false);
    });

    test.each([
      ['nothing', new Uint8Array(0)],
      ['too little', new Uint8Array(63)],
      ['too much', new Uint8Array(65)],
      ['zeros', new Uint8Array(64)],
      ['ones', new Uint8Array(64).fill(255)],
    ])('a signature of %s is none', async (_, signature) => {
      const signer = await make(keys.get('n1')!);
      expect(await signer.verify('n1', Uint8Array.of(1), signature)).toBe(false);
    });

    test.each([
      ['too short', new Uint8Array(31)],
      ['no point', new Uint8Array(32).fill(255)],
    ])('a key that is %s verifies nothing', async (_, publicKey) => {
      keys.set('bad', { secretKey: new Uint8Array(32), publicKey });
      const signer = await make(keys.get('n1')!);
      const signature = await signer.sign(Uint8Array.of(1));
      expect(await signer.verify('bad', Uint8Array.of(1), signature)).toBe(false);
    });
  });
}

describe('both ways', () => {
  test('make the same signatures', async () => {
    const slow = syncSigner(keys.get('n1')!, book);
    const fast = await fastestSigner(keys.get('n1')!, book);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        const signature = await fast.sign(content);
        expect(toHex(signature)).toBe(toHex(await slow.sign(content)));
        expect(await slow.verify('n1', content, signature)).toBe(true);
        expect(await fast.verify('n1', content, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('agree where WebCrypto alone would not: a point of small order as the key', async () => {
    // For this key and this signature ZIP-215 says yes to every message; without the cofactor
    // (RFC 8032's stricter equation) it is yes to one message in eight.
    const publicKey = fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const signature = new Uint8Array(64);
    signature[0] = 1;
    keys.set('crafted', { secretKey: new Uint8Array(32), publicKey });
    const slow = syncSigner(keys.get('n1')!, book);
    const fast = await fastestSigner(keys.get('n1')!, book);
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey('raw', publicKey as BufferSource, 'Ed25519', false, [
      'verify',
    ]);
    let disagreements = 0;
    for (let i = 0; i < 16; i++) {
      const content = Uint8Array.of(i);
      if (!(await subtle.verify('Ed25519', key, signature, content))) disagreements++;
      expect(await slow.verify('crafted', content, signature)).toBe(true);
      expect(await fast.verify('crafted', content, signature)).toBe(true);
    }
    expect(disagreements).toBeGreaterThan(0);
  });
});

describe('keys', () => {
  test('are new each time', () => {
    const [a, b] = [newKeyPair(), newKeyPair()];
    expect(a.secretKey).toHaveLength(32);
    expect(toHex(a.secretKey)).not.toBe(toHex(b.secretKey));
    expect(toHex(keyPairFrom(a.secretKey).publicKey)).toBe(toHex(a.publicKey));
  });

  test('of a simulation follow from its seed', async () => {
    const content = Uint8Array.of(1);
    const [one, same, other] = [1, 1, 2].map((seed) => syncSigners(seed, ['n1', 'n2']));
    const signature = await one!('n1').sign(content);
    expect(toHex(await same!('n1').sign(content))).toBe(toHex(signature));
    expect(toHex(await one!('n2').sign(content))).not.toBe(toHex(signature));
    expect(await same!('n2').verify('n1', content, signature)).toBe(true);
    expect(await same!('n2').verify('n2', content, signature)).toBe(false);
    expect(await other!('n2').verify('n1', content, signature)).toBe(false);
  });
});
