/** What a hostile node may write, form by form. */

import { Encoder } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { formatNamed } from '../../../src/net/format.ts';

const json = formatNamed('json');
const msgpack = formatNamed('msgpack');
const encoder = new TextEncoder();

describe('JSON', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{a: 1}'],
    ['more than one value', '1 2'],
    ['a number beyond all numbers', '1e999'],
    ['half a surrogate pair', '"\\ud800"'],
    ['a key with half a surrogate pair', '{"\\udc00": 1}'],
    ['the key __proto__', '{"__proto__": {"admin": true}}'],
    ['the key __proto__ over a number', '{"__proto__": 1}'],
    ['the key __proto__, deep inside', '[{"a": {"__proto__": []}}]'],
    ['a reserved key', '{"$other": 1}'],
    ['a reserved key beside another', '{"$bytes": "AA==", "a": 1}'],
    ['bytes that are no text', '{"$bytes": [1, 2]}'],
    ['bytes that are no base64', '{"$bytes": "***"}'],
    ['a signed value that is no list', '{"$signed": {}}'],
    ['a signed value with too little', '{"$signed": ["T", "p", "n1", {}]}'],
    ['a signed value with too much', '{"$signed": ["T", "p", "n1", {}, "", 1]}'],
    ['a signed value whose type is a number', '{"$signed": [1, "p", "n1", {}, ""]}'],
    ['a signed value whose signer is null', '{"$signed": ["T", "p", null, {}, ""]}'],
    ['a signed value whose fields are a list', '{"$signed": ["T", "p", "n1", [], ""]}'],
    ['a signed value whose fields are bytes', '{"$signed": ["T", "p", "n1", {"$bytes": ""}, ""]}'],
    [
      'a signed value whose fields are signed',
      '{"$signed": ["T", "p", "n1", {"$signed": ["T", "p", "n1", {}, ""]}, ""]}',
    ],
    ['a signed value whose signature is a number', '{"$signed": ["T", "p", "n1", {}, 5]}'],
    ['lists without end', '['.repeat(100_000)],
    ['lists that are too deep', '['.repeat(70) + ']'.repeat(70)],
    ['maps that are too deep', '{"a":'.repeat(70) + '1' + '}'.repeat(70)],
    ['signed values that are too deep', statements(70)],
  ])('%s is refused', (_, text) => {
    expect(() => json.decode(encoder.encode(text))).toThrow(/./);
  });

  test('what is not UTF-8 is refused as bad syntax', () => {
    expect(() => json.decode(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(SyntaxError);
    expect(() => json.decode(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toThrow(SyntaxError);
  });

  test('minus zero becomes zero', () => {
    expect(json.decode(encoder.encode('[-0, {"a": -0.0}]'))).toStrictEqual([0, { a: 0 }]);
  });

  test('names of methods are keys like others', () => {
    const map = { toString: '', valueOf: 1, constructor: null, hasOwnProperty: [] };
    expect(json.decode(encoder.encode(JSON.stringify([map])))).toStrictEqual([map]);
  });
});

function statements(depth: number): string {
  let text = '{}';
  for (let i = 0; i < depth; i++) text = `{"a": {"$signed": ["T", "p", "n1", ${text}, ""]}}`;
  return text;
}

describe('MessagePack', () => {
  test.each([
    ['nothing', ''],
    ['a byte that begins nothing', 'c1'],
    ['NaN', 'cb7ff8000000000000'],
    ['infinity', 'ca7f800000'],
    ['a timestamp', 'd6ff00000000'],
    ['an unknown extension', 'd40500'],
    ['a signed value that is none', 'd40100'],
    ['a signed value that is cut off', 'd70108040154040170'],
    ['half a surrogate pair', 'a3eda080'],
    ['the key __proto__', '81a95f5f70726f746f5f5f01'],
    ['a key that is a list', '819001'],
    ['a key that is nil', '81c001'],
    ['more than one value', '0101'],
    ['a text that is cut off', 'a461'],
    ['a number that is cut off', 'cb0000'],
    ['a length that is cut off', 'dc00'],
    ['a list that is cut off', '930102'],
    ['a map without its last value', '82a16101a162'],
  ])('%s is refused', (_, hex) => {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    expect(() => msgpack.decode(bytes)).toThrow(/./);
  });

  test.each([
    ['a list', 'ddffffffff'],
    ['a shorter list', 'dcffff'],
    ['a map', 'dfffffffff'],
    ['a text', 'dbffffffff'],
    ['bytes', 'c6ffffffff'],
    ['an extension', 'c9ffffffff01'],
    ['lists in lists', 'dd00ffffff'.repeat(20)],
    ['maps in maps', 'df00fffffea161'.repeat(20)],
  ])('%s that claims more than there is costs nothing', (_, hex) => {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    // Refused before the decoder makes room for what is claimed.
    expect(() => msgpack.decode(bytes)).toThrow(/claims to hold more|is cut off/);
  });

  test('a megabyte of lists in lists is refused', () => {
    const bytes = new Uint8Array(Buffer.from('91'.repeat(1 << 20) + 'c0', 'hex'));
    expect(() => msgpack.decode(bytes)).toThrow('nested too deeply');
  });

  test('every form that the library writes has the shape that is looked for', () => {
    const everything = [
      ...[0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32, -1, -32, -33, -128, -129, -32_769],
      ...[-(2 ** 31), -(2 ** 31) - 1, 1.5, true, false, null],
      ...[0, 31, 32, 255, 256, 65_535, 65_536].map((length) => 'x'.repeat(length)),
      ...[0, 255, 256, 65_535, 65_536].map((length) => new Uint8Array(length)),
      ...[15, 16, 65_535, 65_536].map((length) => Array.from({ length }, () => null)),
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i])),
    ];
    const library = new Encoder({ forceFloat32: true });
    for (const value of everything) {
      expect(() => msgpack.decode(library.encode(value))).not.toThrow();
      expect(() => msgpack.decode(library.encode([value, value]))).not.toThrow();
    }
  });
});
