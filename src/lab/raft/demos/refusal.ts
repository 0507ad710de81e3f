/** Commands that say what is wrong with them: what comes from a client is looked at, and what cannot be done is answered. */

import * as v from 'valibot';

/** Why a command was not done. */
export interface Refusal {
  readonly refused: string;
}

/** A refusal. */
export function refuse(why: string): Refusal {
  return { refused: why };
}

/** What `schema` makes of a command, or why it is none. */
export function looked<S extends v.GenericSchema>(
  schema: S,
  command: unknown,
): v.InferOutput<S> | Refusal {
  const result = v.safeParse(schema, command);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
  return refuse(place === '' ? issue.message : `${place}: ${issue.message}`);
}

/** Whether it is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** A name: of an account, a key, a bidder. One key is no key of a JavaScript object. */
export const name = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
  v.check((text) => text !== '__proto__', 'this name cannot be used'),
);

/** Money, in cents: integers, so that nothing is rounded. Sums stay exact far beyond this. */
export const cents = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e12));

/** A moment, in milliseconds since 1970, as somebody’s clock had it. */
export const moment = v.pipe(v.number(), v.integer(), v.minValue(0));
