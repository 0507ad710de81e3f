/**
 * The errors that an algorithm can meet at its own call sites. Each says what happened and what to do.
 *
 * They are told apart by `name`, which also travels between nodes; `instanceof` works within one realm.
 */

import type { NodeId } from './id.ts';

/** An answer that says no: thrown by a handler, it reaches the caller as {@link RemoteError} and is no failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The other side answered a request with an error: a {@link Refusal}, or a handler that threw. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** The node that answered. */
  readonly peer: NodeId;
  /** `refused`: the handler threw a Refusal; `failed`: it threw anything else; `unknown`: no such message there. */
  readonly code: RemoteErrorCode;

  constructor(peer: NodeId, code: RemoteErrorCode, text: string) {
    super(`${peer}: ${text}`);
    this.peer = peer;
    this.code = code;
  }
}

/** Why a request was answered with an error. */
export type RemoteErrorCode = 'refused' | 'failed' | 'unknown' | 'invalid';

/** A request got no answer in time. Whether the other side handled it is unknown. */
export class RequestTimeout extends Error {
  override readonly name = 'RequestTimeout';
  constructor(peer: NodeId, type: string, timeoutMs: number) {
    super(`${peer} did not answer '${type}' within ${timeoutMs} ms`);
  }
}

/** The other side left (its tab was closed or its worker died) before it answered. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone';
  constructor(peer: NodeId, type: string) {
    super(`${peer} is gone; '${type}' was not answered`);
  }
}

/** A request or a sleep was given up through its AbortSignal. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
  constructor(what: string) {
    super(`${what} was aborted`);
  }
}

/** A value that a message, a reply or the store may not hold; `path` says where inside it. */
export class ValueError extends TypeError {
  override readonly name = 'ValueError';
  constructor(path: string, problem: string) {
    super(`${path === '' ? 'the value' : path} ${problem}`);
  }
}

/** A message, reply, delivery or setting that does not fit its schema. */
export class SchemaError extends TypeError {
  override readonly name = 'SchemaError';
}

/** Something is asked for that there is not, or that cannot be; the text says what there is instead. */
export class Misuse extends RangeError {
  override readonly name = 'Misuse';
}

/** A message larger than any link carries. */
export class MessageTooLarge extends RangeError {
  override readonly name = 'MessageTooLarge';
  constructor(type: string, bytes: number, bytesMax: number) {
    super(
      `'${type}' has ${bytes} bytes; a message may have ${bytesMax}. Send it in parts, or send a reference.`,
    );
  }
}

/** Errors that engines throw themselves, each in words of its own. */
const WORDED_BY_ENGINES = new Set([
  ...['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError', 'EvalError'],
  ...['InternalError', 'AggregateError'],
]);

/**
 * What may be written of a thrown thing where every engine must write the same: in traces, messages and verdicts. Of an error that
 * engines word themselves only its name is; the words are in the log and in the node's result.
 */
export function steadyMessageOf(thrown: unknown): string {
  const isWordedByEngine = thrown instanceof Error && WORDED_BY_ENGINES.has(thrown.name);
  return isWordedByEngine ? thrown.name : messageOf(thrown);
}

/** The text of anything that was thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : `threw ${String(thrown)}`;
}
