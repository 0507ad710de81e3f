/**
 * What a signaling client and a signaling server say to each other: JSON text frames, each with a
 * `type`. This is the one file that both sides share, so it imports nothing of either.
 *
 * A tab is a **member** of one room per connection. It says `join` first and is answered `welcome`
 * or `error`; after that it sends `signal` to one member and `broadcast` to all others, and `leave`
 * ends it. The server adds who sent what, so no member can speak in another's name. A member that
 * shows a public key is answered `challenge` first and must `prove` that the key is its own: the
 * bytes to sign are in `proof.ts`.
 *
 * `relay` carries frames of links that found no other way, beside signaling and within a window:
 * at most {@link RELAY_WINDOW_BYTES} may be under way, and `relayed` gives them back as fast as the
 * server lets relayed data pass.
 *
 * Everything that arrives, in either direction, is hostile until one of the two parse functions
 * here has accepted it. They never throw.
 */
import * as v from 'valibot';

/** Sent with every join. A server refuses other versions, so raise it when old tabs would break. */
export const PROTOCOL_VERSION = 3;

/** The path on which a server accepts signaling sockets; every other path belongs to others. */
export const SIGNAL_PATH = '/signal';

/**
 * The largest frame a client may send. A session description with many candidates is 5 to 20 KB;
 * above this a single sender could make the server hold and copy megabytes per frame.
 */
export const CLIENT_FRAME_BYTES_MAX = 128 * 1024;

/**
 * The longest frame a client reads. A relayed payload can grow when it is written anew (`1e20`
 * becomes 21 digits), and a welcome lists the room: both stay below a megabyte, and what is longer
 * did not come from a server of ours.
 */
export const SERVER_FRAME_CHARACTERS_MAX = 1024 * 1024;

/**
 * The longest `data` of one relayed frame, in characters of base64: 24 KiB, so that a frame of a
 * data channel (16 KiB) with what encryption adds fits well.
 */
export const RELAY_DATA_LENGTH_MAX = 32 * 1024;

/**
 * Characters of relayed `data` that one client may have under way. It is what a receiver's signals
 * wait behind at worst, and allows the full rate of a server over half a second there and back.
 */
export const RELAY_WINDOW_BYTES = 128 * 1024;

/** How deep a payload may nest: `JSON.stringify` recurses and overflows the stack at thousands. */
export const PAYLOAD_DEPTH_MAX = 32;

/** Shorter codes are found by trying; longer ones are no longer read out to a class. */
export const ROOM_CODE_LENGTH = { min: 4, max: 64 } as const;

/** Below 8 characters two tabs choose the same id by accident; 64 hold a key in hexadecimal. */
export const MEMBER_ID_LENGTH = { min: 8, max: 64 } as const;

/** Below 16 characters a token can be guessed, and whoever guesses it takes the tab's place. */
export const TOKEN_LENGTH = { min: 16, max: 128 } as const;

/** Names and node ids are drawn into diagrams and repeated in every welcome. */
export const LABEL_LENGTH_MAX = 64;

/** More members than this in one welcome would pass the bound on a server's frame. */
export const WELCOME_MEMBERS_MAX = 2_000;

/** STUN and TURN servers in one welcome: every one of them is asked before a connection is made. */
export const ICE_SERVERS_MAX = 8;

/** Addresses of one STUN or TURN server, for example over UDP, TCP and TLS. */
export const ICE_URLS_MAX = 8;

/** The longest address and name of a TURN server's account; `coturn` takes 512 bytes of a name. */
export const ICE_TEXT_LENGTH_MAX = 512;

/** Problems are sentences for a person; a hostile frame must not be echoed back in full. */
export const PROBLEM_LENGTH_MAX = 500;

/** The WebSocket close codes in use, with their meaning here. */
export const CLOSE_CODES = {
  /** The client left. */
  done: 1000,
  /** The server is stopping; come back. */
  goingAway: 1001,
  /** Too many frames that were malformed or beyond the rate. */
  policy: 1008,
  /** The server failed on a frame; its log says how. */
  internal: 1011,
  /** The server is full, or nobody joined over the connection; come back later. */
  tryAgainLater: 1013,
  /** A newer connection or incarnation of the same tab took over; do not come back. */
  superseded: 4001,
} as const;

/** One of the {@link CLOSE_CODES}. */
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];

/** What a server may answer instead of what was asked for. */
export const ERROR_CODES = [
  'bad-message',
  'unsupported-protocol',
  'node-taken',
  'member-taken',
  'room-full',
  'server-full',
  'rate-limited',
  'unknown-member',
  'superseded',
  // The member showed no key where one is required, or a key that it could not prove to be its own.
  'key-required',
  'bad-proof',
  // The join said not to create a room, and nobody has created this one.
  'unknown-room',
  // The server is there, and what it keeps its rooms in is not.
  'unavailable',
] as const;

/** One of the {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a member is gone: it said so, its socket closed, its socket died, or it came back anew. */
export type LeaveReason = 'left' | 'closed' | 'lost' | 'superseded';

const roomCode = text(
  new RegExp(`^[A-Za-z0-9-]{${ROOM_CODE_LENGTH.min},${ROOM_CODE_LENGTH.max}}$`),
  `must be ${ROOM_CODE_LENGTH.min} to ${ROOM_CODE_LENGTH.max} letters, digits or hyphens`,
);
const memberId = text(
  new RegExp(`^[!-~]{${MEMBER_ID_LENGTH.min},${MEMBER_ID_LENGTH.max}}$`),
  `must be ${MEMBER_ID_LENGTH.min} to ${MEMBER_ID_LENGTH.max} visible ASCII characters`,
);
const token = text(
  new RegExp(`^[!-~]{${TOKEN_LENGTH.min},${TOKEN_LENGTH.max}}$`),
  `must be ${TOKEN_LENGTH.min} to ${TOKEN_LENGTH.max} visible ASCII characters`,
);
// Control characters would reach terminals and logs, where they rewrite what stands there.
const label = text(
  new RegExp(`^[^\\p{Cc}]{1,${LABEL_LENGTH_MAX}}$`, 'u'),
  `must be 1 to ${LABEL_LENGTH_MAX} characters without control characters`,
);
const publicKey = text(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
const nonce = text(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
const signature = text(/^[0-9a-f]{128}$/, 'must be 128 lower-case hexadecimal digits');
const relayData = v.pipe(
  v.string('must be a string'),
  v.maxLength(RELAY_DATA_LENGTH_MAX, `must have at most ${RELAY_DATA_LENGTH_MAX} characters`),
  v.check((data) => data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data), 'must be base64'),
);
const incarnation = v.pipe(
  v.number('must be a number'),
  v.safeInteger('must be a safe integer'),
  v.minValue(1, 'must be positive'),
);
const order = v.pipe(
  v.number('must be a number'),
  v.safeInteger('must be a safe integer'),
  v.minValue(0, 'must not be negative'),
);
const payload = v.custom<unknown>(
  isShallow,
  `must be a JSON value nested at most ${PAYLOAD_DEPTH_MAX} deep`,
);

/** The schema of a {@link MemberDescription}. */
export const memberDescription = v.object({
  member: memberId,
  incarnation,
  order,
  node: v.exactOptional(label),
  name: v.exactOptional(label),
  publicKey: v.exactOptional(publicKey),
});

const iceUrl = v.custom<string>(
  (value) => typeof value === 'string' && isIceUrl(value),
  'must be the address of a STUN or TURN server, for example turn:192.0.2.1:3478?transport=udp',
);
const iceText = text(
  new RegExp(`^[ -~]{1,${ICE_TEXT_LENGTH_MAX}}$`),
  `must be 1 to ${ICE_TEXT_LENGTH_MAX} ASCII characters`,
);
const iceServer = v.pipe(
  v.object({
    urls: v.pipe(v.array(iceUrl), v.minLength(1), v.maxLength(ICE_URLS_MAX)),
    username: v.exactOptional(iceText),
    credential: v.exactOptional(iceText),
  }),
  v.check(
    ({ urls, username, credential }) =>
      (username !== undefined && credential !== undefined) ||
      urls.every((url) => url.startsWith('stun')),
    'must have a username and a credential, because it is a TURN server',
  ),
);

const joinMessage = v.object({
  type: v.literal('join'),
  /** {@link PROTOCOL_VERSION} of the page. */
  protocol: v.literal(PROTOCOL_VERSION),
  room: roomCode,
  /** Chosen by the tab and kept over its reload. */
  member: memberId,
  /** The tab's secret: it proves that a later join under the same member id is the same tab. */
  token,
  /** Larger is newer: a reloaded tab raises it, a tab that only reconnects does not. */
  incarnation,
  /** Pins the member to a node id, which no other present member may hold. */
  node: v.exactOptional(label),
  name: v.exactOptional(label),
  publicKey: v.exactOptional(publicKey),
  /**
   * The order this member had before the server was restarted and forgot the room. It is honoured
   * where it is free, so that a restart does not shuffle a running cluster.
   */
  formerOrder: v.exactOptional(order),
  /** False to enter only a room that somebody has created; true when absent. */
  create: v.exactOptional(v.boolean('must be true or false')),
});
const proveMessage = v.object({
  type: v.literal('prove'),
  /** Of the bytes that `proof.ts` makes of the challenge and the join. */
  signature,
});
const signalMessage = v.object({ type: v.literal('signal'), to: memberId, payload });
const broadcastMessage = v.object({ type: v.literal('broadcast'), payload });
const relayMessage = v.object({ type: v.literal('relay'), to: memberId, data: relayData });
const leaveMessage = v.object({ type: v.literal('leave') });
/** Asks whether the server is still there: a pulled cable closes no socket, and pages cannot see the pings below. */
const pingMessage = v.object({ type: v.literal('ping') });

const clientMessage = v.variant('type', [
  joinMessage,
  proveMessage,
  signalMessage,
  broadcastMessage,
  relayMessage,
  leaveMessage,
  pingMessage,
]);

const serverMessage = v.variant('type', [
  v.object({
    type: v.literal('challenge'),
    /** 32 random bytes that were never asked for before. */
    nonce,
  }),
  v.object({
    type: v.literal('welcome'),
    you: memberDescription,
    /** Everybody else who is present, by order. */
    members: v.pipe(v.array(memberDescription), v.maxLength(WELCOME_MEMBERS_MAX)),
    /** Servers that help to connect, with credentials that are this member's own and expire. */
    iceServers: v.exactOptional(v.pipe(v.array(iceServer), v.maxLength(ICE_SERVERS_MAX))),
  }),
  v.object({ type: v.literal('joined'), member: memberDescription }),
  v.object({
    type: v.literal('left'),
    member: memberId,
    incarnation,
    reason: v.picklist(['left', 'closed', 'lost', 'superseded']),
  }),
  v.object({ type: v.literal('signal'), from: memberId, fromIncarnation: incarnation, payload }),
  v.object({ type: v.literal('broadcast'), from: memberId, payload }),
  v.object({
    type: v.literal('relay'),
    from: memberId,
    fromIncarnation: incarnation,
    data: relayData,
  }),
  v.object({
    type: v.literal('relayed'),
    /** So many characters of what this client relayed are no longer under way. */
    bytes: v.pipe(
      v.number('must be a number'),
      v.safeInteger('must be a safe integer'),
      v.minValue(1, 'must be positive'),
    ),
  }),
  /** Answers a `ping`. */
  v.object({ type: v.literal('pong') }),
  v.object({
    type: v.literal('error'),
    /** One of {@link ERROR_CODES}; a newer server may know more, and its message still helps. */
    code: text(/^[a-z-]{1,40}$/, 'must be lower-case words joined by hyphens'),
    message: v.pipe(v.string(), v.maxLength(PROBLEM_LENGTH_MAX)),
    /** With `unknown-member`: who is not there. */
    member: v.exactOptional(memberId),
  }),
]);

/** What everybody in a room may know of a member. Its token is not part of it. */
export type MemberDescription = v.InferOutput<typeof memberDescription>;
/** A STUN or TURN server as an RTCPeerConnection takes it. */
export type IceServer = v.InferOutput<typeof iceServer>;
/** The first message of a connection. */
export type JoinMessage = v.InferOutput<typeof joinMessage>;
/** Everything a client may say. */
export type ClientMessage = v.InferOutput<typeof clientMessage>;
/** Everything a server may say. */
export type ServerMessage = v.InferOutput<typeof serverMessage>;
/** The server message of one type, for example `ServerMessageOf<'welcome'>`. */
export type ServerMessageOf<Type extends ServerMessage['type']> = Extract<
  ServerMessage,
  { readonly type: Type }
>;

/** A frame that was accepted, or why it was not. */
export type Parsed<Message> =
  | { readonly ok: true; readonly message: Message }
  | {
      readonly ok: false;
      readonly code: 'bad-message' | 'unsupported-protocol';
      readonly problem: string;
    };

/**
 * Whether this is the address of a STUN or TURN server (RFC 7064 and 7065). An RTCPeerConnection
 * throws at others, so none may pass.
 */
export function isIceUrl(url: string): boolean {
  if (url.length > ICE_TEXT_LENGTH_MAX) return false;
  const parts = /^(stun|turn)s?:([\w.:[\]-]+)(\?transport=(?:udp|tcp))?$/.exec(url);
  if (parts === null) return false;
  const [, scheme, authority, transport] = parts;
  if (scheme === 'stun' && transport !== undefined) return false;
  try {
    return new URL(`http://${authority}`).hostname !== '';
  } catch {
    return false;
  }
}

/** Reads a frame from a client. Unknown fields are dropped, unknown types refused. */
export function parseClientMessage(frame: string): Parsed<ClientMessage> {
  const parsed = parse(clientMessage, frame, CLIENT_FRAME_BYTES_MAX);
  return parsed.ok ? parsed : (otherProtocol(frame) ?? parsed);
}

/** Reads a frame from a server. Unknown fields are dropped, unknown types refused. */
export function parseServerMessage(frame: string): Parsed<ServerMessage> {
  return parse(serverMessage, frame, SERVER_FRAME_CHARACTERS_MAX);
}

/** The frame of a message. Throws where a payload is no JSON value (cyclic, or holds a bigint). */
export function encodeMessage(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/** The address for signaling of the server that answers at `httpUrl`, for example a page's own. */
export function signalingUrl(httpUrl: string | URL): string {
  const url = new URL(SIGNAL_PATH, httpUrl);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}

function parse<Message>(
  schema: v.GenericSchema<unknown, Message>,
  frame: string,
  charactersMax: number,
): Parsed<Message> {
  if (frame.length > charactersMax) {
    return bad(`The frame is longer than ${charactersMax} characters.`);
  }
  const value = parseJson(frame);
  if (value === undefined) return bad('The frame is not JSON.');
  const result = v.safeParse(schema, value, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return { ok: true, message: result.output };
  return bad(describeIssue(result.issues[0]));
}

function parseJson(frame: string): unknown {
  try {
    return JSON.parse(frame) as unknown;
  } catch {
    return undefined;
  }
}

function bad(problem: string): Parsed<never> {
  return { ok: false, code: 'bad-message', problem: problem.slice(0, PROBLEM_LENGTH_MAX) };
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}

/** A page of another version may say things we cannot know; it deserves to hear why it fails. */
function otherProtocol(frame: string): Parsed<never> | undefined {
  const value = frame.length > CLIENT_FRAME_BYTES_MAX ? undefined : parseJson(frame);
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, protocol } = value as { type?: unknown; protocol?: unknown };
  if (type !== 'join' || typeof protocol !== 'number' || protocol === PROTOCOL_VERSION) {
    return undefined;
  }
  const problem =
    `This server speaks signaling protocol ${PROTOCOL_VERSION} and the page speaks ${protocol}. ` +
    'Reload the page; if that does not help, update the server.';
  return { ok: false, code: 'unsupported-protocol', problem };
}

function text(pattern: RegExp, problem: string): v.GenericSchema<string> {
  return v.pipe(v.string('must be a string'), v.regex(pattern, problem));
}

/**
 * Whether a value nests at most {@link PAYLOAD_DEPTH_MAX} deep. Walks level by level: a recursive
 * walk would fall into the very hole it is to warn of.
 */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > PAYLOAD_DEPTH_MAX) return false;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return true;
}
