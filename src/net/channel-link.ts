/** A link over an RTCDataChannel, in a page or in the worker that the channel was transferred to. */

import { SEND_WINDOW_BYTES } from './limits.ts';
import type { LinkEvents, SendResult } from './link.ts';
import { WindowedLink } from './windowed-link.ts';

/** Options of the channel that Parley opens itself: negotiated, so that both sides make it and none waits for `ondatachannel`. */
export const CHANNEL_OPTIONS: RTCDataChannelInit = { negotiated: true, id: 7, ordered: true };

/** Its label. */
export const CHANNEL_LABEL = 'parley';

/** Frames over one data channel. */
export class ChannelLink extends WindowedLink {
  readonly #channel: RTCDataChannel;

  /** Takes a channel that was just made or just transferred: its handlers are set at once, so that no frame is missed. */
  constructor(channel: RTCDataChannel, events: LinkEvents) {
    super(events);
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = SEND_WINDOW_BYTES / 2;
    channel.onopen = () => this.opened();
    channel.onmessage = ({ data }) => this.#received(data);
    channel.onbufferedamountlow = () => this.wake();
    channel.onclose = () => this.ended('the data channel was closed');
    // An error closes the channel; close follows with the reason that matters here.
    channel.onerror = () => {};
    if (channel.readyState === 'open') queueMicrotask(() => this.opened());
  }

  protected get queuedBytes(): number {
    return this.#channel.bufferedAmount;
  }

  protected transmit(frame: Uint8Array): SendResult {
    try {
      this.#channel.send(frame as Uint8Array<ArrayBuffer>);
      return 'sent';
    } catch {
      // The channel is closing, or its queue is full although we keep far below: in both cases this frame was not taken.
      const { readyState } = this.#channel;
      return readyState === 'closing' || readyState === 'closed' ? 'closed' : 'full';
    }
  }

  protected hangUp(): void {
    this.#channel.close();
  }

  #received(data: unknown): void {
    // In a worker the first messages may come before the open event; sending would still fail then, so they open nothing.
    const bytes = data instanceof ArrayBuffer ? data.byteLength : Infinity;
    if (this.accepts(bytes)) this.events.frame(new Uint8Array(data as ArrayBuffer));
  }
}
