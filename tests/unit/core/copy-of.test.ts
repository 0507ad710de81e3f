/** A copy is recognised as the copy of what has not changed since, and of nothing else. */

import { describe, expect, test } from 'vitest';
import { encodeUnsigned, equalBytes } from '../../../src/core/canonical.ts';
import { isCopyOf } from '../../../src/core/copy-of.ts';
import { signedValue } from '../../../src/core/signed.ts';
import { toValue } from '../../../src/core/value.ts';
import { fc } from '../../support/property.ts';
import { values } from '../../support/values.ts';

const isEqual = (a: unknown, b: unknown) => equalBytes(encodeUnsigned(a), encodeUnsigned(b));

test('it says of any two values what their encodings say', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      expect(isCopyOf(toValue(one), one)).toBe(true);
      expect(isCopyOf(toValue(one), other)).toBe(isEqual(one, other));
    }),
    { numRuns: 500 },
  );
});

test('it sees every change of one place', () => {
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 4 }),
      values,
      fc.nat(),
      (list, value, at) => {
        const state = { deep: { list } };
        const copy = toValue(state);
        const place = at % list.length;
        const isSame = isEqual(list[place], value);
        list[place] = value;
        expect(isCopyOf(copy, state)).toBe(isSame);
      },
    ),
    { numRuns: 300 },
  );
});

describe('what toValue makes equal is equal here', () => {
  const statement = { type: 'T', path: 'p', signer: 'n1', fields: { a: 1 } };
  test.each<[string, unknown, unknown]>([
    ['−0', { a: 0 }, { a: -0 }],
    ['a missing entry and an undefined one', { a: 1 }, { a: 1, b: undefined }],
    ['another order of entries', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a map without a prototype', { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
    ['bytes in a Buffer', { a: new Uint8Array([1, 2]) }, { a: Buffer.from([1, 2]) }],
    [
      'a statement that has been signed meanwhile',
      signedValue({ ...statement, signature: undefined }),
      signedValue({ ...statement, signature: new Uint8Array(64) }),
    ],
  ])('%s', (_, one, other) => expect(isCopyOf(toValue(one), other)).toBe(true));
});

describe('never a copy is', () => {
  test.each<[string, unknown, unknown]>([
    ['what cannot be copied', { a: null }, { a: new Date(0) }],
    ['a Map that was a map', { a: {} }, { a: new Map() }],
    ['a number that is none', { a: 0 }, { a: Number.NaN }],
    ['one entry fewer', { a: 1, b: 2 }, { a: 1 }],
    ['one entry more', { a: 1 }, { a: 1, b: 2 }],
    ['a list that was a map', { a: {} }, { a: [] }],
    ['a map that was a list', { a: [] }, { a: {} }],
    ['bytes that were a list', { a: [1] }, { a: new Uint8Array([1]) }],
    ['an inherited name', { a: 1 }, { toString: 1 }],
  ])('%s', (_, one, other) => expect(isCopyOf(toValue(one), other)).toBe(false));
});
