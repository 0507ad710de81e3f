/**
 * The value domain: what a message, a reply, a delivery, a stored record and a node's visible state may hold.
 *
 * null, booleans, finite numbers, well-formed strings, bytes, lists, maps with string keys, and signed values.
 * −0 becomes 0. A map entry whose value is `undefined` is absent; `undefined` anywhere else is an error.
 */

import { ValueError } from './errors.ts';
import { isSigned, statementOf, type AnySigned } from './signed.ts';
import { isWellFormed } from './utf8.ts';

/** Anything that may travel. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | ValueMap
  | AnySigned;

/** A map with string keys. */
export type ValueMap = { readonly [key: string]: Value };

/** Deepest nesting accepted: hostile input must not exhaust the stack, and no honest message comes near it. */
export const VALUE_DEPTH_MAX = 64;

/**
 * A deep copy of `input` inside the value domain: what is sent is frozen in time, whatever the sender does to its own
 * object later. Signed values are immutable and shared; each one met is reported to `onSigned`, after those within it.
 *
 * @throws {ValueError} naming the place, when something cannot travel (a Map, a Date, NaN, a lone surrogate …)
 */
export function toValue(input: unknown, onSigned?: (signed: AnySigned) => void): Value {
  return copy(input, '', 0, onSigned);
}

function copy(
  input: unknown,
  path: string,
  depth: number,
  onSigned: ((signed: AnySigned) => void) | undefined,
): Value {
  switch (typeof input) {
    case 'boolean':
      return input;
    case 'number':
      if (!Number.isFinite(input)) throw new ValueError(path, `is ${input}, not a finite number`);
      return input === 0 ? 0 : input;
    case 'string':
      if (!isWellFormed(input)) throw new ValueError(path, 'holds half a surrogate pair');
      return input;
    case 'object':
      if (input === null) return null;
      break;
    default:
      throw new ValueError(path, `is ${describe(input)}, which cannot travel`);
  }
  if (depth > VALUE_DEPTH_MAX) {
    throw new ValueError(beginOf(path), 'is nested too deeply, or holds itself');
  }
  if (Array.isArray(input)) return copyList(input, path, depth, onSigned);
  const prototype: unknown = Object.getPrototypeOf(input);
  if (prototype === Object.prototype || prototype === null) {
    return copyMap(input as Record<string, unknown>, path, depth, onSigned);
  }
  if (isSigned(input)) {
    if (onSigned !== undefined) {
      copy(statementOf(input).fields, path, depth + 1, onSigned);
      onSigned(input);
    }
    return input;
  }
  // No slice: that of Node's Buffer shares its memory.
  if (input instanceof Uint8Array) return new Uint8Array(input);
  throw new ValueError(path, `is ${describe(input)}, which cannot travel; use a list or a map`);
}

function copyList(
  input: readonly unknown[],
  path: string,
  depth: number,
  onSigned: ((signed: AnySigned) => void) | undefined,
): Value[] {
  const result: Value[] = [];
  for (let i = 0; i < input.length; i++) {
    const item = input[i];
    if (isCheap(item)) result.push(item === 0 ? 0 : item);
    else result.push(copy(item, `${path}[${i}]`, depth + 1, onSigned));
  }
  return result;
}

function copyMap(
  input: Record<string, unknown>,
  path: string,
  depth: number,
  onSigned: ((signed: AnySigned) => void) | undefined,
): ValueMap {
  const result: Record<string, Value> = {};
  for (const key in input) {
    // Assigning it sets the prototype instead of a field: such a map would not survive a copy.
    if (key === '__proto__') throw new ValueError(path, "may not have the key '__proto__'");
    const item = input[key];
    if (isCheap(item)) {
      result[key] = item === 0 ? 0 : item;
      continue;
    }
    if (item === undefined) continue;
    result[key] = copy(item, path === '' ? key : `${path}.${key}`, depth + 1, onSigned);
  }
  checkKeys(result, path);
  return result;
}

/** The commonest leaves, decided without a call or a path string: small integers, booleans and null. */
function isCheap(item: unknown): item is number | boolean | null {
  if (typeof item === 'number') return item >>> 0 === item;
  return item === true || item === false || item === null;
}

function checkKeys(map: Record<string, unknown>, path: string): void {
  for (const key in map) {
    if (!isWellFormed(key)) throw new ValueError(path, 'has a key with half a surrogate pair');
  }
}

/** Where something is that lies too deep: what follows tells nobody more, and repeats itself where a value holds itself. */
function beginOf(path: string): string {
  return path.length > PLACE_LENGTH_MAX ? `${path.slice(0, PLACE_LENGTH_MAX)}…` : path;
}

const PLACE_LENGTH_MAX = 24;

function describe(input: unknown): string {
  if (input === undefined) return 'undefined';
  if (typeof input !== 'object') return `a ${typeof input}`;
  const name = (input as object).constructor?.name;
  return name === undefined || name === '' ? 'an object' : `a ${name}`;
}
