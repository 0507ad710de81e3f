/** The whole value domain as fast-check draws it, and values as plain data that can be compared. */

import { fc } from './property.ts';
import { isSigned, signedValue, statementOf } from '../../src/core/signed.ts';
import type { Value, ValueMap } from '../../src/core/value.ts';

/** Texts that have a UTF-8 form: every code point but halves of surrogate pairs. */
export const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
  // What escapes, what begins like our own keys, and the ends of the UTF-8 lengths.
  fc.constantFrom('', '$', '$bytes', '$$signed', '"\\\b\t\n\f\r\u0000\u001f\u007f', '\u0080߿ࠀ￿'),
);

const keys = texts.filter((key) => key !== '__proto__');

const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  // Where the integer forms of MessagePack change, and where integers end.
  fc
    .tuple(
      fc.constantFrom(0x20, 0x80, 0x100, 0x8000, 0x10000, 0x80000000, 0x100000000, 2 ** 53),
      fc.integer({ min: -1, max: 1 }),
      fc.constantFrom(1, -1),
    )
    .map(([edge, offset, sign]) => sign * (edge + offset)),
  fc.constantFrom(5e-324, 1e21, -1e-7, 1.5, Number.MAX_VALUE),
);

const leaves: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  numbers.map((number) => (number === 0 ? 0 : number)),
  texts,
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new Uint8Array(bytes)),
);

const { map, signed, value } = fc.letrec<{ value: Value; map: ValueMap; signed: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    fc.array(tie('value'), { maxLength: 5 }),
    tie('map'),
    tie('signed'),
  ),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  signed: fc
    .record({
      type: texts,
      path: texts,
      signer: texts,
      fields: tie('map'),
      signature: fc.option(
        fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
        { nil: undefined },
      ),
    })
    .map((statement) => signedValue(statement)),
}));

/** Any value of the domain. */
export const values: fc.Arbitrary<Value> = value;
/** Any map. */
export const maps: fc.Arbitrary<ValueMap> = map;
/** Any signed value. */
export const signedValues: fc.Arbitrary<Value> = signed;

/** A value as plain data: two values are the same exactly when `toStrictEqual` finds their plain data equal. */
export function plain(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  if (input instanceof Uint8Array) return { bytes: Array.from(input) };
  if (Array.isArray(input)) return input.map(plain);
  if (isSigned(input)) {
    const { type, path, signer, fields, signature } = statementOf(input);
    const proof = signature === undefined ? undefined : Array.from(signature);
    return { signed: [type, path, signer, plain(fields), proof] };
  }
  // A list of entries, because the order of a map's keys means nothing.
  const entries = Object.entries(input).map(([key, item]) => [key, plain(item)] as const);
  return { map: new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Lists within lists: `depth` of them around `core`. */
export function nested(depth: number, core: unknown): unknown {
  let result = core;
  for (let i = 0; i < depth; i++) result = [result];
  return result;
}
