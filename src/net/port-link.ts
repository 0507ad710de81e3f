/**
 * A link over a MessagePort: between a page and its worker where a browser cannot transfer data channels.
 *
 * Ports have no window of their own, so the receiver acknowledges bytes, and the sender stops at the window. A port that is simply
 * closed is not noticed by the other side; `close` says goodbye.
 */

import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from './limits.ts';
import {
  LinkCounters,
  type Link,
  type LinkEvents,
  type LinkState,
  type LinkStats,
  type SendResult,
} from './link.ts';

/** What a port carries: a frame, an acknowledgement of bytes, or goodbye with its reason. */
type PortMessage = ArrayBuffer | number | string;

/** What a port's link calls. */
export interface PortLinkEvents extends Omit<LinkEvents, 'frame'> {
  /** A frame arrived. It is acknowledged at once, or when the promise is fulfilled: whoever hands it on keeps the sender waiting. */
  frame(bytes: Uint8Array): void | Promise<void>;
}

/** Frames over one port. Open as soon as both ends were made. */
export class PortLink implements Link {
  readonly #port: MessagePort;
  readonly #events: PortLinkEvents;
  readonly #counters = new LinkCounters();
  #unacknowledgedBytes = 0;
  #waiting: (() => void)[] = [];
  #state: LinkState = 'connecting';

  constructor(port: MessagePort, events: PortLinkEvents) {
    this.#port = port;
    this.#events = events;
    port.onmessage = ({ data }) => this.#received(data as PortMessage);
    // Zero bytes acknowledged: "I am here".
    port.postMessage(0);
  }

  get state(): LinkState {
    return this.#state;
  }

  send(frame: Uint8Array): SendResult {
    if (this.#state === 'closed') return 'closed';
    if (this.#state === 'connecting' || this.#unacknowledgedBytes > SEND_WINDOW_BYTES)
      return 'full';
    const copy = frame.slice().buffer;
    this.#port.postMessage(copy, [copy]);
    this.#unacknowledgedBytes += frame.length;
    this.#counters.sent(frame);
    return 'sent';
  }

  drained(): Promise<void> {
    const canSend = this.#state === 'open' && this.#unacknowledgedBytes <= SEND_WINDOW_BYTES;
    if (canSend || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#port.postMessage(reason);
    this.#closed(reason);
  }

  stats(): LinkStats {
    return this.#counters.snapshot();
  }

  #received(message: PortMessage): void {
    if (this.#state === 'closed') return;
    if (typeof message === 'string') {
      this.#closed(message);
      return;
    }
    if (typeof message === 'number') this.#acknowledged(message);
    else if (message.byteLength > FRAME_BYTES_MAX) this.close('it sent something that is no frame');
    else this.#take(new Uint8Array(message));
  }

  #take(frame: Uint8Array): void {
    const bytes = frame.length;
    this.#counters.received(frame);
    const taken = this.#events.frame(frame);
    if (taken === undefined) this.#port.postMessage(bytes);
    else void taken.then(() => this.#port.postMessage(bytes));
  }

  #acknowledged(bytes: number): void {
    this.#unacknowledgedBytes -= bytes;
    if (this.#state === 'connecting') {
      this.#state = 'open';
      // The other end may have been made after our first word was lost on it: say it again, once.
      this.#port.postMessage(0);
      this.#events.open?.();
    }
    if (this.#unacknowledgedBytes <= SEND_WINDOW_BYTES / 2) this.#wake();
  }

  #closed(reason: string): void {
    this.#state = 'closed';
    this.#port.close();
    this.#wake();
    this.#events.closed(reason);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
