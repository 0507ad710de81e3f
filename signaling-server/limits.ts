/** The bounds of a signaling server. Everything that a stranger can make grow is here. */
import { CLIENT_FRAME_BYTES_MAX } from '../src/net/signaling/protocol.ts';
import { SWITCHBOARD_LIMITS, type SwitchboardLimits } from '../src/net/signaling/switchboard.ts';

/** The bounds of a server, those of its rooms included. */
export interface ServerLimits extends SwitchboardLimits {
  /** Signaling sockets at one time; each costs memory before it says a word. */
  readonly connections: number;
  /** Plain HTTP sockets beside them: pages being loaded, and the fallback's own upgrades. */
  readonly httpConnections: number;
  /** The largest frame; `ws` would take 100 MiB. */
  readonly frameBytes: number;
  /** Bytes that may wait for a client that does not read. Above it the client is cut off. */
  readonly sendQueueBytes: number;
  /** What a connection may send in one burst, in kibibytes or frames, whichever is more. */
  readonly rateTokens: number;
  /** How fast that comes back. */
  readonly rateTokensPerSecond: number;
  /** Malformed or refused frames until a connection is closed: a bug repeats, and so do attacks. */
  readonly strikes: number;
  /** A socket that joins nothing is not a member, and must not hold a place for long. */
  readonly joinDeadlineMs: number;
  /** A client that does not answer one ping until the next is dead; laptops do not say goodbye. */
  readonly pingIntervalMs: number;
  /** How long a closing client may take; `close` of the server takes about as long at most. */
  readonly closeGraceMs: number;
}

/**
 * Bounds for one process. If every connection stood at its bound, queues would hold 2 GB; that
 * takes a thousand clients who conspire, and then the operating system should say no.
 */
export const SERVER_LIMITS: ServerLimits = {
  ...SWITCHBOARD_LIMITS,
  connections: 1_000,
  httpConnections: 1_000,
  frameBytes: CLIENT_FRAME_BYTES_MAX,
  // More than one member can send in one burst: nobody alone gets another one cut off.
  sendQueueBytes: 2 * 1024 * 1024,
  // A page that dials 64 members at once needs about 800, a client's full outbox 1024.
  rateTokens: 1_536,
  rateTokensPerSecond: 256,
  strikes: 10,
  joinDeadlineMs: 10_000,
  pingIntervalMs: 30_000,
  closeGraceMs: 1_000,
};
