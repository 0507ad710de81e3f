/**
 * The formats: how values are written as bytes. Chosen per run; a signed value carries the same signature in each, because
 * signatures cover the canonical encoding.
 */

import type { FormatName } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import { json } from './format-json.ts';
import { msgpack } from './format-msgpack.ts';

/** One way of writing values. */
export interface Format {
  readonly name: FormatName;
  encode(value: Value): Uint8Array;
  /**
   * Reads what `encode` wrote, bounded in depth; the result is a value of the domain.
   * @throws {ValueError} or SyntaxError on anything else
   */
  decode(bytes: Uint8Array): Value;
  /**
   * The number of bytes that `encode` would write, without writing them. A signature that is still being made counts as if it were there:
   * a size must not depend on how quickly that goes.
   */
  size(value: Value): number;
}

const FORMATS: { readonly [name in FormatName]: Format } = { json, msgpack };

/** The format with this name. */
export function formatNamed(name: FormatName): Format {
  return FORMATS[name];
}

/** All names, for help and checks. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];
