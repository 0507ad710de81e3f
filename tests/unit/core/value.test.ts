import { fc } from '../../support/property.ts';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../../src/core/errors.ts';
import { isSigned, signedValue, type AnySigned } from '../../../src/core/signed.ts';
import { toValue, VALUE_DEPTH_MAX, type Value } from '../../../src/core/value.ts';
import { nested, plain, values } from '../../support/values.ts';

describe('what may travel', () => {
  test('every value of the domain is taken as it is', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(plain(toValue(value))).toStrictEqual(plain(value));
      }),
    );
  });

  test('minus zero becomes zero, wherever it stands', () => {
    expect(toValue([-0, { a: -0 }, [-0], -0.0])).toStrictEqual([0, { a: 0 }, [0], 0]);
    expect(toValue(-0)).toBe(0);
  });

  test('a map entry that is undefined is absent', () => {
    expect(toValue({ a: 1, b: undefined })).toStrictEqual({ a: 1 });
  });

  test('maps without a prototype are maps', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(toValue(bare)).toStrictEqual({ a: 1 });
    expect(toValue({ inner: bare, list: [bare] })).toStrictEqual({
      inner: { a: 1 },
      list: [{ a: 1 }],
    });
  });

  test('numbers keep every bit', () => {
    for (const number of [0.1, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, -1, 0xffffffff, 2 ** 32]) {
      expect(toValue([number, { number }])).toStrictEqual([number, { number }]);
    }
  });
});

const refused: readonly (readonly [name: string, input: unknown, path: string])[] = [
  ['undefined', undefined, 'the value'],
  ['undefined in a list', { a: [1, undefined] }, 'a[1]'],
  ['a hole in a list', Object.assign([], { 1: 'behind it' }), '[0]'],
  ['NaN', { deep: [{ rate: NaN }] }, 'deep[0].rate'],
  ['infinity', [Infinity], '[0]'],
  ['minus infinity', { a: -Infinity }, 'a'],
  ['half a surrogate pair', { a: ['ok', '\ud800'] }, 'a[1]'],
  ['the other half', '\udc00', 'the value'],
  ['halves in the wrong order', ['\udc00\ud800'], '[0]'],
  ['a key with half a surrogate pair', { outer: { '\ud800': 1 } }, 'outer'],
  ['a Map', { votes: new Map() }, 'votes'],
  ['a Set', [new Set()], '[0]'],
  ['a Date', { at: new Date(0) }, 'at'],
  ['a RegExp', [/x/], '[0]'],
  ['a function', { f: () => 1 }, 'f'],
  ['a symbol', { s: Symbol('s') }, 's'],
  ['a bigint', [{ big: 10n }], '[0].big'],
  ['a class of one’s own', { x: new (class Own {})() }, 'x'],
  ['a boxed number', [Object(1)], '[0]'],
  [
    'an object that says it is a number',
    [{ valueOf: () => 1, toString: () => '1' }],
    '[0].valueOf',
  ],
  ['other bytes', { words: new Uint16Array(1) }, 'words'],
  ['an ArrayBuffer', [new ArrayBuffer(1)], '[0]'],
  ['a promise', { p: Promise.resolve() }, 'p'],
];

describe('what may not travel is refused, and the place is named', () => {
  for (const [name, input, path] of refused) {
    test(name, () => {
      const error = errorOf(input);
      expect(error).toBeInstanceOf(ValueError);
      expect(error.message.startsWith(`${path} `), error.message).toBe(true);
    });
  }

  test('a Map says what to use instead', () => {
    expect(errorOf(new Map()).message).toBe(
      'the value is a Map, which cannot travel; use a list or a map',
    );
  });

  test.each([
    ['a map', '{"__proto__": {"admin": true}}'],
    ['a list', '{"__proto__": []}'],
    ['a number', '{"__proto__": 5}'],
    ['a text', '{"a": {"__proto__": "x"}}'],
    ['null', '{"__proto__": null}'],
  ])('the key __proto__ over %s', (_, text) => {
    expect(errorOf(JSON.parse(text) as unknown).message).toContain("'__proto__'");
  });
});

describe('depth is bounded', () => {
  test('the deepest values are taken', () => {
    expect(toValue(nested(VALUE_DEPTH_MAX + 1, 'leaf'))).toStrictEqual(
      nested(VALUE_DEPTH_MAX + 1, 'leaf'),
    );
  });

  test('deeper ones are refused', () => {
    expect(errorOf(nested(VALUE_DEPTH_MAX + 2, 'leaf')).message).toContain('nested too deeply');
    expect(errorOf(nested(200_000, 'leaf')).message).toContain('nested too deeply');
  });

  test('a circle is refused', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(errorOf(circle).message).toContain('nested too deeply');
  });

  test('statements within statements count', () => {
    let value: Value = 'leaf';
    for (let i = 0; i < VALUE_DEPTH_MAX; i++) value = statement({ value });
    expect(() => toValue(value, () => {})).toThrow('nested too deeply');
  });
});

describe('copies are independent', () => {
  test('of lists, maps and bytes', () => {
    const bytes = Uint8Array.of(1, 2);
    const original = { list: [1, [2]], map: { a: { b: 1 } }, bytes };
    const copy = toValue(original);
    const before = plain(copy);
    original.list.push(3);
    original.map.a.b = 2;
    bytes[0] = 9;
    expect(plain(copy)).toStrictEqual(before);
  });

  test('of bytes in a buffer whose slice is no copy', () => {
    const buffer = Buffer.from([1, 2, 3]);
    const copy = toValue({ buffer }) as { buffer: Uint8Array };
    buffer[0] = 9;
    expect(plain(copy.buffer)).toStrictEqual({ bytes: [1, 2, 3] });
    expect(copy.buffer.constructor).toBe(Uint8Array);
  });

  test('signed values are immutable and shared', () => {
    const value = statement({ a: 1 });
    expect((toValue({ value }) as { value: unknown }).value).toBe(value);
  });
});

describe('signed values on the way', () => {
  test('each is reported once, inner ones before those that hold them', () => {
    const inner = statement({ a: 1 });
    const middle = statement({ list: [{ inner }] });
    const outer = statement({ middle, also: inner });
    const other = statement({});
    const met: AnySigned[] = [];
    toValue([{ outer }, 1, other], (value) => met.push(value));
    const unique = [...new Set(met)];
    expect(unique).toHaveLength(4);
    expect(unique.indexOf(inner)).toBeLessThan(unique.indexOf(middle));
    expect(unique.indexOf(middle)).toBeLessThan(unique.indexOf(outer));
    expect(unique).toContain(other);
  });

  test('every one that there is in a value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const met = new Set<unknown>();
        toValue(value, (signed) => met.add(signed));
        expect(met.size).toBe(countSigned(plain(value)));
      }),
    );
  });

  test('an object that only has the symbol is a map without it', () => {
    const forged = { [Symbol.for('parley.signed')]: { type: 'Vote' }, signer: 'n1' };
    const copy = toValue(forged);
    expect(isSigned(copy)).toBe(false);
    expect(copy).toStrictEqual({ signer: 'n1' });
  });
});

function statement(fields: Record<string, Value>): AnySigned & Value {
  return signedValue({ type: 'T', path: 'p', signer: 'n1', fields, signature: undefined });
}

function errorOf(input: unknown): Error {
  try {
    toValue(input);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was taken');
}

function countSigned(part: unknown): number {
  if (Array.isArray(part)) return part.reduce<number>((sum, item) => sum + countSigned(item), 0);
  if (typeof part !== 'object' || part === null) return 0;
  if ('map' in part && part.map instanceof Map) return countSigned([...part.map.values()]);
  return 'signed' in part ? 1 + countSigned(part.signed) : 0;
}
