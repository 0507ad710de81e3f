/**
 * What the tabs of one browser say to each other over BroadcastChannels: on one that all of them hear, who hosts the rooms and who wants
 * to speak to the host; on one for each socket, what a client and the host say to each other.
 *
 * Only pages of this origin can be heard there. They may be of another version, so what comes is read before it is used.
 */

import * as v from 'valibot';
import { SERVER_FRAME_CHARACTERS_MAX } from './protocol.ts';

/** Raised when older tabs would not understand: they then keep to themselves. */
const VERSION = 1;

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

const busMessage = v.variant('say', [
  /** A socket looks for the host. */
  v.object({ say: v.literal('open'), socket: id }),
  /** This tab hosts the rooms. */
  v.object({ say: v.literal('host'), tab: id }),
  /** This tab hosts them no longer. */
  v.object({ say: v.literal('gone'), tab: id }),
  /** Who hosts? */
  v.object({ say: v.literal('who'), tab: id }),
  /** This tab would host, if nobody does. The lowest rank wins. */
  v.object({ say: v.literal('candidate'), tab: id, rank: v.pipe(v.string(), v.maxLength(40)) }),
]);

const frame = v.pipe(v.string(), v.maxLength(SERVER_FRAME_CHARACTERS_MAX));

const socketMessage = v.variant('say', [
  /** The host has taken the socket. */
  v.object({ say: v.literal('opened'), host: id }),
  /** From the client, and from the host. */
  v.object({ say: v.literal('up'), host: id, frame }),
  v.object({ say: v.literal('down'), host: id, frame }),
  /** The client is gone, and the host has ended it. */
  v.object({ say: v.literal('close'), host: id }),
  v.object({ say: v.literal('end'), host: id, code: v.pipe(v.number(), v.safeInteger()) }),
  /** "Are you there?" and "yes", in either direction. */
  v.object({ say: v.literal('ping'), host: id }),
  v.object({ say: v.literal('pong'), host: id }),
]);

/** What all tabs hear. */
export type BusMessage = v.InferOutput<typeof busMessage>;

/** What one client and the host hear. */
export type SocketMessage = v.InferOutput<typeof socketMessage>;

/** A name of a tab or a socket that nobody else has. */
export function newTabId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The channel that all tabs hear; this tab hears itself as well. */
export class TabBus {
  readonly #channel: BroadcastChannel;
  readonly #hear: (message: BusMessage) => void;
  #isClosed = false;

  constructor(name: string, hear: (message: BusMessage) => void) {
    this.#hear = hear;
    this.#channel = new BroadcastChannel(channelName(name));
    this.#channel.onmessage = ({ data }) => this.#take(data);
  }

  /** Tells everybody. Nothing is heard before this returns. */
  post(message: BusMessage): void {
    if (this.#isClosed) return;
    this.#channel.postMessage(message);
    queueMicrotask(() => this.#take(message));
  }

  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }

  #take(data: unknown): void {
    const read = v.safeParse(busMessage, data);
    if (read.success && !this.#isClosed) this.#hear(read.output);
  }
}

/** One end of the channel of one socket. */
export class SocketChannel {
  readonly #channel: BroadcastChannel;
  #isClosed = false;

  constructor(name: string, socket: string, hear: (message: SocketMessage) => void) {
    this.#channel = new BroadcastChannel(`${channelName(name)}/${socket}`);
    this.#channel.onmessage = ({ data }) => {
      const read = v.safeParse(socketMessage, data);
      if (read.success && !this.#isClosed) hear(read.output);
    };
  }

  /** Tells the other end. */
  post(message: SocketMessage): void {
    if (!this.#isClosed) this.#channel.postMessage(message);
  }

  /** What was posted before still arrives. */
  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}

function channelName(name: string): string {
  return `parley/tabs/${VERSION}/${name}`;
}
