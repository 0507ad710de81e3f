/** A channel over an RTCDataChannel, in a page or in the worker that the channel was transferred to. */

import { FRAME_COST_BYTES, SEND_WINDOW_BYTES } from './limits.ts';
import { eachClass, type ChannelEvents, type Channels, type SendResult } from './channel.ts';
import { WindowedChannel } from './windowed-channel.ts';

/**
 * Options of the channels that Parley opens itself, by class: negotiated, so that both sides make them and none waits for `ondatachannel`. Odd
 * and even numbers are given to channels that are not negotiated from 0 and 1 upwards: these lie apart.
 */
export const CHANNEL_OPTIONS: Channels<RTCDataChannelInit> = {
  control: { negotiated: true, id: 7, ordered: true },
  data: { negotiated: true, id: 8, ordered: true },
  gossip: { negotiated: true, id: 9, ordered: false, maxRetransmits: 0 },
};

/** Opens the channels of a link. They may be taken or transferred until the current task ends. */
export function openChannels(connection: RTCPeerConnection): Channels<RTCDataChannel> {
  return eachClass((linkClass) =>
    connection.createDataChannel(`parley-${linkClass}`, CHANNEL_OPTIONS[linkClass]),
  );
}

/** Closes the channels of a link, before their connection: Chromium may keep for ever what only ends with it. Where they are transferred, nothing happens. */
export function closeChannels(channels: Channels<RTCDataChannel>): void {
  for (const channel of Object.values(channels)) channel.close();
}

/** Frames over one data channel. */
export class RtcChannel extends WindowedChannel {
  readonly #channel: RTCDataChannel;
  /** Frames that came before the channel said that it is open: in a worker the first ones do. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;

  /** Takes a channel that was just made or just transferred: its handlers are set at once, so that no frame is missed. */
  constructor(channel: RTCDataChannel, events: ChannelEvents) {
    super(events);
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = SEND_WINDOW_BYTES / 2;
    channel.onopen = () => this.#opened();
    channel.onmessage = ({ data }) => this.#received(data);
    channel.onbufferedamountlow = () => this.wake();
    channel.onclose = () => this.ended('the data channel was closed');
    // An error closes the channel; close follows with the reason that matters here.
    channel.onerror = () => {};
    if (channel.readyState === 'open') queueMicrotask(() => this.#opened());
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

  #opened(): void {
    this.opened();
    const early = this.#early;
    this.#early = [];
    for (const frame of early) if (this.state === 'open') this.events.frame(frame);
  }

  #received(data: unknown): void {
    const bytes = data instanceof ArrayBuffer ? data.byteLength : Infinity;
    if (!this.accepts(bytes)) return;
    const frame = new Uint8Array(data as ArrayBuffer);
    if (this.state === 'open') this.events.frame(frame);
    else this.#keep(frame);
  }

  /** Whoever gets a frame will answer it, and an answer before the opening would be lost. */
  #keep(frame: Uint8Array): void {
    this.#earlyBytes += frame.length + FRAME_COST_BYTES;
    if (this.#earlyBytes <= SEND_WINDOW_BYTES) this.#early.push(frame);
    else this.close('more came before it was open than could be kept');
  }
}
