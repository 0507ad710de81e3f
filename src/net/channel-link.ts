/** A link over an RTCDataChannel, in a page or in the worker that the channel was transferred to. */

import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from './limits.ts';
import {
  LinkCounters,
  type Link,
  type LinkEvents,
  type LinkState,
  type LinkStats,
  type SendResult,
} from './link.ts';

/** Options of the channel that Parley opens itself: negotiated, so that both sides make it and none waits for `ondatachannel`. */
export const CHANNEL_OPTIONS: RTCDataChannelInit = { negotiated: true, id: 7, ordered: true };

/** Its label. */
export const CHANNEL_LABEL = 'parley';

/** Frames over one data channel. */
export class ChannelLink implements Link {
  readonly #channel: RTCDataChannel;
  readonly #events: LinkEvents;
  readonly #counters = new LinkCounters();
  #waiting: (() => void)[] = [];
  #state: LinkState = 'connecting';

  /** Takes a channel that was just made or just transferred: its handlers are set at once, so that no frame is missed. */
  constructor(channel: RTCDataChannel, events: LinkEvents) {
    this.#channel = channel;
    this.#events = events;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = SEND_WINDOW_BYTES / 2;
    channel.onopen = () => this.#opened();
    channel.onmessage = ({ data }) => this.#received(data);
    channel.onbufferedamountlow = () => this.#wake();
    channel.onclose = () => this.#closed('the data channel was closed');
    // An error closes the channel; close follows with the reason that matters here.
    channel.onerror = () => {};
    if (channel.readyState === 'open') queueMicrotask(() => this.#opened());
  }

  get state(): LinkState {
    return this.#state;
  }

  send(frame: Uint8Array): SendResult {
    if (this.#state === 'closed') return 'closed';
    if (this.#state === 'connecting') return 'full';
    if (this.#channel.bufferedAmount > SEND_WINDOW_BYTES) return 'full';
    try {
      this.#channel.send(frame as Uint8Array<ArrayBuffer>);
    } catch {
      // The channel is closing, or its queue is full although we keep far below: in both cases this frame was not taken.
      const { readyState } = this.#channel;
      return readyState === 'closing' || readyState === 'closed' ? 'closed' : 'full';
    }
    this.#counters.sent(frame);
    return 'sent';
  }

  drained(): Promise<void> {
    const canSend = this.#state === 'open' && this.#channel.bufferedAmount <= SEND_WINDOW_BYTES;
    if (canSend || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(reason: string): void {
    this.#channel.close();
    this.#closed(reason);
  }

  stats(): LinkStats {
    return this.#counters.snapshot();
  }

  #opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#events.open?.();
    this.#wake();
  }

  #received(data: unknown): void {
    if (this.#state === 'closed') return;
    if (!(data instanceof ArrayBuffer) || data.byteLength > FRAME_BYTES_MAX) {
      this.close('it sent something that is no frame');
      return;
    }
    // In a worker the first messages may come before the open event; sending would still fail then, so they open nothing.
    const frame = new Uint8Array(data);
    this.#counters.received(frame);
    this.#events.frame(frame);
  }

  #closed(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#wake();
    this.#events.closed(reason);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
