import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SchemaError } from '../../../src/core/errors.ts';
import { check, explain, fieldsSchema, isSchema, parse } from '../../../src/core/schema.ts';

describe('a record of fields', () => {
  const fields = fieldsSchema({
    count: v.number(),
    note: v.optional(v.string(), 'none'),
    list: z.array(z.int()),
    maybe: v.optional(v.boolean()),
  });

  test('mixes libraries, fills in defaults, and leaves out what is unknown or absent', () => {
    const output = parse(fields, { count: 1, list: [2], other: true }, 'it');
    expect(output).toStrictEqual({ count: 1, note: 'none', list: [2] });
  });

  test('does not change its input', () => {
    const input = { count: 1, list: [2] };
    const output = parse(fields, input, 'it');
    expect(input).toStrictEqual({ count: 1, list: [2] });
    expect(output).not.toBe(input);
  });

  test.each([
    ['a field that is missing', { list: [] }, 'count: '],
    ['a field of another type', { count: '1', list: [] }, 'count: '],
    ['a place within a field', { count: 1, list: [1, 'x'] }, 'list.1: '],
  ])('names %s', (_, input, place) => {
    const { issues } = check(fields, input);
    expect(explain(issues!).startsWith(place), explain(issues!)).toBe(true);
  });

  test.each([[null], [undefined], [[]], ['text'], [1], [true]])('is not %j', (input) => {
    expect(check(fields, input).issues?.[0]?.message).toBe(
      'Expected a map of count, note, list, maybe',
    );
  });

  test('without fields takes any map and keeps nothing of it', () => {
    expect(parse(fieldsSchema({}), { a: 1 }, 'it')).toStrictEqual({});
  });
});

describe('what is wrong', () => {
  test('is thrown with the name of the input', () => {
    expect(() => parse(v.number(), 'x', "'ping' from n2")).toThrow(SchemaError);
    expect(() => parse(v.number(), 'x', "'ping' from n2")).toThrow(/^'ping' from n2: .*number/i);
    expect(() => parse(z.object({ a: z.number() }), { a: 'x' }, 'it')).toThrow(/^it: a: /);
  });

  test('is listed up to three problems', () => {
    const issues = ['a', 'b', 'c', 'd'].map((key) => ({ message: 'wrong', path: [{ key }] }));
    expect(explain(issues)).toBe('a: wrong; b: wrong; c: wrong');
  });
});

describe('an asynchronous schema is refused', () => {
  test.each([
    [
      'of valibot',
      v.pipeAsync(
        v.number(),
        v.checkAsync(async () => true),
      ),
    ],
    ['of zod', z.number().refine(async () => true)],
  ])('%s', (_, schema) => {
    expect(() => check(schema as never, 1)).toThrow('synchronous');
    expect(() => parse(schema as never, 1, 'it')).toThrow('synchronous');
    expect(() => parse(fieldsSchema({ a: schema as never }), { a: 1 }, 'it')).toThrow(
      'synchronous',
    );
  });
});

test('schemas are told apart from records of fields', () => {
  expect(isSchema(v.string())).toBe(true);
  expect(isSchema(z.string())).toBe(true);
  expect(isSchema(fieldsSchema({}))).toBe(true);
  expect(isSchema(Object.assign(() => 0, { '~standard': {} }))).toBe(true);
  for (const other of [{}, { a: v.string() }, null, undefined, 'schema', () => 0]) {
    expect(isSchema(other)).toBe(false);
  }
});
