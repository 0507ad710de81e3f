/**
 * Messages: an algorithm declares a record of them. The record is the allow-list, the validator at the edge, the legend
 * of the diagrams and the form for sending one by hand.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { NodeId } from './id.ts';
import {
  fieldsSchema,
  isSchema,
  type Fields,
  type FieldsInput,
  type FieldsOutput,
  type Schema,
} from './schema.ts';
import { isSignedSchema } from './signed.ts';

/**
 * The classes of a link. `control` and `data` are reliable and ordered, each by itself: a short `control` message never waits behind bulk
 * `data`. `gossip` is best effort: messages may be lost and overtake one another, but none arrives twice.
 */
export type LinkClass = 'control' | 'data' | 'gossip';

/** The classes, in the order of their numbers on the wire. */
export const LINK_CLASSES: readonly LinkClass[] = ['control', 'data', 'gossip'];

/** How a message travels. */
export interface MessageOptions {
  /** Its class on the link; `data` unless given. */
  readonly via?: LinkClass;
}

/** A message without an answer. `I` is what a sender writes, `O` what a handler reads. */
export interface Cast<I = any, O = any> {
  readonly kind: 'cast';
  readonly schema: Schema<I, O>;
  /** True when the message as a whole is a signed value: then its signer must be its sender. */
  readonly signed: boolean;
  readonly via: LinkClass;
}

/** A message with an answer. */
export interface Request<I = any, O = any, RI = any, RO = any> {
  readonly kind: 'request';
  readonly schema: Schema<I, O>;
  readonly signed: boolean;
  readonly reply: Schema<RI, RO>;
  /** The class of the request and of its answer. */
  readonly via: LinkClass;
}

/** What an algorithm sends and receives, by name. */
export type MessageRecord = { readonly [type: string]: Cast | Request };

/**
 * Declares a message that is sent and forgotten: `cast({ sequence: v.number() })`, or with one schema for the whole:
 * `cast(signed('Vote', { … }))`. Best effort, for gossip: `cast({ … }, { via: 'gossip' })`.
 */
export function cast<F extends Fields>(
  fields: F,
  options?: MessageOptions,
): Cast<FieldsInput<F>, FieldsOutput<F>>;
export function cast<S extends Schema>(
  schema: S,
  options?: MessageOptions,
): Cast<StandardSchemaV1.InferInput<S>, StandardSchemaV1.InferOutput<S>>;
export function cast(content: Fields | Schema, { via = 'data' }: MessageOptions = {}): Cast {
  return { kind: 'cast', ...contentSchema(content), via };
}

/** Declares a message whose sender awaits an answer: `request({ key: v.string() }, v.string())`. */
export function request<F extends Fields, R extends Schema>(
  fields: F,
  reply: R,
  options?: MessageOptions,
): Request<
  FieldsInput<F>,
  FieldsOutput<F>,
  StandardSchemaV1.InferInput<R>,
  StandardSchemaV1.InferOutput<R>
>;
export function request<S extends Schema, R extends Schema>(
  schema: S,
  reply: R,
  options?: MessageOptions,
): Request<
  StandardSchemaV1.InferInput<S>,
  StandardSchemaV1.InferOutput<S>,
  StandardSchemaV1.InferInput<R>,
  StandardSchemaV1.InferOutput<R>
>;
export function request(
  content: Fields | Schema,
  reply: Schema,
  { via = 'data' }: MessageOptions = {},
): Request {
  return { kind: 'request', ...contentSchema(content), reply, via };
}

function contentSchema(content: Fields | Schema): { schema: Schema; signed: boolean } {
  if (!isSchema(content)) return { schema: fieldsSchema(content), signed: false };
  return { schema: content, signed: isSignedSchema(content) };
}

/** What a sender writes for this message. */
export type Input<M> = M extends { readonly schema: Schema<infer I, any> } ? I : never;
/** What a handler reads of this message. */
export type Output<M> = M extends { readonly schema: Schema<any, infer O> } ? O : never;
/** What a handler of this request returns. */
export type ReplyInput<M> = M extends Request<any, any, infer RI, any> ? RI : void;
/** What the caller of this request gets. */
export type ReplyOutput<M> = M extends Request<any, any, any, infer RO> ? RO : void;

/** How long a request waits, and what ends it early. */
export interface CallOptions {
  /** Milliseconds until the call fails with RequestTimeout; {@link REQUEST_TIMEOUT_MS} unless given. */
  readonly timeoutMs?: number;
  /** Aborts the call. */
  readonly signal?: AbortSignal;
}

/** A request that is not answered for so long fails: long enough for a stalled link (0.5–1 s), short enough to be seen. */
export const REQUEST_TIMEOUT_MS = 10_000;

type Arguments<I> = {} extends I
  ? [message?: I, options?: CallOptions]
  : [message: I, options?: CallOptions];

/** A neighbour, with one method for each message. There are no others: an undeclared message cannot be sent. */
export type Peer<M extends MessageRecord> = { readonly id: NodeId } & Calls<M>;

/**
 * One method for each message. A cast's promise is fulfilled when the message was accepted for sending, a request's with the
 * reply; a request is rejected with RemoteError, RequestTimeout, PeerGone or Aborted.
 */
export type Calls<M extends MessageRecord> = {
  readonly [K in keyof M]: (...args: Arguments<Input<M[K]>>) => Promise<ReplyOutput<M[K]>>;
};

/** The casts of a record, sent to every neighbour at once. */
export type Broadcasts<M extends MessageRecord> = {
  readonly [K in keyof M as M[K] extends Cast ? K : never]: (
    ...args: Arguments<Input<M[K]>>
  ) => Promise<void>;
};

/** One handler for each message: the sender and the validated fields are inferred. */
export type Handlers<M extends MessageRecord> = {
  readonly [K in keyof M]: (
    src: NodeId,
    message: Output<M[K]>,
  ) => ReplyInput<M[K]> | Promise<ReplyInput<M[K]>>;
};

/** Names that a message may not have: a peer's id, and what the language itself looks up on objects. */
const RESERVED = new Set([
  'id',
  'then',
  'catch',
  'finally',
  'constructor',
  '__proto__',
  'toString',
]);

/** Name of a message, a setting or a child: it becomes a method and a YAML key. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** @throws {TypeError} when a name cannot be a method or a key */
export function checkNames(owner: string, what: string, names: readonly string[]): void {
  for (const name of names) {
    if (!NAME.test(name)) throw new TypeError(`${owner}: ${what} '${name}' is no name`);
    if (RESERVED.has(name)) throw new TypeError(`${owner}: ${what} may not be called '${name}'`);
  }
}
