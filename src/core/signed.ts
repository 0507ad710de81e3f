/**
 * `Signed<T>`: a statement with its author, which others can carry on and still prove.
 *
 * The signature covers a canonical encoding with a domain tag: run, algorithm path, message type, signer and fields. It is
 * made when the value is first sent, and every signed value anywhere in an incoming message is verified before a
 * handler sees it (the runtime does both). A received value keeps its original fields, so that it can be forwarded byte for byte
 * whatever a schema made of it.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import type { NodeId } from './id.ts';
import { check, fieldsSchema, type Fields, type FieldsInput, type FieldsOutput } from './schema.ts';
import type { ValueMap } from './value.ts';

const SIGNED: unique symbol = Symbol.for('parley.signed') as never;

/** The signed statement itself, as it was made. */
export interface Statement {
  /** The type's name, e.g. `Vote`: a signature over a Vote is none over another type with equal fields. */
  readonly type: string;
  /** Path of the algorithm that made it (`upper.lower`). */
  readonly path: string;
  readonly signer: NodeId;
  readonly fields: ValueMap;
  /** 64 bytes; undefined until the value is first sent. */
  signature: Uint8Array | undefined;
}

/** The fields of `T`, readable as they are, with their `signer`. Prints as `Vote(value=true) (signed by n1)`. */
export type Signed<T> = Readonly<T> & {
  readonly signer: NodeId;
  readonly [SIGNED]: Statement;
};

/** Any signed value, its fields unknown. */
export type AnySigned = { readonly signer: NodeId; readonly [SIGNED]: Statement };

/** A schema for signed values of one type; also the argument of `this.sign`. */
export interface SignedSchema<F extends Fields = Fields> extends v.GenericSchema<
  Signed<FieldsOutput<F>>,
  Signed<FieldsOutput<F>>
> {
  /** The type's name in the signature and in print. */
  readonly signedType: string;
  /** Schema of the fields. */
  readonly signedFields: StandardSchemaV1<FieldsInput<F>, FieldsOutput<F>>;
  /** True for a signed value of this type with fitting fields; for schemas of other libraries: `z.custom<…>(vote.is)`. */
  readonly is: (value: unknown) => value is Signed<FieldsOutput<F>>;
}

class SignedValue {
  constructor(statement: Statement, fields: object) {
    Object.assign(this, fields);
    Object.defineProperty(this, SIGNED, { value: statement });
    Object.defineProperty(this, 'signer', { value: statement.signer, enumerable: true });
    Object.freeze(this);
  }

  toString(): string {
    return printSigned(this as unknown as AnySigned);
  }

  /** Printing asks for this first: a field called `toString`, from a hostile node, must not be in the way. */
  [Symbol.toPrimitive](): string {
    return printSigned(this as unknown as AnySigned);
  }
}

/**
 * Declares a type of signed values: `const vote = signed('Vote', { value: v.boolean() })`.
 *
 * @param type its name, part of what is signed
 * @param fields a record of Standard Schemas; a field may not be called `signer`
 */
export function signed<F extends Fields>(type: string, fields: F): SignedSchema<F> {
  if ('signer' in fields) throw new TypeError(`signed('${type}'): 'signer' is the author's name`);
  const inner = fieldsSchema(fields);
  const hasType = (value: unknown): value is AnySigned =>
    isSigned(value) && statementOf(value).type === type;
  const is = (value: unknown): value is Signed<FieldsOutput<F>> =>
    hasType(value) && check(inner, statementOf(value).fields).issues === undefined;
  const schema = v.pipe(
    v.custom<AnySigned>(hasType, `Expected a signed ${type}`),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const statement = statementOf(dataset.value);
      const result = check(inner, statement.fields);
      if (result.issues === undefined) return signedValue<FieldsOutput<F>>(statement, result.value);
      for (const issue of result.issues) addIssue({ message: issue.message });
      return NEVER;
    }),
  );
  return Object.assign(schema, {
    signedType: type,
    signedFields: inner,
    is,
  }) as unknown as SignedSchema<F>;
}

/** Builds the value that algorithms see from a statement; `fields` are those that a schema made of the statement's. */
export function signedValue<T = ValueMap>(
  statement: Statement,
  fields: object = statement.fields,
): Signed<T> {
  return new SignedValue(statement, fields) as unknown as Signed<T>;
}

/** True for every signed value. */
export function isSigned(value: unknown): value is AnySigned {
  return typeof value === 'object' && value !== null && SIGNED in value;
}

/** The statement inside a signed value. */
export function statementOf(signed: AnySigned): Statement {
  return signed[SIGNED];
}

/** True for a schema made by {@link signed}. */
export function isSignedSchema(schema: object): schema is SignedSchema {
  return 'signedType' in schema;
}

/** What is signed: a list in the value domain, encoded canonically. The first item separates us from all other uses of the key. */
export function statementContent(statement: Statement, runId: string): readonly unknown[] {
  const { path, type, signer, fields } = statement;
  return ['parley.statement.v1', runId, path, type, signer, fields];
}

function printSigned(value: AnySigned): string {
  const { type, fields, signer } = statementOf(value);
  const inner = Object.entries(fields).map(([key, field]) => `${key}=${printField(field)}`);
  return `${type}(${inner.join(', ')}) (signed by ${signer})`;
}

function printField(field: unknown): string {
  if (typeof field === 'string') return field;
  if (isSigned(field)) return printSigned(field);
  if (Array.isArray(field)) return `[${field.map(printField).join(', ')}]`;
  if (field instanceof Uint8Array) return `${field.length} bytes`;
  return typeof field === 'object' ? JSON.stringify(field) : String(field);
}
