/** A pair of links in one process, for tests and for programs that want no network. Frames arrive in later tasks, as everywhere. */

import { SEND_WINDOW_BYTES } from './limits.ts';
import type { Link, LinkEvents, SendResult } from './link.ts';
import { WindowedLink } from './windowed-link.ts';

/** Makes both ends; they open in a later task. */
export function memoryLinks(left: LinkEvents, right: LinkEvents): readonly [Link, Link] {
  const a: MemoryLink = new MemoryLink(left, () => b);
  const b = new MemoryLink(right, () => a);
  return [a, b];
}

class MemoryLink extends WindowedLink {
  readonly #other: () => MemoryLink;
  protected queuedBytes = 0;

  constructor(events: LinkEvents, other: () => MemoryLink) {
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
