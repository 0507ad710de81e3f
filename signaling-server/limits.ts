/** The bounds of a signaling server. Everything that a stranger can make grow is here. */
import { CLIENT_FRAME_BYTES_MAX } from '../src/net/signaling/protocol.ts';
import { ROOMS_LIMITS, type RoomsLimits } from '../src/net/signaling/room-directory.ts';

/** The bounds of a server, those of its rooms included. */
export interface ServerLimits extends RoomsLimits {
  /** Signaling sockets at one time, of rooms and of PeerJS; each costs memory before it says a word. */
  readonly connections: number;
  /** Sockets beyond that are told so one by one, and so many at a time; the rest just hears 503. */
  readonly turnedAway: number;
  /** Plain HTTP sockets beside them: pages being loaded, and the fallback's own upgrades. */
  readonly httpConnections: number;
  /** The largest frame; `ws` would take 100 MiB. */
  readonly frameBytes: number;
  /** Pieces of one frame: each costs memory and none is paid for before the last. Browsers make one or two. */
  readonly frameFragments: number;
  /** Reads from the network that a piece may take; that of the slowest line holds some hundred bytes. */
  readonly frameChunks: number;
  /** Bytes that may wait for a client that does not read. Above it the client is cut off. */
  readonly sendQueueBytes: number;
  /** What a connection may send in one burst, in kibibytes or frames, whichever is more. */
  readonly rateTokens: number;
  /** How fast that comes back. */
  readonly rateTokensPerSecond: number;
  /** Relayed characters per second of one connection, beside the rate above and never part of it. */
  readonly relayBytesPerSecond: number;
  /** What it may relay in one burst before that rate holds. */
  readonly relayBurstBytes: number;
  /** Of `sendQueueBytes`, what relayed frames may take: behind them signals wait. */
  readonly relayQueueBytes: number;
  /** Joins from one address in one burst; see `join-limiter.ts`. */
  readonly joinTokens: number;
  /** How fast that comes back. */
  readonly joinTokensPerSecond: number;
  /** What it costs to join a room that is not there, beside the one token of every join. */
  readonly missedRoomTokens: number;
  /** Addresses whose joins are remembered; whoever has more of them has more of everything. */
  readonly joinAddresses: number;
  /** Malformed or refused frames until a connection is closed: a bug repeats, and so do attacks. */
  readonly strikes: number;
  /** A socket that joins nothing is not a member, and must not hold a place for long. */
  readonly joinDeadlineMs: number;
  /** A client that does not answer one ping until the next is dead; laptops do not say goodbye. */
  readonly pingIntervalMs: number;
  /** How long a closing client may take; `close` of the server takes about as long at most. */
  readonly closeGraceMs: number;
  /** For TLS and the head of a request; a socket that says nothing holds a place until then. */
  readonly headersDeadlineMs: number;
  /** Until a plain HTTP socket on which nothing moves is cut off: a page that is not read is a place that is held. */
  readonly httpIdleMs: number;
  /** How long what was sent to an absent PeerJS client waits for it. PeerServer's own clients expect 5 s. */
  readonly peerExpiryMs: number;
  /** Messages and bytes that wait for one absent PeerJS client: several callers' offers and candidates. */
  readonly peerMessagesPerClient: number;
  readonly peerBytesPerClient: number;
  /** Messages and bytes that wait for all absent PeerJS clients together. */
  readonly peerMessages: number;
  readonly peerBytes: number;
}

/**
 * Bounds for one process. If every connection stood at its bound, queues would hold 2 GB; that
 * takes a thousand clients who conspire, and then the operating system should say no.
 */
export const SERVER_LIMITS: ServerLimits = {
  ...ROOMS_LIMITS,
  connections: 1_000,
  turnedAway: 64,
  httpConnections: 1_000,
  frameBytes: CLIENT_FRAME_BYTES_MAX,
  frameFragments: 64,
  frameChunks: 1_024,
  // More than one member can send in one burst: nobody alone gets another one cut off.
  sendQueueBytes: 2 * 1024 * 1024,
  // A page that dials 64 members at once needs about 800, a client's full outbox 1024.
  rateTokens: 1_536,
  rateTokensPerSecond: 256,
  // A node of a small cluster whose every link is relayed; a hundred of them are 200 Mbit/s.
  relayBytesPerSecond: 256 * 1024,
  relayBurstBytes: 512 * 1024,
  // As many as eight full windows at once, and still as much again for signals.
  relayQueueBytes: 1024 * 1024,
  // A lecture hall behind one address may reload eight times at once. Who looks for codes can try 248 of
  // them, and then one a second: a thousand rooms among a billion codes last for days.
  joinTokens: 8_192,
  joinTokensPerSecond: 33,
  missedRoomTokens: 32,
  joinAddresses: 10_000,
  strikes: 10,
  joinDeadlineMs: 10_000,
  pingIntervalMs: 30_000,
  closeGraceMs: 1_000,
  headersDeadlineMs: 10_000,
  httpIdleMs: 120_000,
  peerExpiryMs: 5_000,
  peerMessagesPerClient: 128,
  peerBytesPerClient: 512 * 1024,
  peerMessages: 8_192,
  peerBytes: 16 * 1024 * 1024,
};
