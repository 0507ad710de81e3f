/** The trace's schema at the edge: events that another tab or a file gives are checked before a picture is drawn from them. */

import * as v from 'valibot';
import { FAULT_KINDS } from '../core/faults/kinds.ts';
import { NODE_ID_LENGTH_MAX } from '../core/id.ts';
import { NODE_STATUSES, type NodeStatus } from '../core/status.ts';
import type { TraceEvent } from '../core/trace.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(NODE_ID_LENGTH_MAX));
const name = v.pipe(v.string(), v.maxLength(200));
const text = v.pipe(v.string(), v.maxLength(10_000));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

const happened = { time: count, node: id, sequence: count };
const message = {
  message: name,
  path: name,
  type: name,
  role: v.picklist(['cast', 'request', 'reply', 'error']),
  bytes: count,
};

/** One event of a trace. */
export const traceEvent = v.variant('kind', [
  v.object({ ...happened, kind: v.literal('send'), to: id, body: v.unknown(), ...message }),
  v.object({ ...happened, kind: v.literal('deliver'), from: id, ...message }),
  v.object({
    ...happened,
    kind: v.literal('drop'),
    from: id,
    message: name,
    path: name,
    type: name,
    reason: v.picklist([
      'schema',
      'unlinked',
      'undeclared',
      'signature',
      'malformed',
      'unexpected',
      'overflow',
      'down',
      'removed',
    ]),
    detail: text,
  }),
  v.object({ ...happened, kind: v.literal('timer'), path: name, name }),
  v.object({
    ...happened,
    kind: v.literal('state'),
    path: name,
    state: v.record(v.string(), v.unknown()),
  }),
  v.object({ ...happened, kind: v.literal('output'), path: name, type: name, value: v.unknown() }),
  v.object({
    ...happened,
    kind: v.literal('log'),
    path: name,
    level: v.picklist(['trace', 'debug', 'info', 'warn', 'error']),
    text,
  }),
  v.object({
    ...happened,
    kind: v.literal('status'),
    status: v.picklist(NODE_STATUSES as readonly [NodeStatus, ...NodeStatus[]]),
    detail: v.optional(text),
  }),
  v.object({
    ...happened,
    kind: v.literal('fault'),
    fault: v.picklist(FAULT_KINDS),
    detail: text,
    to: v.exactOptional(id),
    message: v.exactOptional(name),
    body: v.exactOptional(v.unknown()),
  }),
  v.object({ ...happened, kind: v.literal('violation'), invariant: text, detail: text }),
]);

/** Reads lines of a trace; those that are none are counted. */
export function readTraceLines(lines: string): { events: TraceEvent[]; refused: number } {
  const events: TraceEvent[] = [];
  let refused = 0;
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const result = v.safeParse(traceEvent, parseJson(line));
    if (result.success) events.push(result.output as TraceEvent);
    else refused++;
  }
  return { events, refused };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
