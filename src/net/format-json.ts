/**
 * JSON: bytes are `{"$bytes": base64}`, signed values `{"$signed": [type, path, signer, fields, base64]}`; a key of a map that begins
 * with `$` is written with one more.
 */

import { SIGNATURE_BYTES } from '../core/canonical.ts';
import { ValueError } from '../core/errors.ts';
import { isSigned, signedValue, statementOf, type AnySigned } from '../core/signed.ts';
import { toValue, VALUE_DEPTH_MAX, type Value, type ValueMap } from '../core/value.ts';
import { base64Length, fromBase64, toBase64 } from './base64.ts';
import type { Format } from './format.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const json: Format = {
  name: 'json',
  encode: (value) => encoder.encode(JSON.stringify(toJson(value))),
  decode: (bytes) => fromJson(JSON.parse(textOf(bytes))),
  size: sizeOf,
};

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new SyntaxError('it is not written in UTF-8', { cause: error });
  }
}

/** A value as what `JSON.stringify` takes. */
export function toJson(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (isSigned(value)) return signedToJson(value);
  const entries = Object.entries(value as ValueMap);
  return Object.fromEntries(entries.map(([key, item]) => [escapeKey(key), toJson(item)]));
}

function signedToJson(value: AnySigned): unknown {
  const { type, path, signer, fields, signature } = statementOf(value);
  const proof = toBase64(signature ?? new Uint8Array());
  return { $signed: [type, path, signer, toJson(fields), proof] };
}

function escapeKey(key: string): string {
  return key.startsWith('$') ? `$${key}` : key;
}

/**
 * The value that {@link toJson} wrote, from what `JSON.parse` gave back.
 *
 * @param depth how deep it lies in what is read
 * @throws {ValueError} when it is none
 */
export function fromJson(input: unknown, depth = 0): Value {
  if (typeof input !== 'object' || input === null) return toValue(input);
  if (depth > VALUE_DEPTH_MAX) throw new ValueError('', 'is nested too deeply');
  if (Array.isArray(input)) return input.map((item) => fromJson(item, depth + 1));
  const entries = Object.entries(input);
  if (entries.length === 1) {
    const [key, content] = entries[0]!;
    if (key === '$bytes') return bytesFromJson(content);
    if (key === '$signed') return signedFromJson(content, depth);
  }
  const result: Record<string, Value> = {};
  for (const [key, item] of entries) result[unescapeKey(key)] = fromJson(item, depth + 1);
  return toValue(result);
}

function unescapeKey(key: string): string {
  if (key === '__proto__') throw new ValueError('', "may not have the key '__proto__'");
  if (!key.startsWith('$')) return key;
  if (!key.startsWith('$$')) throw new ValueError('', `has the reserved key '${key}'`);
  return key.slice(1);
}

function bytesFromJson(content: unknown): Uint8Array {
  if (typeof content !== 'string') throw new ValueError('$bytes', 'is no text');
  return fromBase64(content);
}

function signedFromJson(content: unknown, depth: number): Value {
  if (!Array.isArray(content) || content.length !== 5)
    throw new ValueError('$signed', 'is no list of five');
  const [type, path, signer, fields, proof] = content as unknown[];
  if (typeof type !== 'string' || typeof path !== 'string' || typeof signer !== 'string') {
    throw new ValueError('$signed', 'has no type, path and signer');
  }
  const map = fromJson(fields, depth + 1);
  if (
    typeof map !== 'object' ||
    map === null ||
    Array.isArray(map) ||
    map instanceof Uint8Array ||
    isSigned(map)
  ) {
    throw new ValueError('$signed', 'has no fields');
  }
  const signature = bytesFromJson(proof);
  return signedValue({
    type,
    path,
    signer,
    fields: map as ValueMap,
    signature: signature.length === 0 ? undefined : signature,
  });
}

function sizeOf(value: Value): number {
  switch (typeof value) {
    case 'number':
      return numberLength(value);
    case 'string':
      return textLength(value);
    case 'boolean':
      return value ? 4 : 5;
    default:
      return value === null ? 4 : sizeOfObject(value);
  }
}

function sizeOfObject(value: object): number {
  if (Array.isArray(value)) {
    let size = 2 + Math.max(0, value.length - 1);
    for (const item of value) size += sizeOf(item as Value);
    return size;
  }
  if (value instanceof Uint8Array) return BYTES_FRAME + base64Length(value.length);
  if (isSigned(value)) {
    const { type, path, signer, fields, signature } = statementOf(value);
    const texts = textLength(type) + textLength(path) + textLength(signer);
    return (
      SIGNED_FRAME + texts + sizeOf(fields) + base64Length(signature?.length ?? SIGNATURE_BYTES)
    );
  }
  let size = 1;
  for (const key in value) {
    size += textLength(key) + (key.charCodeAt(0) === DOLLAR ? 3 : 2);
    size += sizeOf((value as Record<string, Value>)[key]!);
  }
  return Math.max(2, size);
}

/** `{"$bytes":""}` */
const BYTES_FRAME = 13;
/** `{"$signed":[,,,,""]}` */
const SIGNED_FRAME = 20;
const DOLLAR = 0x24;

function numberLength(value: number): number {
  if (value >>> 0 === value) {
    let length = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) >>> 0) length++;
    return length;
  }
  return String(value).length;
}

/** Bytes of a well-formed text in quotation marks, as JSON.stringify escapes it. */
function textLength(text: string): number {
  let length = 2;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      if (unit < 0x800) length += 2;
      else if (unit >= 0xd800 && unit < 0xdc00) {
        length += 4;
        i++;
      } else length += 3;
    } else if (unit === 0x22 || unit === 0x5c) length += 2;
    else if (unit >= 0x20) length += 1;
    else length += SHORT_ESCAPES.has(unit) ? 2 : 6;
  }
  return length;
}

/** Control characters with an escape of two characters: \b \t \n \f \r. */
const SHORT_ESCAPES = new Set([8, 9, 10, 12, 13]);
