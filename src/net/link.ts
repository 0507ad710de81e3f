/**
 * A link carries frames to one other node, in order, each once, until it closes. Who is at the other end is proven above it: every packet
 * is signed (see `packet.ts`).
 *
 * One compliance suite (`tests/compliance/link.suite.ts`) runs over every implementation: memory, worker port, data channel.
 */

/** Where a link stands. It only moves forward. */
export type LinkState = 'connecting' | 'open' | 'closed';

/**
 * What became of a frame: `sent` (taken), `full` (not taken: wait for {@link Link.drained} and send it again), `closed` (it will
 * never be sent on this link).
 */
export type SendResult = 'sent' | 'full' | 'closed';

/** Called by a link. None of them may throw. */
export interface LinkEvents {
  /** Frames can be sent from now on. */
  open?(): void;
  /** A frame arrived. It belongs to the receiver. */
  frame(bytes: Uint8Array): void;
  /** The link is closed, once; no frame follows. */
  closed(reason: string): void;
}

/** Counters since the link was made. */
export interface LinkStats {
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** One connection to one other node. */
export interface Link {
  readonly state: LinkState;
  /**
   * Sends one frame of at most FRAME_BYTES_MAX bytes; never throws, never blocks.
   * A link that is still connecting answers `full`.
   */
  send(frame: Uint8Array): SendResult;
  /** Fulfilled when frames may be taken again, or the link is closed. */
  drained(): Promise<void>;
  /** Closes it at both ends. Frames that were taken may be lost. */
  close(reason: string): void;
  stats(): LinkStats;
}
