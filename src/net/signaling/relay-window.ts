/** How much one client may relay before the server has given some of it back. */
import { RELAY_DATA_LENGTH_MAX, RELAY_WINDOW_BYTES } from './protocol.ts';

/** The window of one connection, as its client keeps it. */
export class RelayWindow {
  #free = RELAY_WINDOW_BYTES;
  #isAwaited = false;

  /** Whether so much fits; then it is taken. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  /** So much is no longer under way. A server cannot give more than was taken. */
  give(bytes: number): void {
    this.#free = Math.min(RELAY_WINDOW_BYTES, this.#free + bytes);
  }

  /** A new connection has nothing under way. */
  reset(): void {
    this.#free = RELAY_WINDOW_BYTES;
  }

  /** Somebody was told that it is full, and wants to hear when it is not. */
  await(): void {
    this.#isAwaited = true;
  }

  /** True once after {@link await}, as soon as a frame of any size fits. */
  hasDrained(): boolean {
    if (!this.#isAwaited || this.#free < RELAY_DATA_LENGTH_MAX) return false;
    this.#isAwaited = false;
    return true;
  }
}
