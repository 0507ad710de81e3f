/** What members of a room say to each other through signaling, as data that is checked before it is believed. */

import * as v from 'valibot';
import { NODE_ID_LENGTH_MAX } from '../core/id.ts';
import type { NodeResult } from '../core/result.ts';
import { NODE_STATUSES, type NodeStatus } from '../core/status.ts';
import type { RunSpec } from './run-spec.ts';

/** Characters of a configuration that travels to a room; a signaling message carries 128 KiB. */
export const ROOM_CONFIG_LENGTH_MAX = 64 * 1024;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const node = v.pipe(v.string(), v.minLength(1), v.maxLength(NODE_ID_LENGTH_MAX));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const config = v.pipe(v.string(), v.maxLength(ROOM_CONFIG_LENGTH_MAX));
const format = v.picklist(['json', 'msgpack']);

const choice = v.object({
  algorithm: name,
  config,
  format: v.optional(format, 'json'),
  timeoutSeconds: v.optional(v.pipe(count, v.maxValue(86_400)), 30),
});

const manifest = v.object({
  spec: v.object({
    runId: name,
    algorithm: name,
    config,
    configFile: name,
    strict: v.boolean(),
    format,
    seed: v.pipe(v.number(), v.safeInteger()),
  }),
  startedAtMs: count,
  timeoutSeconds: v.pipe(count, v.maxValue(86_400)),
  /** Which member is which node. */
  seats: v.pipe(v.array(v.tuple([name, node])), v.maxLength(256)),
});

const result = v.object({
  status: v.picklist(NODE_STATUSES as readonly [NodeStatus, ...NodeStatus[]]),
  error: v.exactOptional(v.pipe(v.string(), v.maxLength(10_000))),
  report: v.record(v.string(), v.unknown()),
  messages_received: v.record(v.string(), count),
  bytes_received: count,
  messages_sent: count,
  dropped: v.record(v.string(), count),
  elapsed_ms: count,
});

const roomMessage = v.variant('parley', [
  v.object({ parley: v.literal('choice'), choice }),
  v.object({ parley: v.literal('run'), manifest }),
  v.object({ parley: v.literal('events'), runId: name, lines: v.string() }),
  v.object({ parley: v.literal('result'), runId: name, result }),
]);

/** What the first member proposes. */
export type RoomChoice = v.InferOutput<typeof choice>;

/** A run that was started: what it is, and who is which node. */
export interface Manifest {
  readonly spec: RunSpec;
  readonly startedAtMs: number;
  readonly timeoutSeconds: number;
  readonly seats: readonly (readonly [member: string, node: string])[];
}

/** A message of a member. */
export type RoomMessage =
  | { readonly parley: 'choice'; readonly choice: RoomChoice }
  | { readonly parley: 'run'; readonly manifest: Manifest }
  | { readonly parley: 'events'; readonly runId: string; readonly lines: string }
  | { readonly parley: 'result'; readonly runId: string; readonly result: NodeResult };

/** Reads a payload; undefined when it is no message of ours. */
export function readRoomMessage(payload: unknown): RoomMessage | undefined {
  const parsed = v.safeParse(roomMessage, payload);
  return parsed.success ? (parsed.output as RoomMessage) : undefined;
}
