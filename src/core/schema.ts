/**
 * Schemas: anything that speaks Standard Schema (valibot is ours; zod, arktype and others work too), synchronously.
 *
 * A record of fields is turned into one schema once, when a message is declared; validation then costs one call a field.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { SchemaError } from './errors.ts';

/** Any schema, e.g. `v.number()`. */
export type Schema<I = any, O = any> = StandardSchemaV1<I, O>;

/** Named schemas: the fields of a message, the settings of an algorithm. */
export type Fields = { readonly [field: string]: Schema };

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends StandardSchemaV1.InferInput<F[K]> ? K : never;
}[keyof F];

type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** What one writes: fields whose schema takes `undefined` may be left out. */
export type FieldsInput<F extends Fields> = Simplify<
  { [K in Exclude<keyof F, OptionalKeys<F>>]: StandardSchemaV1.InferInput<F[K]> } & {
    [K in OptionalKeys<F>]?: StandardSchemaV1.InferInput<F[K]>;
  }
>;

/** What one reads: defaults filled in. */
export type FieldsOutput<F extends Fields> = Simplify<{
  readonly [K in keyof F]: StandardSchemaV1.InferOutput<F[K]>;
}>;

/** True for anything that has Standard Schema's property. */
export function isSchema(candidate: unknown): candidate is Schema {
  return (
    (typeof candidate === 'object' || typeof candidate === 'function') &&
    candidate !== null &&
    '~standard' in candidate
  );
}

/** One schema for a record of fields. Unknown keys of the input are left out of the output. */
export function fieldsSchema<F extends Fields>(
  fields: F,
): StandardSchemaV1<FieldsInput<F>, FieldsOutput<F>> {
  const keys = Object.keys(fields);
  // Taken once: in valibot `~standard` is a getter that makes a new object at every look.
  const validators = keys.map((key) => fields[key]!['~standard'].validate);
  const validate = (input: unknown): StandardSchemaV1.Result<FieldsOutput<F>> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return { issues: [{ message: `Expected a map of ${keys.join(', ')}` }] };
    }
    const output: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const result = synchronous(validators[i]!((input as Record<string, unknown>)[key]));
      if (result.issues !== undefined) return { issues: prefixed(key, result.issues) };
      if (result.value !== undefined) output[key] = result.value;
    }
    return { value: output as FieldsOutput<F> };
  };
  return { '~standard': { version: 1, vendor: 'parley', validate } };
}

/**
 * Validates `input`.
 *
 * @param what names the input in the error, e.g. `'ping' from n2`
 * @throws {SchemaError} with the first problem and its place
 */
export function parse<O>(schema: Schema<unknown, O>, input: unknown, what: string): O {
  const result = synchronous(schema['~standard'].validate(input));
  if (result.issues === undefined) return result.value;
  throw new SchemaError(`${what}: ${explain(result.issues)}`);
}

/** Validates without throwing. */
export function check<O>(schema: Schema<unknown, O>, input: unknown): StandardSchemaV1.Result<O> {
  return synchronous(schema['~standard'].validate(input));
}

/** The problems of a failed validation in one line, each with its place. */
export function explain(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => {
      const path = (issue.path ?? []).map((part) =>
        typeof part === 'object' ? String(part.key) : String(part),
      );
      return path.length === 0 ? issue.message : `${path.join('.')}: ${issue.message}`;
    })
    .join('; ');
}

function prefixed(
  key: string,
  issues: readonly StandardSchemaV1.Issue[],
): readonly StandardSchemaV1.Issue[] {
  return issues.map((issue) => ({ message: issue.message, path: [key, ...(issue.path ?? [])] }));
}

function synchronous<T>(result: T | Promise<T>): T {
  if (result instanceof Promise) {
    // zod tries a schema that throws once more asynchronously; nobody will look at that rejection.
    result.catch(() => {});
    throw new SchemaError('an asynchronous schema cannot judge a message; use a synchronous one');
  }
  return result;
}
