/** What an algorithm is, beside its name: two pages that were built from different sources must not take part in the same run. */

import { sha256 } from '@noble/hashes/sha2.js';
import type { AnyDefinition } from '../../core/algorithm.ts';
import { encodeCanonical } from '../../core/canonical.ts';
import type { Fields } from '../../core/schema.ts';
import type { Value } from '../../core/value.ts';
import { toHex } from '../../net/hex.ts';

/**
 * SHA-256 in hexadecimal of the algorithm's source, where the page knows it, and otherwise of what its definition declares: messages,
 * settings, layers.
 *
 * @param sourceHash SHA-256 in hexadecimal of the chapter's files
 */
export function algorithmHash(definition: AnyDefinition, sourceHash: string | undefined): string {
  if (sourceHash !== undefined) return sourceHash;
  return toHex(sha256(encodeCanonical(['parley.definition.v1', described(definition)])));
}

function described(definition: AnyDefinition): Value {
  const { name, messages, settings, children, delivers, service } = definition;
  return {
    name,
    service,
    settings: fieldNames(settings),
    messages: kinds(messages),
    delivers: kinds(delivers),
    children: mapped(children, (child) => described(child.definition)),
  };
}

function kinds(messages: AnyDefinition['messages']): Value {
  return mapped(messages, ({ kind }) => kind);
}

function fieldNames(fields: Fields): Value {
  return Object.keys(fields);
}

function mapped<T>(record: Readonly<Record<string, T>>, describe: (one: T) => Value): Value {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, describe(one)]));
}
