/** Envelopes as bytes: a list in the run's format. What arrives is hostile until it has been read here. */

import { ValueError } from '../../core/errors.ts';
import type { AnySigned } from '../../core/signed.ts';
import { toValue, type Value } from '../../core/value.ts';
import type { Format } from '../../net/format.ts';
import { MESSAGE_BYTES_MAX } from '../../net/limits.ts';
import type { AlgorithmEnvelope, Envelope } from '../envelope.ts';
import { isLifecycleMessage } from '../lifecycle.ts';

const KINDS = ['lifecycle', 'cast', 'request', 'reply', 'error'] as const;

/** Longest path and type accepted; ours are the names that algorithms declare. */
const NAME_LENGTH_MAX = 200;

/** Writes an envelope whose signatures are all made. */
export function encodeEnvelope(envelope: Envelope, format: Format): Uint8Array {
  if (envelope.kind === 'lifecycle') {
    const { version, seen, rows } = envelope.message;
    return format.encode([0, version, seen, rows]);
  }
  const { kind, number, answers, path, type, body } = envelope;
  return format.encode([KINDS.indexOf(kind), number, answers, path, type, body]);
}

/**
 * Reads an envelope.
 * @throws {ValueError} or SyntaxError when it is none
 */
export function decodeEnvelope(bytes: Uint8Array, format: Format, nodesMax: number): Envelope {
  const value = format.decode(bytes);
  if (!Array.isArray(value)) throw new ValueError('', 'is no envelope');
  const [kind, ...rest] = value as Value[];
  const name = typeof kind === 'number' ? KINDS[kind] : undefined;
  if (name === undefined) throw new ValueError('', 'is an envelope of an unknown kind');
  if (name !== 'lifecycle') return decodeMessage(name, rest, format);
  const [version, seen, rows] = rest;
  const message = { version, seen, rows };
  if (!isLifecycleMessage(message, nodesMax)) throw new ValueError('', 'is no lifecycle message');
  return { kind: 'lifecycle', message };
}

function decodeMessage(
  kind: AlgorithmEnvelope['kind'],
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
  return { kind, number, answers, path, type, body, bytes, signed, signing: undefined };
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
