/** A pair of links in one process, for tests and for programs that want no network. Frames arrive in later tasks, as everywhere. */

import { SEND_WINDOW_BYTES } from './limits.ts';
import type { Channel, ChannelEvents, SendResult } from './channel.ts';
import { WindowedChannel } from './windowed-channel.ts';

/** Makes both ends; they open in a later task. */
export function memoryChannels(
  left: ChannelEvents,
  right: ChannelEvents,
): readonly [Channel, Channel] {
  const a: MemoryChannel = new MemoryChannel(left, () => b);
  const b = new MemoryChannel(right, () => a);
  return [a, b];
}

class MemoryChannel extends WindowedChannel {
  readonly #other: () => MemoryChannel;
  protected queuedBytes = 0;

  constructor(events: ChannelEvents, other: () => MemoryChannel) {
    super(events);
    this.#other = other;
    later(() => this.opened());
  }

  protected transmit(frame: Uint8Array): SendResult {
    const copy = frame.slice();
    this.queuedBytes += copy.length;
    later(() => {
      this.queuedBytes -= copy.length;
      this.#other().#receive(copy);
      if (this.queuedBytes <= SEND_WINDOW_BYTES / 2) this.wake();
    });
    return 'sent';
  }

  protected hangUp(reason: string): void {
    later(() => this.#other().ended(reason));
  }

  #receive(frame: Uint8Array): void {
    this.opened();
    if (this.accepts(frame.length)) this.events.frame(frame);
  }
}

function later(callback: () => void): void {
  setTimeout(callback, 0);
}
