/** Tells without copying whether something is still what it was when it was copied into the value domain. */

import { encodeUnsigned, equalBytes } from './canonical.ts';
import { isSigned } from './signed.ts';
import type { Value, ValueMap } from './value.ts';

/**
 * True when `toValue(original)` would give `copy` once more, signatures left out; false as well for what could not be copied.
 */
export function isCopyOf(copy: Value, original: unknown): boolean {
  if (typeof original !== 'object' || original === null) return copy === original;
  if (typeof copy !== 'object' || copy === null) return false;
  if (Array.isArray(original)) {
    return Array.isArray(copy) && isCopyOfList(copy as readonly Value[], original);
  }
  const prototype: unknown = Object.getPrototypeOf(original);
  if (prototype === Object.prototype || prototype === null) {
    return (
      Object.getPrototypeOf(copy) === Object.prototype &&
      isCopyOfMap(copy as ValueMap, original as Record<string, unknown>)
    );
  }
  if (original instanceof Uint8Array) {
    return copy instanceof Uint8Array && equalBytes(copy, original);
  }
  return copy === original || (isSigned(original) && isSigned(copy) && isEqual(copy, original));
}

function isEqual(one: Value, other: Value): boolean {
  return equalBytes(encodeUnsigned(one), encodeUnsigned(other));
}

function isCopyOfList(copy: readonly Value[], original: readonly unknown[]): boolean {
  if (copy.length !== original.length) return false;
  for (let i = 0; i < copy.length; i++) if (!isCopyOf(copy[i]!, original[i])) return false;
  return true;
}

function isCopyOfMap(copy: ValueMap, original: Record<string, unknown>): boolean {
  let more = 0;
  for (const key in original) {
    const item = original[key];
    if (item === undefined) continue;
    if (!Object.hasOwn(copy, key) || !isCopyOf(copy[key]!, item)) return false;
    more++;
  }
  for (const _ in copy) more--;
  return more === 0;
}
