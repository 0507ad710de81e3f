/**
 * Statements: what members of a room say to one another, signed by who says it. So it does not matter over which way one arrives, or who
 * passed it on: nobody can speak in another's name, in another room, or as something else.
 */

import * as v from 'valibot';
import { encodeCanonical } from '../../core/canonical.ts';
import type { Signer } from '../../core/ports.ts';
import { fromHex, toHex } from '../../net/hex.ts';
import { MEMBER_ID_LENGTH } from '../../net/signaling/protocol.ts';

/** What makes these bytes unlike all others that a member's key signs. */
const TAG = 'parley.room.v1';

/** Longest text of a statement, in characters: a page of events, a configuration with all that belongs to it. */
export const STATEMENT_LENGTH_MAX = 96 * 1024;

/** What a statement is about: see `messages.ts` for what its text holds. */
export const STATEMENT_KINDS = [
  'about',
  'charter',
  'rights',
  'choice',
  'run',
  'control',
  'events',
  'result',
  'declined',
  'welcome',
  'lesson',
  'answer',
] as const;

/** One of the {@link STATEMENT_KINDS}. */
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** Something that a member said. Its signature has to be checked before it is believed. */
export interface Statement {
  /** Who says it. */
  readonly by: string;
  /** Grows with everything that this member says, over reloads too. */
  readonly number: number;
  readonly kind: StatementKind;
  /** JSON. */
  readonly text: string;
  /** Ed25519, 64 bytes in hexadecimal. */
  readonly signature: string;
}

/** A statement as it comes from outside. */
export const statementSchema = v.object({
  by: v.pipe(
    v.string(),
    v.regex(new RegExp(`^[!-~]{${MEMBER_ID_LENGTH.min},${MEMBER_ID_LENGTH.max}}$`)),
  ),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  kind: v.picklist(STATEMENT_KINDS),
  text: v.pipe(v.string(), v.maxLength(STATEMENT_LENGTH_MAX)),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/)),
});

/** The bytes that are signed. */
function contentOf(room: string, statement: Omit<Statement, 'signature'>): Uint8Array {
  const { by, number, kind, text } = statement;
  return encodeCanonical([TAG, room, by, number, kind, text]);
}

/**
 * Signs what `by` says.
 *
 * @throws {RangeError} when the body is longer than a statement may be
 */
export async function sayAs(
  signer: Signer,
  room: string,
  { by, number, kind }: Pick<Statement, 'by' | 'number' | 'kind'>,
  body: unknown,
): Promise<Statement> {
  const text = JSON.stringify(body);
  if (text.length > STATEMENT_LENGTH_MAX) {
    throw new RangeError(
      `it has ${text.length} characters, and members take at most ${STATEMENT_LENGTH_MAX}`,
    );
  }
  const unsigned = { by, number, kind, text };
  const signature = await signer.sign(contentOf(room, unsigned));
  return { ...unsigned, signature: toHex(signature) };
}

/** Whether `by` said it in this room; `signer` knows the members' keys. Never rejects. */
export async function isGenuine(
  signer: Signer,
  room: string,
  statement: Statement,
): Promise<boolean> {
  try {
    const signature = fromHex(statement.signature);
    return await signer.verify(statement.by, contentOf(room, statement), signature);
  } catch {
    // A text with half a surrogate pair has no encoding, so nobody signed it.
    return false;
  }
}
