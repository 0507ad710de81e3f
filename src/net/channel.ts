/**
 * A link carries frames to one other node, in order, each once, until it closes. Who is at the other end is proven above it: every packet
 * is signed (see `packet.ts`).
 *
 * One compliance suite (`tests/compliance/channel.suite.ts`) runs over every implementation: memory, worker port, data channel.
 */

import type { LinkClass } from '../core/message.ts';

/** Where a channel stands. It only moves forward. */
export type ChannelState = 'connecting' | 'open' | 'closed';

/**
 * What became of a frame: `sent` (taken), `full` (not taken: wait for {@link Channel.drained} and send it again), `closed` (it will
 * never be sent on this channel).
 */
export type SendResult = 'sent' | 'full' | 'closed';

/** Called by a channel. None of them may throw. */
export interface ChannelEvents {
  /** Frames can be sent from now on. Comes before the first frame. */
  open?(): void;
  /** A frame arrived. It belongs to the receiver. */
  frame(bytes: Uint8Array): void;
  /** The channel is closed, once; no frame follows. */
  closed(reason: string): void;
}

/** Counters since the channel was made. */
export interface ChannelStats {
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** One pipe to one other node. */
export interface Channel {
  readonly state: ChannelState;
  /**
   * Sends one frame of at most FRAME_BYTES_MAX bytes; never throws, never blocks.
   * A channel that is still connecting answers `full`.
   */
  send(frame: Uint8Array): SendResult;
  /** Fulfilled when frames may be taken again, or the channel is closed. */
  drained(): Promise<void>;
  /** Closes it at both ends. Frames that were taken may be lost. */
  close(reason: string): void;
  stats(): ChannelStats;
}

/** The classes of a link: one channel each, so that none waits for another's queue. */
export type Channels<C = Channel> = Readonly<Record<LinkClass, C>>;

/** Makes one thing for each class of a link. */
export function eachClass<C>(make: (linkClass: LinkClass) => C): Channels<C> {
  return { control: make('control'), data: make('data'), gossip: make('gossip') };
}
