/** How an algorithm's messages look in Maelstrom's protocol, and how they are found again in it. */

import type { AlgorithmClass, ChildRecord } from '../core/algorithm.ts';
import type { MessageRecord } from '../core/message.ts';
import { check } from '../core/schema.ts';
import { isSigned } from '../core/signed.ts';
import { fromBase64, toBase64 } from '../net/base64.ts';
import type { Value, ValueMap } from '../core/value.ts';
import { fieldsOf, ProtocolError, type Body } from './message.ts';

/** A message type of an algorithm, or of one of its layers. */
export interface Address {
  readonly path: string;
  readonly type: string;
}

/** What has a meaning in every body. */
const RESERVED = ['type', 'msg_id', 'in_reply_to'];

/** Holds a reply that is no map. */
const BARE = 'reply';

/** The form of one algorithm's messages. */
export class WireForm {
  readonly #root: string;
  /** Declared messages, by the path of their layer. */
  readonly #records = new Map<string, MessageRecord>();

  constructor(algorithm: AlgorithmClass) {
    this.#root = algorithm.definition.name;
    this.#collect(this.#root, algorithm.definition);
  }

  /** A message or a request, without its number. */
  message(address: Address, content: Value): Body {
    return { type: this.#name(address), ...mapOf(address, content) };
  }

  /** An answer, without the number that it answers. */
  reply(address: Address, content: Value): Body {
    const type = `${this.#name(address)}_ok`;
    if (content === null) return { type };
    const isMap = typeof content === 'object' && !Array.isArray(content);
    return { type, ...mapOf(address, isMap ? content : { [BARE]: content }) };
  }

  /** What a body says to whom; whoever gives no number wants no answer, whatever is declared. */
  readMessage(
    body: Body,
    isNumbered: boolean,
  ): { readonly address: Address; readonly kind: 'cast' | 'request'; readonly content: Value } {
    const address = this.#address(body.type);
    const declared = this.#records.get(address.path)?.[address.type];
    const kind = declared?.kind ?? (isNumbered ? 'request' : 'cast');
    return { address, kind, content: unwrapped(fieldsOf(body)) };
  }

  readReply({ path, type }: Address, body: Body): Value {
    const fields = unwrapped(fieldsOf(body)) as ValueMap;
    const keys = Object.keys(fields);
    if (keys.length === 1 && keys[0] === BARE) return fields[BARE]!;
    if (keys.length > 0) return fields;
    const declared = this.#records.get(path)?.[type];
    const isEmptyMap =
      declared?.kind === 'request' && check(declared.reply, {}).issues === undefined;
    return isEmptyMap ? {} : null;
  }

  #collect(
    path: string,
    { messages, children }: { messages: MessageRecord; children: ChildRecord },
  ): void {
    this.#records.set(path, messages);
    for (const [name, child] of Object.entries(children)) {
      this.#collect(`${path}.${name}`, child.definition);
    }
  }

  #name({ path, type }: Address): string {
    return path === this.#root ? type : `${path.slice(this.#root.length + 1)}.${type}`;
  }

  #address(name: string): Address {
    const dot = name.lastIndexOf('.');
    if (dot < 0) return { path: this.#root, type: name };
    return { path: `${this.#root}.${name.slice(0, dot)}`, type: name.slice(dot + 1) };
  }
}

/** @throws {ProtocolError} for what JSON cannot say, and for names that the protocol has taken */
function mapOf({ path, type }: Address, content: Value): ValueMap {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ProtocolError(`${path} says '${type}' with something that is no map of fields`);
  }
  const taken = RESERVED.find((name) => name in content);
  if (taken !== undefined) {
    throw new ProtocolError(`${path} says '${type}' with a field '${taken}', which is Maelstrom’s`);
  }
  const wrapped = wrappedBytes(content);
  if (wrapped !== undefined) return wrapped as ValueMap;
  throw new ProtocolError(
    `${path} says '${type}' with a signed value, which cannot be said in JSON`,
  );
}

/** Marks bytes in JSON, which has none. */
const BYTES = '$bytes';

/** The value with its bytes as `{ $bytes: base64 }`, the value itself where it has none; undefined when something in it is signed. */
function wrappedBytes(value: Value): Value | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (isSigned(value)) return undefined;
  if (value instanceof Uint8Array) return { [BYTES]: toBase64(value) };
  return mapped(value, wrappedBytes);
}

/** The same the other way round. What is no base64 stays what it is: a schema will see it. */
function unwrapped(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const marked = (value as ValueMap)[BYTES];
  if (typeof marked !== 'string') return mapped(value, unwrapped)!;
  try {
    return fromBase64(marked);
  } catch {
    return value;
  }
}

/** A list or a map with each item changed; itself when none is, undefined when one becomes that. */
function mapped(value: Value, change: (item: Value) => Value | undefined): Value | undefined {
  let result: Record<string, Value> | Value[] | undefined;
  for (const [key, item] of Object.entries(value as Readonly<Record<string, Value>>)) {
    const changed = change(item);
    if (changed === undefined) return undefined;
    if (changed === item) continue;
    result ??= Array.isArray(value) ? [...value] : { ...(value as ValueMap) };
    (result as Record<string, Value>)[key] = changed;
  }
  return result ?? value;
}
