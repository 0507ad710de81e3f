import { expect, test } from 'vitest';
import { base64Length, fromBase64, toBase64 } from '../../../src/net/base64.ts';
import { fc } from '../../support/property.ts';

test('bytes are written as Node writes them, and read again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(text).toHaveLength(base64Length(bytes.length));
      expect([...fromBase64(text)]).toEqual([...bytes]);
    }),
  );
});

test('long ones too', () => {
  const bytes = new Uint8Array(100_000).map((_, i) => i % 251);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

test.each(['*', 'A', 'AAAAA', 'AA=A', 'é'])('%j is refused', (text) => {
  expect(() => fromBase64(text)).toThrow(SyntaxError);
});
