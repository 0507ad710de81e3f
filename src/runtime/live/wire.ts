/** Batches of envelopes as bytes: a list in the run's format. What arrives is hostile until it has been read here. */

import { ValueError } from '../../core/errors.ts';
import type { LinkClass } from '../../core/message.ts';
import type { AnySigned } from '../../core/signed.ts';
import { toValue, type Value } from '../../core/value.ts';
import type { Format } from '../../net/format.ts';
import { CARRIED_HOPS_MAX, CARRIED_LENGTH_MAX, MESSAGE_BYTES_MAX } from '../../net/limits.ts';
import type { AlgorithmEnvelope, CarriedEnvelope, LinkEnvelope } from '../envelope.ts';
import { isLifecycleMessage } from '../lifecycle.ts';

const KINDS = ['lifecycle', 'cast', 'request', 'reply', 'error', 'carried'] as const;

/** Longest path and type accepted; ours are the names that algorithms declare. */
const NAME_LENGTH_MAX = 200;

/** Envelopes in one batch at most: what an empty one costs its reader, so many times, is still nothing. */
const ENVELOPES_MAX = 10_000;

/** Writes the envelopes of a batch, whose signatures are all made. */
export function encodeBatch(envelopes: readonly LinkEnvelope[], format: Format): Uint8Array {
  return format.encode(envelopes.map(envelopeValue));
}

/** Bytes of an envelope's body, as far as it is measured. */
export function envelopeBytes(envelope: LinkEnvelope): number {
  if (envelope.kind === 'carried') return envelope.text.length;
  return envelope.kind === 'lifecycle' ? 0 : envelope.bytes;
}

/**
 * Reads a batch.
 * @throws {ValueError} or SyntaxError when it is none
 */
export function decodeBatch(
  bytes: Uint8Array,
  linkClass: LinkClass,
  format: Format,
  nodesMax: number,
): LinkEnvelope[] {
  const values = format.decode(bytes);
  if (!Array.isArray(values) || values.length > ENVELOPES_MAX) {
    throw new ValueError('', 'is no batch of envelopes');
  }
  return (values as readonly Value[]).map((value) =>
    readEnvelope(value, linkClass, format, nodesMax),
  );
}

/** An envelope as a value: a list whose first item tells its kind. */
export function envelopeValue(envelope: LinkEnvelope): Value {
  if (envelope.kind === 'lifecycle') {
    const { version, seen, rows } = envelope.message;
    return [0, version, seen, rows];
  }
  if (envelope.kind === 'carried') {
    const { from, number, to, hops, text } = envelope;
    return [KINDS.indexOf('carried'), from, number, to, hops, text];
  }
  const { kind, number, answers, path, type, body } = envelope;
  return [KINDS.indexOf(kind), number, answers, path, type, body];
}

/**
 * Reads what {@link envelopeValue} wrote.
 * @throws {ValueError} when it is no envelope
 */
export function readEnvelope(
  value: Value,
  linkClass: LinkClass,
  format: Format,
  nodesMax: number,
): LinkEnvelope {
  if (!Array.isArray(value)) throw new ValueError('', 'is no envelope');
  const [kind, ...rest] = value as Value[];
  const name = typeof kind === 'number' ? KINDS[kind] : undefined;
  if (name === undefined) throw new ValueError('', 'is an envelope of an unknown kind');
  if (name === 'carried') return decodeCarried(rest);
  if (name !== 'lifecycle') return decodeMessage(name, linkClass, rest, format);
  const [version, seen, rows] = rest;
  const message = { version, seen, rows };
  if (!isLifecycleMessage(message, nodesMax)) throw new ValueError('', 'is no lifecycle message');
  return { kind: 'lifecycle', message };
}

function decodeMessage(
  kind: AlgorithmEnvelope['kind'],
  via: LinkClass,
  [number, answers, path, type, content]: readonly Value[],
  format: Format,
): AlgorithmEnvelope {
  if (!isCount(number) || !isCount(answers) || !isName(path) || !isName(type)) {
    throw new ValueError('', 'is no message');
  }
  if (content === undefined) throw new ValueError('', 'has no body');
  if (kind === 'error' && !isErrorBody(content)) throw new ValueError('', 'is no error answer');
  const signed: AnySigned[] = [];
  const body = toValue(content, (value) => signed.push(value));
  const bytes = format.size(body);
  if (bytes > MESSAGE_BYTES_MAX) throw new ValueError('', 'is larger than a message may be');
  return { kind, number, answers, path, type, via, body, bytes, signed, signing: undefined };
}

function decodeCarried([from, number, to, hops, text]: readonly Value[]): CarriedEnvelope {
  const isText = typeof text === 'string' && text.length <= CARRIED_LENGTH_MAX;
  const isHops = isCount(hops) && hops <= CARRIED_HOPS_MAX;
  if (!isName(from) || !isName(to) || !isCount(number) || !isHops || !isText) {
    throw new ValueError('', 'is nothing to be carried');
  }
  return { kind: 'carried', from, number, to, hops, text };
}

function isErrorBody(content: Value): boolean {
  return (
    Array.isArray(content) &&
    content.length === 2 &&
    content.every((part) => typeof part === 'string')
  );
}

function isCount(value: Value | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isName(value: Value | undefined): value is string {
  return typeof value === 'string' && value.length <= NAME_LENGTH_MAX;
}
