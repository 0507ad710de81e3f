import { fc } from '../../support/property.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { keyPairFrom, newKeyPair } from '../../../src/net/ed25519.ts';
import { fromHex, toHex } from '../../../src/net/hex.ts';
import { provenBy, verifyProof } from '../../../src/net/signaling/ed25519-proof.ts';
import { proofContent, type ProofClaim } from '../../../src/net/signaling/proof.ts';

const claims: fc.Arbitrary<ProofClaim & { nonce: string }> = fc.record({
  nonce: fc.constantFrom('00'.repeat(32), 'ff'.repeat(32)),
  room: fc.constantFrom('ROOM', 'ROOM-1', 'room'),
  member: fc.constantFrom('member-1', 'member-1"', 'member-1","ROOM', 'member-1\\'),
  incarnation: fc.integer({ min: 1, max: 12 }),
  publicKey: fc.constantFrom('ab'.repeat(32), 'cd'.repeat(32)),
});

test('two claims have the same bytes only if they are the same', () => {
  fc.assert(
    fc.property(claims, claims, (a, b) => {
      const isSameClaim = JSON.stringify(Object.entries(a)) === JSON.stringify(Object.entries(b));
      const isSameContent = toHex(proofContent(a.nonce, a)) === toHex(proofContent(b.nonce, b));
      expect(isSameContent).toBe(isSameClaim);
    }),
    { numRuns: 2_000 },
  );
});

test('the bytes are these, in every version of this protocol', () => {
  const claim = {
    room: 'R-1',
    member: 'member-1',
    incarnation: 7,
    publicKey: 'ab'.repeat(32),
    name: 'not a part of it',
  };
  expect(new TextDecoder().decode(proofContent('0f'.repeat(32), claim))).toBe(
    `["parley.signal.v1","${'0f'.repeat(32)}","R-1","member-1",7,"${'ab'.repeat(32)}"]`,
  );
});

describe.each(['WebCrypto', 'noble alone'])('verification with %s', (engine) => {
  afterEach(() => vi.unstubAllGlobals());

  test('accepts the proof of the key and nothing else', async () => {
    if (engine === 'noble alone') vi.stubGlobal('crypto', { getRandomValues: randomValues });
    const { secretKey } = newKeyPair();
    const { publicKey, sign } = provenBy(secretKey);
    expect(publicKey).toBe(toHex(keyPairFrom(secretKey).publicKey));
    const content = proofContent('00'.repeat(32), { room: 'R', member: 'm', incarnation: 1 });
    const signature = toHex(await sign(content));
    expect(await verifyProof(publicKey, content, signature)).toBe('proven');
    const flipped = toHex(fromHex(signature).map((byte, index) => (index === 9 ? byte ^ 1 : byte)));
    expect(await verifyProof(publicKey, content, flipped)).toBe('wrong');
    const other = provenBy(newKeyPair().secretKey).publicKey;
    expect(await verifyProof(other, content, signature)).toBe('wrong');
    expect(await verifyProof(publicKey, content.slice(1), signature)).toBe('wrong');
  });

  test('refuses keys of small order and bytes that are no key', async () => {
    if (engine === 'noble alone') vi.stubGlobal('crypto', { getRandomValues: randomValues });
    // The neutral element and a point of order 8 (RFC 8032's encoding), and no point at all.
    const keys = [
      `01${'00'.repeat(31)}`,
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      `02${'00'.repeat(31)}`,
    ];
    for (const key of keys) {
      const neutral = `01${'00'.repeat(63)}`;
      expect(await verifyProof(key, new Uint8Array([1]), neutral)).toBe('weak');
    }
  });
});

const randomValues = crypto.getRandomValues.bind(crypto);
