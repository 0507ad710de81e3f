import { expect, test } from 'vitest';
import { isWellFormed, utf8Length, writeUtf8 } from '../../../src/core/utf8.ts';
import { fc } from '../../support/property.ts';
import { texts } from '../../support/values.ts';

const encoder = new TextEncoder();

test('texts are written as TextEncoder writes them', () => {
  fc.assert(
    fc.property(texts, fc.nat({ max: 5 }), (text, offset) => {
      const expected = encoder.encode(text);
      expect(utf8Length(text)).toBe(expected.length);
      const bytes = new Uint8Array(offset + expected.length);
      expect(writeUtf8(text, bytes, offset)).toBe(bytes.length);
      expect([...bytes.subarray(offset)]).toEqual([...expected]);
      expect([...bytes.subarray(0, offset)].every((byte) => byte === 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a text is well formed exactly when UTF-8 gives it back', () => {
  // All sixteen-bit units: halves of pairs, alone and together, among them.
  const units = fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd7ff, max: 0xe000 }));
  const anyText = fc.array(units, { maxLength: 6 }).map((list) => String.fromCharCode(...list));
  fc.assert(
    fc.property(anyText, (text) => {
      const survives = new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoder.encode(text));
      expect(isWellFormed(text)).toBe(survives === text);
    }),
    { numRuns: 2000 },
  );
});
