/** Values as text: one spelling for each value, so that texts can stand for values as keys, and for people to read. */

import { isSigned, statementOf } from '../core/signed.ts';
import type { Value } from '../core/value.ts';

/** The value in the spelling of JSON, keys in ascending order: equal values have equal texts, others have not. */
export function textOf(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `bytes(${[...value].map(hexOf).join('')})`;
  if (isList(value)) return `[${value.map(textOf).join(',')}]`;
  if (isSigned(value)) {
    const { type, signer, fields } = statementOf(value);
    return `${type}(${textOf(fields)} signed by ${JSON.stringify(signer)})`;
  }
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${textOf((value as Record<string, Value>)[key]!)}`);
  return `{${entries.join(',')}}`;
}

/** True when both are the same value. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return textOf(a) === textOf(b);
}

/** The value for a sentence: as {@link textOf}, but long ones are cut in the middle. */
export function shown(value: Value, lengthMax = 48): string {
  return shortened(textOf(value), lengthMax);
}

/** A text of at most `lengthMax` characters, its middle left out when it is longer. */
export function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const head = Math.ceil((lengthMax - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (lengthMax - 1 - head))}`;
}

/** The first few items for a sentence, and how many more there are. */
export function listed(items: readonly string[], countMax = 5, between = ', '): string {
  const kept = items.slice(0, countMax).join(between);
  return items.length <= countMax ? kept : `${kept} and ${items.length - countMax} more`;
}

/** A number of things: `1 read`, `3 reads`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** True for a list; `Array.isArray` alone does not narrow readonly ones. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** True for a map with string keys. */
export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Uint8Array) &&
    !isSigned(value)
  );
}

/** A map's own entry; undefined when it has none, whatever the key is called. */
export function field<T>(map: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
