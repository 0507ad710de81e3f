/** What the statements of a room hold, as data that is checked before it is believed. */

import * as v from 'valibot';
import type { Faults } from '../../core/faults/faults.ts';
import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import type { NodeResult } from '../../core/result.ts';
import { NODE_STATUSES, type NodeStatus } from '../../core/status.ts';
import { FRAME_AUTHS, type FrameAuth } from '../../net/batch.ts';
import { LINK_KINDS } from '../../net/rtc/transport.ts';
import { LABEL_LENGTH_MAX, MEMBER_ID_LENGTH } from '../../net/signaling/protocol.ts';
import type { RoomChoice } from '../lab-service.ts';
import { statementSchema, type Statement, type StatementKind } from './statement.ts';

/** Characters of a configuration that travels to a room: with what surrounds and escapes it, it fits into one message of signaling. */
export const ROOM_CONFIG_LENGTH_MAX = 32 * 1024;

/** Nodes of a run in a room: what pages and links allow is less in most rooms. */
const NODES_MAX = 512;
/** Messages that somebody grabs during one hold. */
export const GRABS_MAX = 256;

/** Members that are named in one statement; a room's server seats fewer. */
const MEMBERS_MAX = 2000;

/** Bugs that a run can have: more than any chapter knows. */
const BREAKS_MAX = 64;

/** Statements that stand at a time: one of each kind that can. */
const REGISTERS_MAX = 8;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const text = v.pipe(v.string(), v.maxLength(10_000));
const node = v.pipe(v.string(), v.minLength(1), v.maxLength(NODE_ID_LENGTH_MAX));
const member = v.pipe(v.string(), v.regex(/^[!-~]+$/), v.maxLength(MEMBER_ID_LENGTH.max));
const key = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const config = v.pipe(v.string(), v.maxLength(ROOM_CONFIG_LENGTH_MAX));
const format = v.picklist(['json', 'msgpack']);
const frameAuth = v.picklist(FRAME_AUTHS as readonly [FrameAuth, ...FrameAuth[]]);
const link = v.picklist(LINK_KINDS);
const timeoutSeconds = v.pipe(count, v.minValue(1), v.maxValue(86_400));
const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// What is in it is read where it is used: see core/faults.
const faults = v.custom<Faults>((value) => typeof value === 'object' && value !== null);

const breaks = v.pipe(v.array(name), v.maxLength(BREAKS_MAX), v.readonly());

const about = v.object({
  name: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[^\p{Cc}]+$/u), v.maxLength(LABEL_LENGTH_MAX)),
  ),
  isObserver: v.boolean(),
  capabilities: v.object({
    browser: v.pipe(v.string(), v.maxLength(LABEL_LENGTH_MAX)),
    webrtc: v.boolean(),
    webcrypto: v.boolean(),
    transfersChannels: v.boolean(),
  }),
  /** Of its clock, in milliseconds since 1970, when it said this. */
  clockMs: count,
  /** Asks to be welcomed; the welcome repeats it. */
  nonce: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
});

const charter = v.object({
  creator: member,
  /** The creator's public key: the statement that holds the charter is signed with it. */
  key,
  createdAtMs: count,
  access: v.picklist(['open', 'key', 'passphrase']),
  /** Who takes over when the creator has left for good. */
  succession: v.picklist(['first', 'directors-first']),
});

const rights = v.object({
  /** Who may direct beside the one who manages the room. */
  directors: v.pipe(v.array(member), v.maxLength(MEMBERS_MAX)),
  kicked: v.pipe(
    v.array(v.object({ member, key: v.exactOptional(key) })),
    v.maxLength(MEMBERS_MAX),
  ),
});

const choice = v.object({
  algorithm: name,
  config,
  format: v.exactOptional(format),
  timeoutSeconds: v.exactOptional(timeoutSeconds),
  seed: v.exactOptional(seed),
  frameAuth: v.exactOptional(frameAuth),
  link: v.exactOptional(link),
  faults: v.exactOptional(faults),
  breaks: v.exactOptional(breaks),
  pins: v.exactOptional(v.record(node, member)),
});

const run = v.object({
  spec: v.object({
    runId: name,
    algorithm: name,
    config,
    configFile: name,
    strict: v.boolean(),
    format,
    seed,
    frameAuth,
    link: v.exactOptional(link),
    faults: v.exactOptional(faults),
    breaks: v.exactOptional(breaks),
  }),
  /** What the algorithm is, beside its name: SHA-256 in hexadecimal, see `algorithm-hash.ts`. */
  algorithmHash: key,
  startedAtMs: count,
  timeoutSeconds,
  seats: v.pipe(v.array(v.object({ node, member, key })), v.minLength(1), v.maxLength(NODES_MAX)),
});

const nodes = v.pipe(v.array(node), v.maxLength(NODES_MAX));

const control = v.object({
  runId: name,
  isHeld: v.boolean(),
  cut: v.pipe(v.array(nodes), v.maxLength(NODES_MAX)),
  /** Only what the first group sends is cut off from the others. */
  isOneWay: v.exactOptional(v.boolean()),
  killed: nodes,
  /** What became of single messages since deliveries are held back. */
  grabs: v.exactOptional(
    v.pipe(
      v.array(
        v.object({
          ...{ to: node, message: name, path: name, type: name },
          deed: v.picklist(['deliver', 'drop', 'double', 'delay']),
        }),
      ),
      v.maxLength(GRABS_MAX),
    ),
  ),
  isStopped: v.boolean(),
});

const events = v.object({
  runId: name,
  /** Of its author, which begins to count anew when its tab is reloaded. */
  incarnation: v.pipe(count, v.safeInteger()),
  /** How many events of its author's nodes came before these. */
  first: v.pipe(count, v.safeInteger()),
  lines: v.string(),
});

const result = v.object({
  runId: name,
  node,
  result: v.object({
    status: v.picklist(NODE_STATUSES as readonly [NodeStatus, ...NodeStatus[]]),
    error: v.exactOptional(text),
    report: v.record(v.string(), v.unknown()),
    messages_received: v.record(v.string(), count),
    bytes_received: count,
    messages_sent: count,
    dropped: v.record(v.string(), count),
    elapsed_ms: count,
    fault: v.exactOptional(v.picklist(['byzantine', 'crashed'])),
  }),
});

const declined = v.object({ runId: name, reason: text });

/** Ways to answer a question: more do not fit on a phone. */
export const POLL_OPTIONS_MAX = 12;

const lesson = v.object({
  /** Nobody but the directors can do anything in the room's pages. */
  isFrozen: v.boolean(),
  /** All look where the director looks: at a time of the run, or at its present, and at a node. */
  follow: v.exactOptional(v.object({ atMs: v.exactOptional(count), node: v.exactOptional(node) })),
  poll: v.exactOptional(
    v.object({
      id: name,
      question: name,
      options: v.pipe(v.array(name), v.minLength(2), v.maxLength(POLL_OPTIONS_MAX)),
      isOpen: v.boolean(),
      /** Everybody sees what was answered. */
      isRevealed: v.boolean(),
    }),
  ),
});

const answer = v.object({
  poll: name,
  /** Its place among the options, from 0. */
  option: v.pipe(count, v.safeInteger(), v.maxValue(POLL_OPTIONS_MAX - 1)),
});

const welcome = v.object({
  to: member,
  /** The newcomer's own: nobody can welcome it with what was said to another, or at another time. */
  nonce: v.string(),
  /** Of the clock of who welcomes. */
  clockMs: count,
  /** What stands, and the keys of those who said it and may be gone: the statements themselves travel beside this one. */
  stands: v.pipe(v.array(v.object({ by: member, number: count, key })), v.maxLength(REGISTERS_MAX)),
  /** Whether the run that stands is over: nobody begins it anew then. */
  isRunOver: v.boolean(),
});

const BODIES = {
  ...{ about, charter, rights, choice, run, control, events, result, declined, welcome },
  ...{ lesson, answer },
} satisfies Record<StatementKind, v.GenericSchema>;

/** What a member says of itself. */
export type About = Readonly<v.InferOutput<typeof about>>;
/** Who created a room, and what follows from it. */
export type Charter = Readonly<v.InferOutput<typeof charter>>;
/** Who may do what. */
export type Rights = Readonly<v.InferOutput<typeof rights>>;
/** A run that was started: what it is, and who is which node. */
export type Manifest = Readonly<v.InferOutput<typeof run>>;
/** A node of a run, who runs it, and the key that it has. */
export type Seat = Manifest['seats'][number];
/** What directors did to a run so far. */
export type Control = Readonly<v.InferOutput<typeof control>>;

/** The bodies by kind. */
export interface Bodies {
  readonly about: About;
  readonly charter: Charter;
  readonly rights: Rights;
  readonly choice: RoomChoice;
  readonly run: Manifest;
  readonly control: Control;
  readonly events: Readonly<v.InferOutput<typeof events>>;
  readonly result: { readonly runId: string; readonly node: string; readonly result: NodeResult };
  readonly declined: { readonly runId: string; readonly reason: string };
  readonly welcome: Readonly<v.InferOutput<typeof welcome>>;
  readonly lesson: Readonly<v.InferOutput<typeof lesson>>;
  readonly answer: Readonly<v.InferOutput<typeof answer>>;
}

/** Reads what a statement holds; undefined when it is nothing that can be said. */
export function bodyOf<K extends StatementKind>(
  statement: Statement & { readonly kind: K },
): Bodies[K] | undefined {
  const parsed = v.safeParse(BODIES[statement.kind], parseJson(statement.text));
  return parsed.success ? (parsed.output as Bodies[K]) : undefined;
}

/** Version of everything that members of rooms say to each other. */
const VERSION = 3;

const payload = v.object({
  parley: v.literal('room'),
  version: v.literal(VERSION),
  statements: v.pipe(v.array(statementSchema), v.maxLength(64)),
});

/** What travels from member to member. */
export type RoomPayload = v.InferOutput<typeof payload>;

/** Packs statements for their way. */
export function payloadOf(statements: readonly Statement[]): RoomPayload {
  return { parley: 'room', version: VERSION, statements: [...statements] };
}

/** Reads what came; `other-version` for the words of a page that is older or newer, undefined for what is not of a room. */
export function readPayload(value: unknown): readonly Statement[] | 'other-version' | undefined {
  const parsed = v.safeParse(payload, value);
  if (parsed.success) return parsed.output.statements;
  const { parley, version } = (value ?? {}) as Record<string, unknown>;
  return parley === 'room' && version !== VERSION ? 'other-version' : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
