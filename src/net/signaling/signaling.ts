/**
 * **Signaling** is how members of a room find one another before they are connected: who is there,
 * and small messages to them (offers, answers, candidates). This file is its manual; the
 * implementations are `SignalingClient` (a signaling server) and `LocalHub` (several nodes in one
 * page, no server). `tests/compliance/signaling.suite.ts` holds what both promise.
 *
 * ```ts
 * const signaling = new SignalingClient({ url: signalingUrl(location.href) });
 * signaling.on('joined', (member) => dial(member));          // 1. subscribe first
 * signaling.on('signal', ({ from, payload }) => { … });      //    payload is unverified
 * const { you, members } = await signaling.join({ … });      // 2. then join
 * signaling.signal(members[0].member, { sdp: '…' });         // 3. then talk
 * signaling.close();                                         // 4. the others hear it at once
 * ```
 *
 * - **Order.** `order` is the rank in which members first joined the room: 0, 1, 2, … A tab keeps
 *   its order over a reload, because it joins again under the same `member` with the same `token`.
 * - **Incarnations.** A reloaded tab joins with a larger `incarnation` and replaces its ghost at
 *   once: the others see `left` (superseded) and `joined`. The ghost, if it still lives (the tab
 *   was duplicated), becomes `closed` with the error `superseded` and does not come back.
 * - **Nodes.** `node` pins the member to a node id. Two present members cannot hold the same one:
 *   the second join is rejected with `node-taken`.
 * - **Keys.** A member that shows a `publicKey` proves on every connection that it holds the key, by
 *   `sign`ing what it joins as and a nonce of the other side. From then on its member id is bound to
 *   the key as long as the room remembers it: another key, or none, is rejected with `member-taken`,
 *   and no token helps. Its node is bound as well when its connection breaks; `close` gives it up.
 * - **Codes.** Whoever names a room first creates it, unless it joins with `create: false`: that is
 *   for codes that somebody else gave out, and is rejected with `unknown-room` where nobody is or was
 *   lately. Servers limit how often an address may try.
 * - **Delivery.** Messages between two members arrive in order, each at most once, or not at all:
 *   whoever needs an answer must wait for one. Events may come as soon as the join is answered.
 * - **Relay.** `relay` carries the frames of links that found no other way, base64 of what is
 *   encrypted end to end. It has a window of its own, which the server refills at its rate: `full`
 *   means nothing was kept, and `relayDrained` comes when any frame fits again. Between two members
 *   relayed frames keep their order; how they stand to signals is not promised. They are lost with
 *   the connection, and to a receiver who does not read.
 * - **Reconnection.** After the first join a lost server is looked for again and again, with the
 *   same incarnation; state is `reconnecting` meanwhile. Members do not `left` because of that: only
 *   those who are still missing some seconds after the server is found again are reported.
 */
import type {
  ErrorCode,
  IceServer,
  JoinMessage,
  LeaveReason,
  MemberDescription,
} from './protocol.ts';

/** Finds the members of one room and carries small messages between them. One object, one join. */
export interface Signaling {
  /** Where this member stands with its room; every change is announced as `state`. */
  readonly state: SignalingState;
  /** This member as the room describes it, once it joined. */
  readonly you: MemberDescription | undefined;
  /** The other members that are present, by member id. Empty before the join. */
  readonly members: ReadonlyMap<string, MemberDescription>;
  /**
   * STUN and TURN servers that the signaling server recommends; empty before the join, and where it
   * recommends none. Read it anew for every connection: credentials expire, and rejoining renews them.
   */
  readonly iceServers: readonly IceServer[];

  /**
   * Joins a room. Rejects with a {@link SignalingError} whose message says what to do; after that,
   * `join` may be called again (with another node, say). Call it in state `idle` only.
   */
  join(request: JoinRequest): Promise<Welcome>;

  /**
   * Sends `payload`, a JSON value, to one member. A member who is not there is reported as the
   * event `problem` with code `unknown-member`.
   *
   * @throws SignalingError `bad-message` when the payload is no JSON value or too large
   */
  signal(to: string, payload: unknown): SendOutcome;

  /** Sends `payload` to all other members. As `signal` in everything else. */
  broadcast(payload: unknown): SendOutcome;

  /**
   * Relays `data`, base64 of at most RELAY_DATA_LENGTH_MAX characters, to one member. Never
   * `queued`: while the window is used up, the server is being looked for, or the receiver is not
   * back behind a restarted one, it is `full`, and `relayDrained` says when to try again.
   *
   * @throws SignalingError `bad-message` when the data is no base64 or too long
   */
  relay(to: string, data: string): SendOutcome;

  /** Calls `listener` on every event of that name, until the returned function is called. */
  on<Name extends keyof SignalingEvents>(
    name: Name,
    listener: (event: SignalingEvents[Name]) => void,
  ): () => void;

  /** Leaves the room for good. Harmless when called again. */
  close(): void;
}

/** What `join` is told; see the protocol's `join` for each field. */
export interface JoinRequest extends Omit<JoinMessage, 'type' | 'protocol'> {
  /**
   * Signs with the secret of `publicKey` (Ed25519, 64 bytes); required with it. It is called on every
   * connection, with the bytes of `proofContent`.
   */
  readonly sign?: (content: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** What `join` resolves with. */
export interface Welcome {
  /** This member as the others see it, its order included. */
  readonly you: MemberDescription;
  /** Everybody else who is present, by order. */
  readonly members: readonly MemberDescription[];
  /** What {@link Signaling.iceServers} is from now on; absent when the server recommends none. */
  readonly iceServers?: readonly IceServer[];
}

/**
 * `idle` → `connecting` → `joined` ⇄ `reconnecting`, and `closed` at the end. A rejected join leads
 * back to `idle`.
 */
export type SignalingState = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'closed';

/**
 * `sent`: handed to the network. `queued`: it will be sent when the server, or the receiver behind
 * a restarted server, is back. `full`: the queue is at its bound, nothing was kept. `closed`: not
 * joined, or closed.
 */
export type SendOutcome = 'sent' | 'queued' | 'full' | 'closed';

/** The events of a {@link Signaling}. */
export interface SignalingEvents {
  /** A member came, came back, or changed its description. Not for those in the welcome. */
  readonly joined: MemberDescription;
  /** A member is gone. */
  readonly left: Departure;
  /** A member sent something to this one. */
  readonly signal: {
    readonly from: string;
    readonly fromIncarnation: number;
    /** A JSON value from another tab: verify it. */
    readonly payload: unknown;
  };
  /** A member sent something to everybody. */
  readonly broadcast: {
    readonly from: string;
    /** A JSON value from another tab: verify it. */
    readonly payload: unknown;
  };
  /** A member relayed something to this one. */
  readonly relay: {
    readonly from: string;
    readonly fromIncarnation: number;
    /** Base64 from another tab: verify it. */
    readonly data: string;
  };
  /** After a `relay` that was `full`: one frame of any size would be taken now. */
  readonly relayDrained: Record<string, never>;
  /** The state changed; `error` says why it became `reconnecting`, or `closed` by itself. */
  readonly state: { readonly state: SignalingState; readonly error?: SignalingError };
  /** Something did not work and nothing else reports it; signaling goes on. */
  readonly problem: SignalingError;
}

/** Which member is gone, and why. */
export interface Departure {
  readonly member: string;
  readonly incarnation: number;
  readonly reason: LeaveReason;
}

/** What may be wrong beside what a server answers (see the protocol's error codes). */
export type ClientErrorCode =
  /** No server answers at the address. */
  | 'unreachable'
  /** The connection was there and broke. */
  | 'disconnected'
  /** This environment has no WebSocket; pass a constructor. */
  | 'no-websocket'
  /** `sign` failed. */
  | 'cannot-sign'
  /** Called in a state that does not allow it. */
  | 'wrong-state'
  /** `close` was called meanwhile. */
  | 'closed';

/** Why signaling failed: a code for programs, and a message that tells a person what to do. */
export class SignalingError extends Error {
  override readonly name = 'SignalingError';
  /** A server newer than this page may send codes that are not listed. */
  readonly code: ErrorCode | ClientErrorCode | (string & {});
  /** With `unknown-member`: who is not there. */
  readonly member: string | undefined;

  constructor(code: SignalingError['code'], message: string, member?: string) {
    super(message);
    this.code = code;
    this.member = member;
  }
}
