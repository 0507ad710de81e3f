import { fc } from '../../support/property.ts';
import { describe, expect, test } from 'vitest';
import {
  decodeCanonical,
  encodeCanonical,
  equalBytes,
  equalValues,
} from '../../../src/core/canonical.ts';
import { ValueError } from '../../../src/core/errors.ts';
import { signedValue } from '../../../src/core/signed.ts';
import { VALUE_DEPTH_MAX, type Value } from '../../../src/core/value.ts';
import { nested, plain, values } from '../../support/values.ts';

describe('the encoding', () => {
  test.each([
    [null, '00'],
    [false, '01'],
    [true, '02'],
    [1, '033ff0000000000000'],
    [-0, '030000000000000000'],
    ['', '0400'],
    ['aé€𝄞', '040a61c3a9e282acf09d849e'],
    [Uint8Array.of(1, 255), '050201ff'],
    [[], '0600'],
    [[null, [true]], '0602000601' + '02'],
    [{}, '0700'],
    // In ascending order of UTF-16 units, whatever the order in which they were written.
    [{ b: 1, a: null }, '0702' + '040161' + '00' + '040162' + '033ff0000000000000'],
    [{ 10: null, 9: null }, '0702' + '04023130' + '00' + '040139' + '00'],
    [{ '\u{1f600}': null, '￿': null }, '0702' + '0404f09f9880' + '00' + '0403efbfbf' + '00'],
  ])('of %j is written down here, byte by byte', (value, bytes) => {
    expect(hex(encodeCanonical(value))).toBe(bytes);
  });

  test('of a signed value names type, path, signer, fields and signature', () => {
    const statement = { type: 'V', path: 'p', signer: 'n', fields: { a: true } };
    const signature = Uint8Array.of(7, 8);
    expect(hex(encodeCanonical(signedValue({ ...statement, signature })))).toBe(
      '08' + '040156' + '040170' + '04016e' + '0701' + '040161' + '02' + '05020708',
    );
    expect(hex(encodeCanonical(signedValue({ ...statement, signature: undefined })))).toBe(
      '08' + '040156' + '040170' + '04016e' + '0701' + '040161' + '02' + '0500',
    );
  });

  test.each([0, 1, 127, 128, 16_383, 16_384, 70_000])('carries a text of %i bytes', (length) => {
    const text = 'x'.repeat(length);
    expect(decodeCanonical(encodeCanonical(text))).toBe(text);
    expect(plain(decodeCanonical(encodeCanonical(new Uint8Array(length))))).toStrictEqual(
      plain(new Uint8Array(length)),
    );
  });

  test('gives every value back', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(plain(decodeCanonical(encodeCanonical(value)))).toStrictEqual(plain(value));
      }),
    );
  });

  test('gives what lies in the middle of a larger buffer back', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCanonical(value);
        const larger = new Uint8Array(bytes.length + 20).fill(0xff);
        larger.set(bytes, 7);
        const view = larger.subarray(7, 7 + bytes.length);
        expect(plain(decodeCanonical(view))).toStrictEqual(plain(value));
      }),
    );
  });

  test('is one to one: different values have different bytes', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const equal = equalBytes(encodeCanonical(a), encodeCanonical(b));
        expect(equal).toBe(JSON.stringify(comparable(a)) === JSON.stringify(comparable(b)));
        expect(equalValues(a, b)).toBe(equal);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [['ab'], ['a', 'b']],
    [{ a: { b: 1 } }, { 'a.b': 1 }],
    [[[], []], [[[]]]],
    ['1', 1],
    [0, false],
    [null, {}],
    [[], {}],
    ['', new Uint8Array(0)],
    [{ a: null }, {}],
    [Uint8Array.of(97), 'a'],
  ])('%j and %j are not the same', (a, b) => {
    expect(equalValues(a, b)).toBe(false);
  });

  test('the order of keys means nothing', () => {
    expect(equalValues({ a: 1, b: [2], c: 'x' }, { c: 'x', a: 1, b: [2] })).toBe(true);
  });
});

describe('decoding', () => {
  test('takes exactly one spelling of each value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const value = decodedOrError(bytes);
        if (value instanceof ValueError) return;
        expect(hex(encodeCanonical(value))).toBe(hex(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  test('refuses every truncation, and more bytes behind', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCanonical(value);
        for (let length = 0; length < bytes.length; length++) {
          expect(decodedOrError(bytes.subarray(0, length))).toBeInstanceOf(ValueError);
        }
        expect(decodedOrError(Uint8Array.of(...bytes, 0))).toBeInstanceOf(ValueError);
      }),
      { numRuns: 50 },
    );
  });

  test('never takes a changed byte for the same value', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, change) => {
        const bytes = encodeCanonical(value);
        const mutant = bytes.slice();
        mutant[place % mutant.length]! ^= change;
        const decoded = decodedOrError(mutant);
        if (decoded instanceof ValueError) return;
        expect(hex(encodeCanonical(decoded))).toBe(hex(mutant));
        expect(equalValues(decoded, value)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['nothing', ''],
    ['an unknown tag', '09'],
    ['a length longer than needed', '048000'],
    ['a length with a sixth byte', '048080808080' + '01'],
    ['a length beyond all bytes', '04ffffffff7f'],
    ['a list that claims more than there is', '06ffffffff0f'],
    ['minus zero', '038000000000000000'],
    ['NaN', '037ff8000000000000'],
    ['infinity', '037ff0000000000000'],
    ['keys out of order', '0702' + '040162' + '00' + '040161' + '00'],
    ['a key twice', '0702' + '040161' + '00' + '040161' + '00'],
    ['a key that is no text', '0701' + '0500' + '00'],
    ['the key __proto__', '0701' + '04095f5f70726f746f5f5f' + '00'],
    ['an overlong character', '0402c080'],
    ['an overlong character of three bytes', '0403e08080'],
    ['an overlong character of four bytes', '0404f0808080'],
    ['a surrogate', '0403eda080'],
    ['the other half of a pair', '0403edb080'],
    ['a pair in six bytes', '0406eda080edb080'],
    ['a surrogate in four bytes', '0404f08da080'],
    ['a character beyond Unicode', '0404f4908080'],
    ['a byte that begins nothing', '0401ff'],
    ['a byte that only continues', '040180'],
    ['half a character', '0401c3'],
    ['a character cut off by the end of its text', '0602' + '0401c3' + '0401a9'],
    ['a signed value without fields', '08' + '0400' + '0400' + '0400' + '00' + '0500'],
    ['a signed value whose signature is a text', '08' + '0400' + '0400' + '0400' + '0700' + '0400'],
    ['a signed value whose signer is a number', '08' + '0400' + '0400' + '00' + '0700' + '0500'],
  ])('refuses %s', (_, bytes) => {
    expect(decodedOrError(fromHex(bytes))).toBeInstanceOf(ValueError);
  });

  test('takes what encoding takes, to the deepest value', () => {
    for (const core of ['leaf', 1, null, Uint8Array.of(1), [], {}]) {
      const depth = VALUE_DEPTH_MAX + (typeof core === 'object' && core !== null ? 0 : 1);
      const deepest = nested(core instanceof Uint8Array ? VALUE_DEPTH_MAX : depth, core);
      expect(plain(decodeCanonical(encodeCanonical(deepest)))).toStrictEqual(plain(deepest));
    }
  });

  test('refuses deeper ones before the stack ends', () => {
    for (const one of ['0601', '0701' + '040161']) {
      expect(decodedOrError(fromHex(one.repeat(100_000) + '00'))).toBeInstanceOf(ValueError);
    }
    const statement = '08' + '0400' + '0400' + '0400' + '0701' + '040161';
    expect(decodedOrError(fromHex(statement.repeat(100_000)))).toBeInstanceOf(ValueError);
  });

  test('what could not be read again is not written', () => {
    const statement = { type: 'T', path: 'p', signer: 'n1', signature: undefined };
    const around = (value: Value, depth: number) => {
      let result = value;
      for (let i = 0; i < depth; i++) result = signedValue({ ...statement, fields: { result } });
      return result;
    };
    // Each takes two: itself, and the map of its fields.
    for (const core of [[], {}] as const) {
      const deepest = around(core, VALUE_DEPTH_MAX / 2);
      expect(plain(decodeCanonical(encodeCanonical(deepest)))).toStrictEqual(plain(deepest));
      const deeper = around([core], VALUE_DEPTH_MAX / 2);
      expect(() => encodeCanonical(deeper)).toThrow('nested too deeply');
    }
    expect(() => encodeCanonical(around(1, 1000))).toThrow('nested too deeply');
  });

  test('gives bytes that do not change with the input', () => {
    const bytes = encodeCanonical([Uint8Array.of(1, 2)]);
    const [content] = decodeCanonical(bytes) as [Uint8Array];
    bytes.fill(0);
    expect(plain(content)).toStrictEqual({ bytes: [1, 2] });
  });
});

/** Plain data in which JSON.stringify tells all values apart: 0 from '0', an absent signature from an empty one. */
function comparable(value: unknown): unknown {
  const print = (part: unknown): unknown => {
    if (part instanceof Map) return ['map', [...part].map(print)];
    if (Array.isArray(part)) return part.map(print);
    if (part === undefined) return 'absent';
    if (typeof part === 'object' && part !== null) {
      return Object.entries(part).map(([key, item]) => [key, print(item)]);
    }
    return [typeof part, part];
  };
  return print(plain(value));
}

function decodedOrError(bytes: Uint8Array): unknown {
  try {
    return decodeCanonical(bytes);
  } catch (error) {
    return error;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
