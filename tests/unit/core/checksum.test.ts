import { describe, expect, test } from 'vitest';
import { checksum } from '../../../src/core/checksum.ts';
import { fc } from '../../support/property.ts';

const text = new TextEncoder();

describe('a checksum', () => {
  test('is the CRC-32 of the standard', () => {
    // The check value of the polynomial, as its catalogues list it, and two more that zip prints.
    expect(checksum(text.encode('123456789'))).toBe(0xcbf43926);
    expect(checksum(new Uint8Array(0))).toBe(0);
    expect(checksum(text.encode('The quick brown fox jumps over the lazy dog'))).toBe(0x414fa339);
  });

  test('of parts is that of the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(checksum(b, checksum(a))).toBe(checksum(Uint8Array.of(...a, ...b)));
      }),
    );
  });

  test('changes with every single bit', () => {
    const bytes = text.encode('a record');
    const sums = new Set([checksum(bytes)]);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      sums.add(checksum(damaged));
    }
    expect(sums.size).toBe(bytes.length * 8 + 1);
  });
});
