/**
 * The canonical encoding: one byte string for each value, the same in every engine and for every wire format.
 *
 * Signatures, hashes and stored records use it. A value is a tag byte and its content: numbers as IEEE 754 binary64, big endian;
 * strings, bytes, lists and maps with their length in front as unsigned LEB128; the keys of a map in ascending order of UTF-16 units.
 */

import { ValueError } from './errors.ts';
import { isSigned, signedValue, statementOf, type Statement } from './signed.ts';
import { toValue, VALUE_DEPTH_MAX, type Value, type ValueMap } from './value.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const STRING = 4;
const BYTES = 5;
const LIST = 6;
const MAP = 7;
const SIGNED = 8;

/** Signature of a statement that was never sent, in the encoding. */
const NO_SIGNATURE = new Uint8Array(0);

/** Bytes of every signature that is made here. */
export const SIGNATURE_BYTES = 64;

/** Stands for a signature that is still being made. */
const ANY_SIGNATURE = new Uint8Array(SIGNATURE_BYTES);

/**
 * Encodes any value of the domain.
 *
 * @throws {ValueError} when `input` is not in the domain
 */
export function encodeCanonical(input: unknown): Uint8Array {
  return encodeValue(toValue(input));
}

/**
 * The same for what is known to be of the domain, and is not looked at and copied once more.
 *
 * @throws {ValueError} when it is nested too deeply
 */
export function encodeValue(value: Value): Uint8Array {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.finish();
}

/**
 * The encoding without signatures. Live they are made while the node goes on, so nothing that it shows of itself may depend on whether
 * they are there yet: two runs with the same inputs would differ.
 *
 * @throws {ValueError} when `input` is not in the domain
 */
export function encodeUnsigned(input: unknown): Uint8Array {
  const writer = new Writer(() => NO_SIGNATURE);
  writer.value(toValue(input), 0);
  return writer.finish();
}

/** The length that the encoding of a value of the domain has once all its signatures are made. */
export function canonicalLength(value: Value): number {
  const writer = new Writer(({ signature }) => signature ?? ANY_SIGNATURE);
  writer.value(value, 0);
  return writer.release();
}

/**
 * Reads what {@link encodeCanonical} wrote, and nothing else: every value has exactly one encoding.
 *
 * @throws {ValueError} on anything that is not canonical, truncated, or followed by more bytes
 */
export function decodeCanonical(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

/** True when both are the same value of the domain. */
export function equalValues(a: unknown, b: unknown): boolean {
  return equalBytes(encodeCanonical(a), encodeCanonical(b));
}

/** True when both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Where the next writer writes: most values are small, and a buffer for each would be most of what encoding them costs. */
let spare: Uint8Array<ArrayBuffer> | undefined;

/** A spare buffer above this is not kept: one large value should not cost its memory for ever. */
const SPARE_BYTES_MAX = 64 * 1024;

class Writer {
  readonly #signatureOf: (statement: Statement) => Uint8Array;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  constructor(
    signatureOf: (statement: Statement) => Uint8Array = ({ signature }) =>
      signature ?? NO_SIGNATURE,
  ) {
    this.#signatureOf = signatureOf;
    this.#bytes = spare ?? new Uint8Array(1024);
    this.#view = new DataView(this.#bytes.buffer);
    // Whoever writes while this one does has a buffer of its own.
    spare = undefined;
  }

  /** Ends without a result: how many bytes there were. */
  release(): number {
    if (this.#bytes.length <= SPARE_BYTES_MAX) spare = this.#bytes;
    return this.#at;
  }

  value(value: Value, depth: number): void {
    if (value === null) this.#tag(NULL);
    else if (typeof value === 'boolean') this.#tag(value ? TRUE : FALSE);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#string(value);
    else if (value instanceof Uint8Array) this.#raw(BYTES, value);
    else if (Array.isArray(value)) this.#list(value, depth);
    else if (isSigned(value)) this.#signed(statementOf(value), depth);
    else this.#map(value as ValueMap, depth);
  }

  finish(): Uint8Array {
    const result = this.#bytes.slice(0, this.#at);
    this.release();
    return result;
  }

  #number(value: number): void {
    this.#tag(NUMBER);
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  #string(text: string): void {
    this.#tag(STRING);
    const length = utf8Length(text);
    this.#length(length);
    this.#reserve(length);
    this.#at = writeUtf8(text, this.#bytes, this.#at);
  }

  #raw(tag: number, bytes: Uint8Array): void {
    this.#tag(tag);
    this.#length(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #list(items: readonly Value[], depth: number): void {
    checkDepth(depth);
    this.#tag(LIST);
    this.#length(items.length);
    for (const item of items) this.value(item, depth + 1);
  }

  #map(map: ValueMap, depth: number): void {
    checkDepth(depth);
    const keys = Object.keys(map);
    // Those that are in order already, as what was decoded is, need no sorting.
    if (keys.some((key, at) => at > 0 && compareUnits(keys[at - 1]!, key) > 0)) {
      keys.sort(compareUnits);
    }
    this.#tag(MAP);
    this.#length(keys.length);
    for (const key of keys) {
      this.#string(key);
      this.value(map[key]!, depth + 1);
    }
  }

  #signed(statement: Statement, depth: number): void {
    const { type, path, signer, fields } = statement;
    this.#tag(SIGNED);
    this.#string(type);
    this.#string(path);
    this.#string(signer);
    this.#map(fields, depth + 1);
    this.#raw(BYTES, this.#signatureOf(statement));
  }

  #tag(tag: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = tag;
  }

  #length(length: number): void {
    let rest = length;
    this.#reserve(5);
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): Value {
    switch (this.#byte()) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NUMBER:
        return this.#number();
      case STRING:
        return this.#string();
      case BYTES:
        return this.#take(this.#length()).slice();
      case LIST:
        return this.#list(depth);
      case MAP:
        return this.#map(depth);
      case SIGNED:
        return this.#signed(depth);
      default:
        throw corrupt('unknown tag');
    }
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw corrupt('more bytes behind the value');
  }

  #number(): number {
    const at = this.#at;
    this.#take(8);
    const value = this.#view.getFloat64(at);
    if (!Number.isFinite(value) || Object.is(value, -0)) throw corrupt('no canonical number');
    return value;
  }

  #string(): string {
    const bytes = this.#take(this.#length());
    const plain = plainText(bytes);
    if (plain !== undefined) return plain;
    let text = '';
    for (let i = 0; i < bytes.length;) {
      const point = codePoint(bytes, i);
      i += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      text += String.fromCodePoint(point);
    }
    // Overlong forms and surrogates decode to a text that encodes otherwise.
    if (utf8Length(text) !== bytes.length) throw corrupt('no canonical string');
    return text;
  }

  #list(depth: number): Value[] {
    if (depth > VALUE_DEPTH_MAX) throw corrupt('nested too deeply');
    const count = this.#length();
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #map(depth: number): ValueMap {
    if (depth > VALUE_DEPTH_MAX) throw corrupt('nested too deeply');
    const count = this.#length();
    const map: Record<string, Value> = {};
    let previous: string | undefined;
    for (let i = 0; i < count; i++) {
      const key = this.#expectString();
      if (previous !== undefined && compareUnits(previous, key) >= 0) {
        throw corrupt('keys out of order');
      }
      if (key === '__proto__') throw corrupt("the key '__proto__'");
      map[key] = this.value(depth + 1);
      previous = key;
    }
    return map;
  }

  #signed(depth: number): Value {
    const type = this.#expectString();
    const path = this.#expectString();
    const signer = this.#expectString();
    if (this.#byte() !== MAP) throw corrupt('a signed value without fields');
    const fields = this.#map(depth + 1);
    if (this.#byte() !== BYTES) throw corrupt('a signed value without signature');
    const signature = this.#take(this.#length()).slice();
    return signedValue({
      type,
      path,
      signer,
      fields,
      signature: signature.length === 0 ? undefined : signature,
    });
  }

  #expectString(): string {
    if (this.#byte() !== STRING) throw corrupt('a string expected');
    return this.#string();
  }

  #length(): number {
    let length = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#byte();
      length += (byte & 0x7f) * (1 << shift);
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw corrupt('no canonical length');
        return length;
      }
    }
    throw corrupt('too long');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw corrupt('truncated');
    return byte;
  }

  #take(count: number): Uint8Array {
    if (count < 0 || this.#at + count > this.#bytes.length) throw corrupt('truncated');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** Characters that are put together at once: many engines take no more arguments than some ten thousand. */
const PLAIN_MAX = 4096;

/** Most texts have none but ASCII characters, each a byte: undefined for others, and for long ones. */
function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.length > PLAIN_MAX) return undefined;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return undefined;
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

function codePoint(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const rest = (offset: number) => {
    const byte = bytes[at + offset];
    if (byte === undefined || (byte & 0xc0) !== 0x80) throw corrupt('no UTF-8');
    return byte & 0x3f;
  };
  if (first < 0x80) return first;
  if (first < 0xc0) throw corrupt('no UTF-8');
  if (first < 0xe0) return ((first & 0x1f) << 6) | rest(1);
  if (first < 0xf0) {
    const point = ((first & 0x0f) << 12) | (rest(1) << 6) | rest(2);
    if (point >= 0xd800 && point <= 0xdfff) throw corrupt('no UTF-8');
    return point;
  }
  const point = ((first & 0x07) << 18) | (rest(1) << 12) | (rest(2) << 6) | rest(3);
  if (first > 0xf4 || point > 0x10ffff) throw corrupt('no UTF-8');
  return point;
}

/** What is written must be read again; toValue does not see how deep the fields of signed values are. */
function checkDepth(depth: number): void {
  if (depth > VALUE_DEPTH_MAX) throw new ValueError('', 'is nested too deeply');
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function corrupt(problem: string): ValueError {
  return new ValueError('', `is not a canonical encoding: ${problem}`);
}
