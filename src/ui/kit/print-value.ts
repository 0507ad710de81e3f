/** Values in words, for tables and tooltips: short, on one line, and never taken for markup. */

import { bytesToHex } from '@noble/hashes/utils.js';
import { isSigned, statementOf } from '../../core/signed.ts';
import type { Value, ValueMap } from '../../core/value.ts';

/** Characters that a cell shows; whoever wants more opens the inspector. */
const LENGTH_MAX = 160;

/** `value` on one line, shortened to `lengthMax` characters. */
export function printValue(value: Value | undefined, lengthMax = LENGTH_MAX): string {
  const text = print(value, lengthMax);
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}

/** A signed statement, as it is shown. */
export interface SignedShown {
  readonly type: string;
  readonly signer: string;
  readonly fields: ValueMap;
  /** In hexadecimal digits; undefined where the trace has none, or none was made yet. */
  readonly signature: string | undefined;
}

/** The statement that a value is, as itself or as the map that stands for it in traces; undefined for all others. */
export function signedIn(value: Value | undefined): SignedShown | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isSigned(value)) {
    const { type, signer, fields, signature } = statementOf(value);
    return { type, signer, fields, signature: signature && bytesToHex(signature) };
  }
  if (!Object.hasOwn(value, '$signed')) return undefined;
  const { $signed: type, signer, $signature: signature, ...fields } = value as ValueMap;
  if (typeof type !== 'string' || typeof signer !== 'string') return undefined;
  const hex = signature instanceof Uint8Array ? bytesToHex(signature) : undefined;
  return { type, signer, fields, signature: hex };
}

function print(value: Value | undefined, budget: number): string {
  if (value === undefined) return '–';
  if (value === null) return 'none';
  if (typeof value === 'string') return value === '' ? '“”' : value;
  if (typeof value !== 'object') return String(value);
  const signed = signedIn(value);
  if (signed !== undefined) {
    const { type, signer, fields } = signed;
    return `${type} {${printMap(fields, budget)}} signed by ${signer}`;
  }
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return printList(value as readonly Value[], budget);
  return printMap(value as { readonly [key: string]: Value }, budget);
}

function printList(list: readonly Value[], budget: number): string {
  if (list.length === 0) return 'empty';
  let text = '';
  for (const item of list) {
    if (text.length > budget) break;
    text += (text === '' ? '' : ', ') + nested(item, budget - text.length);
  }
  return text;
}

function printMap(map: { readonly [key: string]: Value }, budget: number): string {
  let text = '';
  for (const key of Object.keys(map)) {
    if (text.length > budget) break;
    text += `${text === '' ? '' : ', '}${key} ${nested(map[key], budget - text.length)}`;
  }
  return text === '' ? 'empty' : text;
}

function nested(value: Value | undefined, budget: number): string {
  const text = print(value, budget);
  const isPlain = typeof value !== 'object' || value === null || signedIn(value) !== undefined;
  if (isPlain || value instanceof Uint8Array || text === 'empty') return text;
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** True when both print alike in full: what a table marks as changed must look changed. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && String(a) === String(b);
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as { readonly [key: string]: Value };
  const right = b as { readonly [key: string]: Value };
  return keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]));
}
