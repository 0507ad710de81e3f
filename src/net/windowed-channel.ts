/** What every link has in common: its state, its counters, and senders that wait while its window is full. */

import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from './limits.ts';
import type { Channel, ChannelEvents, ChannelState, ChannelStats, SendResult } from './channel.ts';

/**
 * Milliseconds between looks at the carrier while senders wait. A carrier says when it has room again, but engines have lost that event, and
 * a link that waits for it would stand still for ever.
 */
const RECHECK_MS = 500;

/** A link whose carrier says how many bytes wait in it. */
export abstract class WindowedChannel<
  Events extends ChannelEvents = ChannelEvents,
> implements Channel {
  protected readonly events: Events;
  #framesSent = 0;
  #framesReceived = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #waiting: (() => void)[] = [];
  #recheck: ReturnType<typeof setInterval> | undefined;
  #state: ChannelState = 'connecting';

  constructor(events: Events) {
    this.events = events;
  }

  /** Bytes that were taken and are not known to have left. */
  protected abstract readonly queuedBytes: number;

  /** Gives one frame to the carrier; anything but `sent` means that it was not taken. */
  protected abstract transmit(frame: Uint8Array): SendResult;

  /** Ends the carrier, and says so to the other end. */
  protected abstract hangUp(reason: string): void;

  get state(): ChannelState {
    return this.#state;
  }

  send(frame: Uint8Array): SendResult {
    if (this.#state === 'closed') return 'closed';
    if (!this.#hasRoom()) return 'full';
    const result = this.transmit(frame);
    if (result === 'sent') {
      this.#framesSent++;
      this.#bytesSent += frame.length;
    }
    return result;
  }

  drained(): Promise<void> {
    if (this.#state === 'closed' || this.#hasRoom()) return Promise.resolve();
    this.#recheck ??= setInterval(() => {
      if (this.#hasRoom()) this.wake();
    }, RECHECK_MS);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.hangUp(reason);
    this.ended(reason);
  }

  stats(): ChannelStats {
    return {
      framesSent: this.#framesSent,
      framesReceived: this.#framesReceived,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }

  /** The carrier is open, or has room again. */
  protected opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.events.open?.();
    this.wake();
  }

  /** True when these bytes may be a frame of the other end; otherwise the link is closed. */
  protected accepts(bytes: number): boolean {
    if (this.#state === 'closed') return false;
    if (bytes > FRAME_BYTES_MAX) {
      this.close('it sent something that is no frame');
      return false;
    }
    this.#framesReceived++;
    this.#bytesReceived += bytes;
    return true;
  }

  /** The carrier is gone. */
  protected ended(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.wake();
    this.events.closed(reason);
  }

  /** Lets those go on who wait for room. */
  protected wake(): void {
    clearInterval(this.#recheck);
    this.#recheck = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #hasRoom(): boolean {
    return this.#state === 'open' && this.queuedBytes <= SEND_WINDOW_BYTES;
  }
}
