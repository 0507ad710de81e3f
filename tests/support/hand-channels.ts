/** Two ends of a channel in the hands of a test: frames arrive when it says so, and are lost when it breaks. */

import type { Channel, ChannelState, SendResult } from '../../src/net/channel.ts';

/** One end. */
export class HandChannel implements Channel {
  state: ChannelState = 'open';
  /** Frames that were taken and have not arrived. */
  readonly underWay: Uint8Array[] = [];
  /** How many frames it takes before it is full. */
  room = Infinity;
  #waiting: (() => void)[] = [];

  send(frame: Uint8Array): SendResult {
    if (this.state === 'closed') return 'closed';
    if (this.underWay.length >= this.room) return 'full';
    this.underWay.push(frame.slice());
    return 'sent';
  }

  drained(): Promise<void> {
    if (this.state === 'closed' || this.underWay.length < this.room) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets so many frames arrive. */
  deliver(count: number, take: (frame: Uint8Array) => void): void {
    for (const frame of this.underWay.splice(0, count)) take(frame);
    this.#wake();
  }

  close(): void {
    this.state = 'closed';
    this.underWay.length = 0;
    this.#wake();
  }

  stats(): ReturnType<Channel['stats']> {
    return { framesSent: 0, framesReceived: 0, bytesSent: 0, bytesReceived: 0 };
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
