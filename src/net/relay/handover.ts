/** Where a page hands frames on from one channel to another, each waits for the next one down the line. */

import type { Channel } from '../channel.ts';

/** Frames on their way into one channel, in order. How many there can be is bounded by the window of the channel that they come from. */
export class Handover {
  readonly #frames: { readonly frame: Uint8Array; readonly handedOn: () => void }[] = [];
  #into: Channel | undefined;
  #isFlowing = false;

  /** Says where they go, before the first comes. */
  flowInto(channel: Channel): void {
    this.#into = channel;
  }

  /** Nothing when the channel took the frame at once; else a promise of it. */
  push(frame: Uint8Array): void | Promise<void> {
    if (this.#frames.length === 0 && this.#into!.send(frame) === 'sent') return;
    return new Promise((handedOn) => {
      this.#frames.push({ frame, handedOn });
      if (!this.#isFlowing) void this.#flow();
    });
  }

  /** Closes the channel that they go into. */
  close(reason: string): void {
    this.#into!.close(reason);
  }

  async #flow(): Promise<void> {
    this.#isFlowing = true;
    for (let next = this.#frames[0]; next !== undefined; next = this.#frames[0]) {
      const { frame, handedOn } = next;
      if (this.#into!.send(frame) === 'full') {
        await this.#into!.drained();
        continue;
      }
      this.#frames.shift();
      handedOn();
    }
    this.#isFlowing = false;
  }
}
