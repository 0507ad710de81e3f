/** Inputs as they stand in a recording, written and read. What is read comes from a file, and is hostile until it has been read here. */

import { messageOf, ValueError } from '../../core/errors.ts';
import type { Value } from '../../core/value.ts';
import { fromJson, toJson } from '../../net/format-json.ts';
import { formatNamed } from '../../net/format.ts';
import type { AlgorithmEnvelope, LifecycleEnvelope } from '../envelope.ts';
import { envelopeValue, readEnvelope } from '../live/wire.ts';
import type { NodeInput, StorageAnswer } from '../node-input.ts';
import type { RunPlan } from '../plan.ts';
import type { RecordedError, RecordedInput } from './recording.ts';

/** An input as JSON. */
export function recordedInput(input: NodeInput): RecordedInput {
  switch (input.kind) {
    case 'message': {
      const { kind, from, envelope, isGenuine } = input;
      const message = toJson(envelopeValue(envelope));
      const recorded = { kind, from, via: envelope.via, envelope: message };
      return isGenuine ? recorded : { ...recorded, forged: true };
    }
    case 'lifecycle': {
      const { kind, from, message } = input;
      return { kind, from, envelope: toJson(envelopeValue({ kind, message })) };
    }
    case 'posted':
    case 'timer':
    case 'accepted':
      return { kind: input.kind, number: input.number };
    case 'stored':
      return { kind: 'stored', number: input.number, ...recordedAnswer(input.answer) };
    case 'stop': {
      const { kind, status, why } = input;
      return why === undefined ? { kind, status } : { kind, status, why };
    }
    case 'unhandled':
      return { kind: 'unhandled', error: recordedError(input.error) };
    default:
      return input;
  }
}

function recordedAnswer(answer: StorageAnswer): { value?: unknown; error?: RecordedError } {
  if ('error' in answer) return { error: recordedError(answer.error) };
  return answer.value === undefined ? {} : { value: toJson(answer.value) };
}

function recordedError(error: unknown): RecordedError {
  const name = error instanceof Error ? error.name : typeof error;
  return { name, message: messageOf(error) };
}

/**
 * The envelope of a recorded message.
 *
 * @throws {ValueError} when it is none
 */
export function readMessage(
  { envelope, via }: Extract<RecordedInput, { readonly kind: 'message' }>,
  plan: RunPlan,
): AlgorithmEnvelope {
  const read = readEnvelope(fromJson(envelope), via, formatNamed(plan.format), plan.nodes.length);
  if (read.kind === 'lifecycle') throw new ValueError('envelope', 'is one of the barriers');
  if (read.kind === 'carried') throw new ValueError('envelope', 'is no message of an algorithm');
  return read;
}

/**
 * The message of a recorded barrier.
 *
 * @throws {ValueError} when it is none
 */
export function readLifecycle(
  { envelope }: Extract<RecordedInput, { readonly kind: 'lifecycle' }>,
  plan: RunPlan,
): LifecycleEnvelope['message'] {
  const { format, nodes } = plan;
  const read = readEnvelope(fromJson(envelope), 'data', formatNamed(format), nodes.length);
  if (read.kind !== 'lifecycle') throw new ValueError('envelope', 'is no message of the barriers');
  return read.message;
}

/**
 * What storage answered.
 *
 * @throws {ValueError} when it is no value
 */
export function readAnswer({
  value,
  error,
}: Extract<RecordedInput, { readonly kind: 'stored' }>): StorageAnswer {
  return error === undefined ? { value: readValue(value) } : { error: errorOf(error) };
}

/** An error with the name and the words of a recorded one. */
export function errorOf({ name, message }: RecordedError): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function readValue(value: unknown): Value | undefined {
  return value === undefined ? undefined : fromJson(value);
}
