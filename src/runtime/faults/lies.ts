/** What liars make of a message: the same with one thing changed, so that it still makes sense, or so that it makes none. */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import { isSigned, signedValue, statementOf } from '../../core/signed.ts';
import type { Value, ValueMap } from '../../core/value.ts';

/** Keys and indexes from the top; those of a signed value are its fields'. */
type Steps = readonly (string | number)[];

interface Leaf {
  readonly steps: Steps;
  readonly value: Value;
  /** It lies within a statement of another node, which only that one can sign. */
  readonly isForeign: boolean;
}

/**
 * The message told differently: one thing in it becomes its opposite, or the next one. The same message becomes the same lie, whoever
 * tells it, so that several liars stand together. Statements of others stay as they are.
 *
 * @param fits says whether a receiver would take it
 * @returns undefined when nothing in it can be told differently
 */
export function toldDifferently(
  body: Value,
  me: NodeId,
  nodes: readonly NodeId[],
  fits: (body: Value) => boolean,
): Value | undefined {
  const own = leavesOf(body, me).filter(({ isForeign }) => !isForeign);
  const ranked = own.toSorted((a, b) => rankOf(a.value, nodes) - rankOf(b.value, nodes));
  for (const { steps, value } of ranked) {
    const other = opposite(value, nodes);
    if (other === undefined) continue;
    const told = replaced(body, steps, other, me);
    if (fits(told)) return told;
  }
  return undefined;
}

/** What is most worth lying about comes first: a yes, a text, a number; who is meant comes last. */
function rankOf(value: Value, nodes: readonly NodeId[]): number {
  if (typeof value === 'boolean') return 0;
  if (typeof value === 'string') return nodes.includes(value) ? 4 : 1;
  return typeof value === 'number' ? 2 : 3;
}

function opposite(value: Value, nodes: readonly NodeId[]): Value | undefined {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') {
    const at = nodes.indexOf(value);
    return at < 0 ? `not ${value}` : nodes[(at + 1) % nodes.length]!;
  }
  if (!(value instanceof Uint8Array)) return undefined;
  return value.length === 0
    ? new Uint8Array([1])
    : value.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}

/** The message with one thing in it garbled: of another kind, too large, or gone. Signatures of others stay, and are wrong then. */
export function garbled(body: Value, me: NodeId, random: Random): Value {
  const leaves = leavesOf(body, me);
  const garbage = random.pick(GARBAGE);
  if (leaves.length === 0) return garbage;
  return replaced(body, random.pick(leaves).steps, garbage, me);
}

const GARBAGE: readonly Value[] = [
  null,
  true,
  -1,
  0.5,
  Number.MAX_SAFE_INTEGER,
  '',
  '\u202e\ufffd',
  new Uint8Array([0xff]),
  [],
  {},
  [[[[[[[[]]]]]]]],
];

/** A statement in the message, in the name of another; undefined when there is none. */
export function underOtherName(body: Value, victim: NodeId): Value | undefined {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return undefined;
  if (isSigned(body)) {
    return signedValue({ ...statementOf(body), signer: victim, signature: undefined }) as Value;
  }
  for (const [key, item] of Object.entries<Value>(body as ValueMap)) {
    const forged = underOtherName(item, victim);
    if (forged !== undefined) return withItem(body, key, forged);
  }
  return undefined;
}

/** Everything in a value that holds nothing else, in its order. */
function leavesOf(value: Value, me: NodeId, steps: Steps = [], isForeign = false): Leaf[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return [{ steps, value, isForeign }];
  }
  if (isSigned(value)) {
    const { signer, fields } = statementOf(value);
    return leavesOf(fields, me, steps, isForeign || signer !== me);
  }
  return Object.entries(value as ValueMap).flatMap(([key, item]) =>
    leavesOf(item, me, [...steps, key], isForeign),
  );
}

/** A copy with another leaf. Own statements on the way have to be signed anew; those of others keep their signature. */
function replaced(value: Value, [step, ...rest]: Steps, leaf: Value, me: NodeId): Value {
  if (step === undefined && !isSigned(value)) return leaf;
  if (isSigned(value)) {
    const statement = statementOf(value);
    const steps: Steps = step === undefined ? [] : [step, ...rest];
    const fields = replaced(statement.fields, steps, leaf, me) as ValueMap;
    const signature = statement.signer === me ? undefined : statement.signature;
    return signedValue({ ...statement, fields, signature }) as Value;
  }
  const item = (value as ValueMap)[step!]!;
  return withItem(value as ValueMap, step!, replaced(item, rest, leaf, me));
}

function withItem(value: ValueMap | readonly Value[], key: string | number, item: Value): Value {
  if (Array.isArray(value))
    return value.map((old, at) => (at === Number(key) ? item : (old as Value)));
  return { ...(value as ValueMap), [key]: item };
}
