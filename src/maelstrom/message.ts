/** Messages of Maelstrom's protocol: a JSON object a line, `{src, dest, body: {type, msg_id?, in_reply_to?, …}}`. */

import { messageOf } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import { parseExact, stringifyExact } from './exact-json.ts';

/** What a message says. */
export type Body = ValueMap & { readonly type: string };

/** A message on its way. */
export interface Message {
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly body: Body;
}

/** Somebody broke the protocol; the message says how, in one line. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Longer lines are refused: one of them would be held in memory several times, in every queue on its way. */
export const LINE_BYTES_MAX = 1 << 20;

/** Characters of a line that are shown where it is refused. */
const SHOWN_LENGTH_MAX = 200;

/**
 * Reads a line.
 *
 * @throws {ProtocolError} with what is wrong, and the line
 */
export function readMessage(line: string): Message {
  let parsed: unknown;
  try {
    parsed = parseExact(line);
  } catch (error) {
    throw refusedLine(`it is no JSON: ${messageOf(error)}`, line);
  }
  if (!isObject(parsed)) throw refusedLine('a message is a JSON object', line);
  const { src, dest, body } = parsed;
  if (typeof src !== 'string') throw refusedLine("'src' must be a text", line);
  if (typeof dest !== 'string') throw refusedLine("'dest' must be a text", line);
  if (!isObject(body)) throw refusedLine("'body' must be an object", line);
  if (typeof body['type'] !== 'string') throw refusedLine("'body.type' must be a text", line);
  for (const field of ['msg_id', 'in_reply_to']) {
    const id = body[field];
    if (id !== undefined && id !== null && !Number.isSafeInteger(id)) {
      throw refusedLine(`'body.${field}' must be a whole number`, line);
    }
  }
  try {
    return { src, dest, body: toValue(body) as Body };
  } catch (error) {
    throw refusedLine(`in its body, ${messageOf(error)}`, line);
  }
}

/** The line of a message, without its line feed. */
export function writeMessage({ src, dest, body }: Message): string {
  return stringifyExact({ src, dest, body });
}

/** The number under which a message is answered; undefined when no answer is expected. */
export function numberOf(body: Body): number | undefined {
  const number = body['msg_id'];
  return typeof number === 'number' ? number : undefined;
}

/** The number of the message that this one answers. */
export function answeredBy(body: Body): number | undefined {
  const number = body['in_reply_to'];
  return typeof number === 'number' ? number : undefined;
}

/** What a body says, without what belongs to the envelope. */
export function fieldsOf(body: Body): ValueMap {
  const { type: _type, msg_id: _number, in_reply_to: _answered, ...fields } = body;
  return fields;
}

/** A line for a sentence: control characters are shown and not obeyed, the rest of a long one is left out. */
export function shownLine(line: string): string {
  const short = line.length > SHOWN_LENGTH_MAX ? `${line.slice(0, SHOWN_LENGTH_MAX)}…` : line;
  return JSON.stringify(short)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
}

/** What is wrong with a line, and the line. */
export function refusedLine(problem: string, line: string): ProtocolError {
  return new ProtocolError(`${problem}; the line is: ${shownLine(line)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
