/**
 * A link over a MessagePort: between a page and its worker where a browser cannot transfer data channels.
 *
 * Ports have no window of their own, so the receiver acknowledges bytes, and the sender stops at the window. A port that is simply
 * closed is not noticed by the other side; `close` says goodbye.
 */

import { SEND_WINDOW_BYTES } from './limits.ts';
import type { ChannelEvents, SendResult } from './channel.ts';
import { WindowedChannel } from './windowed-channel.ts';

/** What a port carries: a frame, an acknowledgement of bytes, or goodbye with its reason. */
type PortMessage = ArrayBuffer | number | string;

/** What a port's link calls. */
export interface PortChannelEvents extends Omit<ChannelEvents, 'frame'> {
  /** A frame arrived. It is acknowledged at once, or when the promise is fulfilled: whoever hands it on keeps the sender waiting. */
  frame(bytes: Uint8Array): void | Promise<void>;
}

/** Frames over one port. Open as soon as both ends were made. */
export class PortChannel extends WindowedChannel<PortChannelEvents> {
  readonly #port: MessagePort;
  #unacknowledgedBytes = 0;

  constructor(port: MessagePort, events: PortChannelEvents) {
    super(events);
    this.#port = port;
    port.onmessage = ({ data }) => this.#received(data as PortMessage);
    // Zero bytes acknowledged: "I am here".
    port.postMessage(0);
  }

  protected get queuedBytes(): number {
    return this.#unacknowledgedBytes;
  }

  protected transmit(frame: Uint8Array): SendResult {
    const copy = frame.slice().buffer;
    this.#port.postMessage(copy, [copy]);
    this.#unacknowledgedBytes += frame.length;
    return 'sent';
  }

  protected hangUp(reason: string): void {
    this.#port.postMessage(reason);
    this.#port.close();
  }

  #received(message: PortMessage): void {
    if (typeof message === 'number') this.#acknowledged(message);
    else if (typeof message !== 'string') this.#take(new Uint8Array(message));
    else {
      this.#port.close();
      this.ended(message);
    }
  }

  #take(frame: Uint8Array): void {
    const bytes = frame.length;
    if (!this.accepts(bytes)) return;
    const taken = this.events.frame(frame);
    if (taken === undefined) this.#port.postMessage(bytes);
    else void taken.then(() => this.#port.postMessage(bytes));
  }

  #acknowledged(bytes: number): void {
    this.#unacknowledgedBytes -= bytes;
    if (this.state === 'connecting') {
      // The other end may have been made after our first word was lost on it: say it again, once.
      this.#port.postMessage(0);
      this.opened();
    }
    if (this.#unacknowledgedBytes <= SEND_WINDOW_BYTES / 2) this.wake();
  }
}
