/** A pair of links in one process, for tests and for programs that want no network. Frames arrive in later tasks, as everywhere. */

import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from './limits.ts';
import {
  LinkCounters,
  type Link,
  type LinkEvents,
  type LinkState,
  type LinkStats,
  type SendResult,
} from './link.ts';

/** Makes both ends; they open in a later task. */
export function memoryLinks(left: LinkEvents, right: LinkEvents): readonly [Link, Link] {
  const a: MemoryLink = new MemoryLink(left, () => b);
  const b = new MemoryLink(right, () => a);
  return [a, b];
}

class MemoryLink implements Link {
  readonly #events: LinkEvents;
  readonly #counters = new LinkCounters();
  readonly #other: () => MemoryLink;
  #queuedBytes = 0;
  #waiting: (() => void)[] = [];
  #state: LinkState = 'connecting';

  constructor(events: LinkEvents, other: () => MemoryLink) {
    this.#events = events;
    this.#other = other;
    later(() => this.#open());
  }

  get state(): LinkState {
    return this.#state;
  }

  send(frame: Uint8Array): SendResult {
    if (this.#state === 'closed') return 'closed';
    if (this.#state === 'connecting' || this.#queuedBytes > SEND_WINDOW_BYTES) return 'full';
    if (frame.length > FRAME_BYTES_MAX) {
      this.close('it sent something that is no frame');
      return 'closed';
    }
    const copy = frame.slice();
    this.#queuedBytes += copy.length;
    this.#counters.sent(copy);
    later(() => {
      this.#queuedBytes -= copy.length;
      this.#other().#receive(copy);
      if (this.#queuedBytes <= SEND_WINDOW_BYTES / 2) this.#wake();
    });
    return 'sent';
  }

  drained(): Promise<void> {
    const canSend = this.#state === 'open' && this.#queuedBytes <= SEND_WINDOW_BYTES;
    if (canSend || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#end(reason);
    later(() => this.#other().#end(reason));
  }

  stats(): LinkStats {
    return this.#counters.snapshot();
  }

  #open(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#events.open?.();
    this.#wake();
  }

  #receive(frame: Uint8Array): void {
    if (this.#state === 'closed') return;
    this.#open();
    this.#counters.received(frame);
    this.#events.frame(frame);
  }

  #end(reason: string): void {
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

function later(callback: () => void): void {
  setTimeout(callback, 0);
}
