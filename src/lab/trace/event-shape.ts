/**
 * Whether a line of a trace file is an event, and if not, why. Fields are checked for their kind and not for their length: a file may
 * hold what its own run wrote. What other tabs send is judged more strictly, by trace-schema.ts.
 */

import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import { NODE_STATUSES } from '../../core/status.ts';

type FieldCheck = (value: unknown) => string | undefined;

const isText: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'must be a text');

const isCount: FieldCheck = (value) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value)
    ? undefined
    : 'must be a number, 0 or more';

const isWhole: FieldCheck = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : 'must be a whole number, 0 or more';

const isId: FieldCheck = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= NODE_ID_LENGTH_MAX
    ? undefined
    : `must be the id of a node, 1 to ${NODE_ID_LENGTH_MAX} letters`;

const isThere: FieldCheck = (value) => (value === undefined ? 'is missing' : undefined);

const isMap: FieldCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be an object';

function isOneOf(words: readonly string[]): FieldCheck {
  return (value) =>
    words.includes(value as string) ? undefined : `must be one of ${words.join(', ')}`;
}

const isRole = isOneOf(['cast', 'request', 'reply', 'error']);

const MESSAGE = { message: isText, path: isText, type: isText, role: isRole, bytes: isCount };

/** The fields of each kind; kinds that are not here are younger than this code, and pass with what every event has. */
const FIELDS: ReadonlyMap<string, readonly (readonly [string, FieldCheck])[]> = new Map(
  Object.entries({
    send: { to: isId, body: isThere, ...MESSAGE },
    deliver: { from: isId, ...MESSAGE },
    drop: {
      ...{ from: isId, message: isText, path: isText, type: isText },
      ...{ reason: isText, detail: isText },
    },
    timer: { path: isText, name: isText },
    state: { path: isText, state: isMap },
    output: { path: isText, type: isText, value: isThere },
    log: { path: isText, level: isText, text: isText },
    status: { status: isOneOf(NODE_STATUSES) },
    fault: { fault: isText, detail: isText },
    violation: { invariant: isText, detail: isText },
  }).map(([kind, fields]) => [kind, Object.entries(fields)] as const),
);

/** The kinds of events that this version knows. */
export const KNOWN_KINDS: ReadonlySet<string> = new Set(FIELDS.keys());

/** Why a value is no event; undefined when it is one. */
export function whyNoEvent(value: unknown): string | undefined {
  if (isMap(value) !== undefined) return 'a line must be a JSON object';
  const event = value as Readonly<Record<string, unknown>>;
  const { time, node, sequence, kind } = event;
  const problem =
    named('time', isCount(time)) ??
    named('node', isId(node)) ??
    named('sequence', isWhole(sequence)) ??
    named('kind', isText(kind));
  if (problem !== undefined) return problem;
  const fields = FIELDS.get(kind as string);
  if (fields === undefined) return undefined;
  for (const [name, check] of fields) {
    const why = check(event[name]);
    if (why !== undefined) return `in a ${kind as string}, ${named(name, why)}`;
  }
  return undefined;
}

function named(field: string, why: string | undefined): string | undefined {
  return why === undefined ? undefined : `'${field}' ${why}`;
}
