/** What could not be sent yet, in order and within bounds. */

/**
 * Frames kept: a reconnection takes seconds, and a page that dials 64 members makes about ten
 * frames for each. More would run into the server's rate when they are sent at once.
 */
export const OUTBOX_FRAMES_MAX = 512;

/** Characters kept, for the same reason: with the frames, below the burst a server accepts. */
export const OUTBOX_CHARACTERS_MAX = 512 * 1024;

/** A frame and whom it is for; `undefined` is everybody. */
export interface OutgoingFrame {
  readonly to: string | undefined;
  readonly frame: string;
}

/** A bounded queue of frames. */
export class Outbox {
  #frames: OutgoingFrame[] = [];
  #characters = 0;

  /** Keeps a frame, unless that would pass a bound; the older ones are nearer to their turn. */
  push(outgoing: OutgoingFrame): boolean {
    const characters = this.#characters + outgoing.frame.length;
    if (this.#frames.length >= OUTBOX_FRAMES_MAX || characters > OUTBOX_CHARACTERS_MAX) {
      return false;
    }
    this.#frames.push(outgoing);
    this.#characters = characters;
    return true;
  }

  /** Takes out, in order, the frames that `isReady` accepts. */
  take(isReady: (outgoing: OutgoingFrame) => boolean): OutgoingFrame[] {
    const ready: OutgoingFrame[] = [];
    const rest: OutgoingFrame[] = [];
    for (const outgoing of this.#frames) (isReady(outgoing) ? ready : rest).push(outgoing);
    this.#frames = rest;
    this.#characters = rest.reduce((sum, { frame }) => sum + frame.length, 0);
    return ready;
  }

  /** Drops everything. */
  clear(): void {
    this.take(() => true);
  }
}
