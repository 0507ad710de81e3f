/** The lines of a recording at the edge: what a file gives is checked before a node is made of it. */

import * as v from 'valibot';
import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import { LINK_CLASSES } from '../../core/message.ts';
import type { Survival } from '../../core/ports.ts';
import type { RunMode } from '../../core/result.ts';
import { NODE_STATUSES, type NodeStatus } from '../../core/status.ts';
import { FORMAT_NAMES } from '../../net/format.ts';
import { RECORDING_VERSION } from '../../runtime/recording/recording.ts';
import type { RunSpec } from '../run-spec.ts';

/** The first line: what ran. */
export interface RecordingHeader {
  /** {@link RECORDING_VERSION} of the writer; also what tells a header from other lines. */
  readonly parley_recording: number;
  /** Version of the Parley that wrote it. */
  readonly parley: string;
  readonly mode: RunMode;
  /** SHA-256 of the algorithm's sources, in hexadecimal. */
  readonly source_sha256: string;
  readonly spec: RunSpec;
}

/** The header as a line, with its line feed. */
export function recordingHeaderLine(facts: Omit<RecordingHeader, 'parley_recording'>): string {
  return `${JSON.stringify({ parley_recording: RECORDING_VERSION, ...facts })}\n`;
}

/** Characters of a configuration: as much as anybody writes by hand, a hundred times. */
const CONFIG_LENGTH_MAX = 1 << 22;

const SURVIVALS = ['nothing', 'tab crash', 'power cut'] satisfies Survival[];

const text = v.string();
const short = v.pipe(text, v.maxLength(1000));
const id = v.pipe(text, v.minLength(1), v.maxLength(NODE_ID_LENGTH_MAX));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const number = v.pipe(whole, v.minValue(1));
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const hash = v.pipe(text, v.regex(/^[0-9a-f]{64}$/, 'Expected 64 hexadecimal digits'));
const error = v.object({ name: short, message: text });
const life = { node: id, incarnation: whole };
const counts = v.record(text, whole);

/** The header. */
export const headerLine = v.object({
  parley_recording: v.literal(RECORDING_VERSION),
  parley: short,
  mode: v.picklist(['offline', 'local', 'network'] satisfies RunMode[]),
  source_sha256: hash,
  spec: v.object({
    runId: short,
    algorithm: short,
    config: v.pipe(text, v.maxLength(CONFIG_LENGTH_MAX)),
    configFile: short,
    strict: v.boolean(),
    format: v.picklist(FORMAT_NAMES),
    seed: v.pipe(v.number(), v.finite()),
    breaks: v.exactOptional(v.pipe(v.array(short), v.maxLength(100))),
  }),
});

const input = v.variant('kind', [
  v.object({ kind: v.literal('start') }),
  v.object({ kind: v.picklist(['posted', 'timer', 'accepted']), number }),
  v.object({
    kind: v.literal('stored'),
    number,
    value: v.exactOptional(v.unknown()),
    error: v.exactOptional(error),
  }),
  v.object({ kind: v.literal('lifecycle'), from: id, envelope: v.unknown() }),
  v.object({
    kind: v.literal('message'),
    from: id,
    via: v.picklist(LINK_CLASSES),
    envelope: v.unknown(),
    forged: v.exactOptional(v.literal(true)),
  }),
  v.object({
    kind: v.literal('refused'),
    from: id,
    reason: v.picklist(['signature', 'malformed']),
    detail: text,
  }),
  v.object({ kind: v.literal('linked'), node: id }),
  v.object({ kind: v.literal('gone'), node: id, why: text }),
  v.object({
    kind: v.literal('stop'),
    status: v.picklist(['stopped', 'timeout']),
    why: v.exactOptional(text),
  }),
  v.object({ kind: v.literal('unhandled'), error }),
]);

const result = v.looseObject({
  status: v.picklist(NODE_STATUSES as readonly [NodeStatus, ...NodeStatus[]]),
  error: v.exactOptional(text),
  report: v.record(text, v.unknown()),
  messages_received: counts,
  bytes_received: whole,
  messages_sent: whole,
  dropped: counts,
  elapsed_ms: time,
});

/** Each kind of line, by the field that only it has; `events` last, because turns may have them too. */
export const LINES = {
  turn: v.object({
    ...life,
    turn: number,
    time,
    input,
    waits: v.exactOptional(v.array(number)),
    events: v.exactOptional(v.array(v.unknown())),
  }),
  restarted: v.object({
    ...life,
    restarted: v.boolean(),
    storage: v.object({ kind: short, survives: v.picklist(SURVIVALS) }),
  }),
  sha256: v.object({ ...life, sha256: hash }),
  result: v.object({ ...life, result }),
  full: v.object({ ...life, full: v.literal(true) }),
  events: v.object({ ...life, events: v.array(v.unknown()) }),
};
