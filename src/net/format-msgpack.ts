/** MessagePack: bytes as `bin`, signed values as extension type 1, which holds their canonical encoding. */

import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { canonicalLength, decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import { messageOf, ValueError } from '../core/errors.ts';
import { isSigned } from '../core/signed.ts';
import { utf8Length } from '../core/utf8.ts';
import { toValue, type Value } from '../core/value.ts';
import type { Format } from './format.ts';
import { checkShape } from './msgpack-shape.ts';

const SIGNED_EXTENSION = 1;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: SIGNED_EXTENSION,
  encode: (input) => (isSigned(input) ? encodeCanonical(input) : null),
  decode: (bytes) => {
    const value = decodeCanonical(bytes);
    if (!isSigned(value)) throw new ValueError('', 'is no signed value');
    return value;
  },
});

export const msgpack: Format = {
  name: 'msgpack',
  // The library's own depth counts from 1 and includes extensions; ours is checked by toValue.
  encode: (value) => encode(value, { extensionCodec, maxDepth: 200 }),
  decode: (bytes) => toValue(read(bytes)),
  size: sizeOf,
};

function read(bytes: Uint8Array): unknown {
  checkShape(bytes);
  try {
    return decode(bytes, { extensionCodec });
  } catch (error) {
    if (error instanceof ValueError) throw error;
    throw new SyntaxError(messageOf(error), { cause: error });
  }
}

function sizeOf(value: Value): number {
  switch (typeof value) {
    case 'number':
      return numberSize(value);
    case 'string': {
      const length = utf8Length(value);
      return length + (length < 32 ? 1 : header(length, true));
    }
    case 'boolean':
      return 1;
    default:
      return value === null ? 1 : sizeOfObject(value);
  }
}

function sizeOfObject(value: object): number {
  if (Array.isArray(value)) {
    let size = value.length < 16 ? 1 : header(value.length, false);
    for (const item of value) size += sizeOf(item as Value);
    return size;
  }
  if (value instanceof Uint8Array) return value.length + header(value.length, true);
  if (isSigned(value)) return extensionSize(canonicalLength(value));
  let count = 0;
  let size = 0;
  for (const key in value) {
    count++;
    size += sizeOf(key) + sizeOf((value as Record<string, Value>)[key]!);
  }
  return size + (count < 16 ? 1 : header(count, false));
}

/** Bytes of the header of a long string, bytes, list or map: a tag and a length of 1 (if there is such a form), 2 or 4 bytes. */
function header(length: number, hasByteForm: boolean): number {
  if (hasByteForm && length < 0x100) return 2;
  return length < 0x10000 ? 3 : 5;
}

function extensionSize(length: number): number {
  const fixed = length === 1 || length === 2 || length === 4 || length === 8 || length === 16;
  return length + 1 + (fixed ? 1 : header(length, true));
}

function numberSize(value: number): number {
  if (!Number.isSafeInteger(value)) return 9;
  if (value >= 0) {
    if (value < 0x80) return 1;
    if (value < 0x100) return 2;
    if (value < 0x10000) return 3;
    return value < 0x100000000 ? 5 : 9;
  }
  if (value >= -0x20) return 1;
  if (value >= -0x80) return 2;
  if (value >= -0x8000) return 3;
  return value >= -0x80000000 ? 5 : 9;
}
