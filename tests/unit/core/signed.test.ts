import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeCanonical } from '../../../src/core/canonical.ts';
import { check, type Schema } from '../../../src/core/schema.ts';
import {
  isSigned,
  isSignedSchema,
  signed,
  signedValue,
  statementContent,
  statementOf,
  type AnySigned,
  type Signed,
} from '../../../src/core/signed.ts';
import type { ValueMap } from '../../../src/core/value.ts';

const vote = signed('Vote', { value: v.boolean() });
/** A type whose schema adds to what was signed. */
const hop = signed('Hop', {
  number: v.number(),
  note: v.optional(v.string(), 'none'),
  tags: v.optional(v.array(v.string()), []),
});

function made(type: string, fields: ValueMap, signer = 'n1'): AnySigned {
  return signedValue({ type, path: 'chain', signer, fields, signature: Uint8Array.of(1, 2, 3) });
}

function accepted<O>(schema: Schema<unknown, O>, input: unknown): O {
  const result = check(schema, input);
  if (result.issues !== undefined) throw new Error(result.issues[0]!.message);
  return result.value;
}

describe('a signed value', () => {
  const ballot = made('Vote', { value: true }) as Signed<{ value: boolean }>;

  test('prints its fields and its signer', () => {
    expect(String(ballot)).toBe('Vote(value=true) (signed by n1)');
    expect(String(made('Empty', {}))).toBe('Empty() (signed by n1)');
  });

  test('prints what is in it', () => {
    const fields = {
      text: 'hi',
      count: 2,
      none: null,
      list: [1, 'a', [true]],
      bytes: new Uint8Array(5),
      map: { a: 1 },
      inner: ballot,
    };
    expect(String(made('All', fields, 'n10'))).toBe(
      'All(text=hi, count=2, none=null, list=[1, a, [true]], bytes=5 bytes, map={"a":1}, ' +
        'inner=Vote(value=true) (signed by n1)) (signed by n10)',
    );
  });

  test('shows its fields and its signer, and cannot be changed', () => {
    expect({ ...ballot }).toStrictEqual({ value: true, signer: 'n1' });
    expect(() => Object.assign(ballot, { value: false })).toThrow(TypeError);
    expect(() => Object.assign(ballot, { other: 1 })).toThrow(TypeError);
    expect(ballot.value).toBe(true);
  });

  test('shows the true signer, whatever its fields say', () => {
    const value = made('Vote', { value: true, signer: 'n9' });
    expect(value.signer).toBe('n1');
    expect(statementOf(value).fields).toStrictEqual({ value: true, signer: 'n9' });
  });

  test('a field named like a method of objects does not keep it from being printed', () => {
    const value = made('Vote', { value: true, toString: 1, valueOf: 2 });
    expect(String(accepted(vote, value))).toBe(String(value));
    expect(String(value)).toBe('Vote(value=true, toString=1, valueOf=2) (signed by n1)');
  });
});

describe('a schema of signed values', () => {
  test('takes its type only', () => {
    expect(check(vote, made('Vote', { value: true })).issues).toBeUndefined();
    for (const other of [
      made('Veto', { value: true }),
      { value: true },
      { value: true, signer: 'n1' },
      { ...made('Vote', { value: true }) },
      null,
      'Vote(value=true) (signed by n1)',
    ]) {
      expect(check(vote, other).issues, String(other)).toBeDefined();
    }
  });

  test('judges the fields, and says which is wrong', () => {
    expect(check(vote, made('Vote', { value: 'yes' })).issues?.[0]?.message).toContain('boolean');
    expect(check(vote, made('Vote', {})).issues).toBeDefined();
  });

  test('fills in defaults for the reader and leaves the statement alone', () => {
    const received = made('Hop', { number: 1, extra: 'kept' });
    const read = accepted(hop, received);
    expect({ ...read }).toStrictEqual({ number: 1, note: 'none', tags: [], signer: 'n1' });
    expect(statementOf(read)).toBe(statementOf(received));
    expect(encodeCanonical(read)).toStrictEqual(encodeCanonical(received));
  });

  test('the test for other libraries judges type and fields', () => {
    expect(vote.is(made('Vote', { value: true }))).toBe(true);
    expect(vote.is(made('Veto', { value: true }))).toBe(false);
    expect(vote.is(made('Vote', { value: 'yes' }))).toBe(false);
    expect(vote.is({ value: true, signer: 'n1' })).toBe(false);
    expect(vote.is(undefined)).toBe(false);
  });

  test('is told apart from other schemas', () => {
    expect(isSignedSchema(vote)).toBe(true);
    expect(isSignedSchema(v.object({ value: v.boolean() }))).toBe(false);
  });

  test('has no field for the signer: that is the author', () => {
    expect(() => signed('Vote', { signer: v.string() })).toThrow("'signer' is the author's name");
  });
});

/** Each container twice: what holds the statements, and how to find them in what the schema gives back. */
const containers: readonly (readonly [
  name: string,
  schema: Schema,
  wrap: (hop: AnySigned) => unknown,
  find: (output: any) => unknown,
])[] = [
  ['a list', v.array(hop), (it) => [it], (out) => out[0]],
  ['a record', v.record(v.string(), hop), (it) => ({ n1: it }), (out) => out.n1],
  ['an object', v.object({ it: hop }), (it) => ({ it }), (out) => out.it],
  ['an optional', v.object({ it: v.optional(hop) }), (it) => ({ it }), (out) => out.it],
  ['a nullable', v.nullable(hop), (it) => it, (out) => out],
  ['a union', v.union([vote, hop]), (it) => it, (out) => out],
  ['a tuple', v.tuple([v.number(), hop]), (it) => [1, it], (out) => out[1]],
  [
    'lists in records',
    v.record(v.string(), v.array(hop)),
    (it) => ({ a: [it] }),
    (out) => out.a[0],
  ],
  ['a list of zod', z.array(z.custom(hop.is)), (it) => [it], (out) => out[0]],
  ['a record of zod', z.record(z.string(), z.custom(hop.is)), (it) => ({ a: it }), (out) => out.a],
  ['an object of zod', z.object({ it: z.custom(hop.is) }), (it) => ({ it }), (out) => out.it],
  [
    'an optional of zod',
    z.object({ it: z.custom(hop.is).optional() }),
    (it) => ({ it }),
    (out) => out.it,
  ],
  ['a nullable of zod', z.custom(hop.is).nullable(), (it) => it, (out) => out],
  ['a union of zod', z.union([z.number(), z.custom(hop.is)]), (it) => it, (out) => out],
  ['another signed value', signed('Outer', { it: hop }), (it) => outer(it), (out) => out.it],
  [
    'a list in another signed value',
    signed('Outer', { it: v.array(hop) }),
    (it) => made('Outer', { it: [it] }),
    (out) => out.it[0],
  ],
];

const outer = (it: AnySigned) => made('Outer', { it }, 'n2');

describe('a statement survives being read and sent on', () => {
  for (const [name, schema, wrap, find] of containers) {
    test(`in ${name}`, () => {
      const received = made('Hop', { number: 7 });
      const read = find(accepted(schema, wrap(received)));
      expect(isSigned(read)).toBe(true);
      expect(statementOf(read as AnySigned)).toBe(statementOf(received));
      expect(encodeCanonical(read)).toStrictEqual(encodeCanonical(received));
    });

    test(`in ${name}, another type is refused`, () => {
      expect(check(schema, wrap(made('Lie', { number: 7 }))).issues).toBeDefined();
      expect(check(schema, wrap(made('Hop', { number: 'x' }))).issues).toBeDefined();
    });
  }

  test('the outer statement keeps the inner one as it was signed', () => {
    const received = outer(made('Hop', { number: 7 }));
    const read = accepted(signed('Outer', { it: hop }), received);
    expect(read.it.note).toBe('none');
    expect(encodeCanonical(read)).toStrictEqual(encodeCanonical(received));
  });
});

test('what is signed begins with a domain tag and holds run, path, type, signer and fields', () => {
  const statement = statementOf(made('Vote', { value: true }));
  expect(statementContent(statement, 'run 1')).toStrictEqual([
    'parley.statement.v1',
    'run 1',
    'chain',
    'Vote',
    'n1',
    { value: true },
  ]);
});
