/** What a node has read and not yet dealt with, by sender: whoever sends faster than it is dealt with has to wait, and memory stays bounded. */

import type { NodeId } from '../core/id.ts';

interface Sender {
  bytes: number;
  waiting: Promise<void> | undefined;
  wake: () => void;
}

/** Counts bytes by sender. */
export class UndealtBytes {
  readonly #bytesMax: number;
  readonly #senders = new Map<NodeId, Sender>();

  /** @param bytesMax of one sender */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** So many bytes of a sender are dealt with when `dealing` is settled. */
  add(from: NodeId, bytes: number, dealing: Promise<unknown>): void {
    const sender = this.#senders.get(from) ?? { bytes: 0, waiting: undefined, wake: () => {} };
    this.#senders.set(from, sender);
    sender.bytes += bytes;
    const dealt = (): void => {
      sender.bytes -= bytes;
      if (sender.bytes > this.#bytesMax / 2) return;
      sender.waiting = undefined;
      sender.wake();
    };
    dealing.then(dealt, dealt);
  }

  /** Undefined while there is room for more of a sender; else a promise that is fulfilled when there is. */
  room(from: NodeId): Promise<void> | undefined {
    const sender = this.#senders.get(from);
    if (sender === undefined || sender.bytes <= this.#bytesMax) return undefined;
    sender.waiting ??= new Promise((resolve) => (sender.wake = resolve));
    return sender.waiting;
  }
}
