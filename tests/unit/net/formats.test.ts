import { describe, expect, test } from 'vitest';
import { encodeCanonical, equalValues, SIGNATURE_BYTES } from '../../../src/core/canonical.ts';
import { ValueError } from '../../../src/core/errors.ts';
import { isSigned, signedValue, statementOf, type AnySigned } from '../../../src/core/signed.ts';
import { toValue, VALUE_DEPTH_MAX, type Value } from '../../../src/core/value.ts';
import { syncSigners } from '../../../src/net/ed25519.ts';
import { FORMAT_NAMES, formatNamed } from '../../../src/net/format.ts';
import { Signatures } from '../../../src/runtime/signatures.ts';
import { fc } from '../../support/property.ts';
import { nested, plain, signedValues, values } from '../../support/values.ts';

const formats = FORMAT_NAMES.map(formatNamed);

/** Lengths on both sides of every header that MessagePack has. */
const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 65_535, 65_536];

/** Numbers on both sides of every form of a number. */
const NUMBERS = [
  ...[0x1f, 0x20, 0x21, 0x7f, 0x80, 0x81, 0xff, 0x100, 0x7fff, 0x8000, 0x8001, 0xffff, 0x10000],
  ...[0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x100000000, 2 ** 53 - 1, 2 ** 53],
  ...[0.5, 1e21, 1e20, 1e-7, 123456789.125, 5e-324, Number.MAX_VALUE],
].flatMap((number) => [number, -number]);

for (const format of formats) {
  describe(format.name, () => {
    test('gives every value back, and knows its size', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = format.encode(value);
          expect(plain(format.decode(bytes))).toStrictEqual(plain(value));
          const size = format.size(value);
          sign(value);
          expect(size).toBe(format.encode(value).length);
          expect(format.size(value)).toBe(size);
        }),
        { numRuns: 300 },
      );
    });

    test('gives signed values back byte for byte', () => {
      fc.assert(
        fc.property(signedValues, (value) => {
          const back = format.decode(format.encode(value));
          expect(equalValues(back, value)).toBe(true);
        }),
      );
    });

    test.each(LENGTHS)('carries texts, bytes, lists and maps of length %i', (length) => {
      const keys = Array.from({ length }, (_, i) => [`k${i}`, null] as const);
      const items: readonly Value[] = [
        'x'.repeat(length),
        // Three bytes each in UTF-8: the header counts bytes.
        '€'.repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3),
        new Uint8Array(length).fill(7),
        Array.from({ length }, () => null),
        Object.fromEntries(keys),
      ];
      for (const item of items) {
        const bytes = format.encode(item);
        expect(format.size(item)).toBe(bytes.length);
        // Comparing 65 536 items with `toEqual` would take seconds.
        expect(equalValues(format.decode(bytes), item)).toBe(true);
      }
    });

    test.each([16, 17, 255, 256, 65_535, 65_536])(
      'carries a signed value of %i canonical bytes',
      (length) => {
        const value = signedOf(length);
        expect(encodeCanonical(value)).toHaveLength(length);
        const bytes = format.encode(value);
        expect(format.size(value)).toBe(bytes.length);
        expect(equalValues(format.decode(bytes), value)).toBe(true);
      },
    );

    test('carries numbers on both sides of every boundary', () => {
      for (const number of NUMBERS) {
        const bytes = format.encode(number);
        expect(format.decode(bytes), String(number)).toBe(number);
        expect(format.size(number), String(number)).toBe(bytes.length);
      }
    });

    test('carries every character that is written in its own way', () => {
      for (let unit = 0; unit < 0x800; unit++) sameText(String.fromCharCode(unit));
      for (const text of ['߿', 'ࠀ', '￿', '\u{10000}', '\u{10ffff}', '\u2028', '﻿x']) {
        sameText(text);
      }
      function sameText(text: string) {
        const bytes = format.encode({ [text]: text });
        expect(format.decode(bytes), JSON.stringify(text)).toEqual({ [text]: text });
        expect(format.size({ [text]: text }), JSON.stringify(text)).toBe(bytes.length);
      }
    });

    test('keeps the keys that it uses itself apart', () => {
      for (const key of ['$', '$$', '$bytes', '$signed', '$$bytes', '$x']) {
        const map = { [key]: 'AAAA' };
        expect(format.decode(format.encode(map))).toStrictEqual(map);
      }
    });

    test('carries what is as deep as may be, and nothing deeper', () => {
      const deepest = toValue(nested(VALUE_DEPTH_MAX, []));
      expect(plain(format.decode(format.encode(deepest)))).toStrictEqual(plain(deepest));
      const deeper = nested(VALUE_DEPTH_MAX + 1, []) as Value;
      expect(() => format.decode(format.encode(deeper))).toThrow(ValueError);
    });

    describe('hostile bytes', () => {
      test('never become anything outside the domain', () => {
        fc.assert(
          fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
            expectDomainOrRefusal(bytes);
          }),
          { numRuns: 5000 },
        );
      });

      test('that begin honestly never do either', () => {
        const change = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) });
        fc.assert(
          fc.property(values, fc.array(change, { minLength: 1, maxLength: 3 }), (value, list) => {
            const bytes = format.encode(value).slice();
            for (const { at, to } of list) bytes[at % bytes.length] = to;
            expectDomainOrRefusal(bytes);
          }),
          { numRuns: 2000 },
        );
      });

      test('that end too early are refused, and so is more than one value', () => {
        fc.assert(
          fc.property(values, (value) => {
            const bytes = format.encode(value);
            for (let length = 0; length < bytes.length; length++) {
              const cut = refusal(bytes.subarray(0, length));
              // The beginning of a number in JSON is a number.
              if (cut === undefined) expect(typeof value).toBe('number');
            }
            expect(refusal(Uint8Array.of(...bytes, ...format.encode(null)))).toBeDefined();
          }),
          { numRuns: 50 },
        );
      });

      function refusal(bytes: Uint8Array): unknown {
        try {
          format.decode(bytes);
        } catch (error) {
          return error;
        }
        return undefined;
      }

      function expectDomainOrRefusal(bytes: Uint8Array) {
        let value: Value;
        try {
          value = format.decode(bytes);
        } catch (error) {
          const isExpected = error instanceof ValueError || error instanceof SyntaxError;
          expect(isExpected, String(error)).toBe(true);
          return;
        }
        expect(plain(toValue(value))).toStrictEqual(plain(value));
        expect(plain(format.decode(format.encode(value)))).toStrictEqual(plain(value));
      }
    });
  });
}

describe('a signature', () => {
  const signerOf = syncSigners(7, ['n1', 'n2']);
  const mine = new Signatures('run', 'n1', signerOf('n1'));
  const theirs = new Signatures('run', 'n2', signerOf('n2'));

  test('is the same in both formats, and holds after any number of changes between them', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values, { noNullPrototype: true }), (fields) => {
        const value = unsigned(toValue(withoutProto(fields)) as Record<string, Value>);
        expect(mine.sign([value])).toBeUndefined();
        let travelling: Value = value;
        for (const format of [...formats, ...formats]) {
          travelling = format.decode(format.encode(travelling));
          expect(isSigned(travelling) && theirs.verify([travelling], 'p')).toBe(true);
        }
        expect(plain(travelling)).toStrictEqual(plain(value));
      }),
      { numRuns: 25 },
    );
  });

  test('does not hold when one field was changed on the way', () => {
    const value = unsigned({ yes: true });
    void mine.sign([value]);
    const { fields: _, ...statement } = statementOf(value);
    const changed = signedValue({ ...statement, fields: { yes: false } });
    for (const format of formats) {
      const received = format.decode(format.encode(changed)) as AnySigned;
      expect(theirs.verify([received], 'p')).toBe(false);
    }
  });

  function unsigned(fields: Record<string, Value>): AnySigned {
    return signedValue({ type: 'T', path: 'p', signer: 'n1', fields, signature: undefined });
  }
});

/** Makes the signatures that are missing in a value. */
function sign(value: Value): void {
  toValue(value, (signed) => {
    statementOf(signed).signature ??= new Uint8Array(SIGNATURE_BYTES).fill(1);
  });
}

/** A signed value whose canonical encoding has this length. */
function signedOf(length: number): AnySigned {
  for (let pad = 0; ; pad++) {
    const value = signedValue({
      type: 'T',
      path: '',
      signer: '',
      fields: {},
      signature: new Uint8Array(pad + Math.max(0, length - 30)),
    });
    const actual = encodeCanonical(value).length;
    if (actual === length) return value;
    // The length of the signature takes one more byte at some lengths: the type makes up for it.
    if (actual > length) {
      const { signature, ...rest } = statementOf(value);
      return signedValue({ ...rest, type: 'TT', signature: signature!.subarray(2) });
    }
  }
}

function withoutProto(map: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== '__proto__'));
}
