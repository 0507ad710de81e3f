/**
 * How fast one client may relay. It may have a window of data under way, and the meter gives what
 * was used back as fast as the rate allows: a client that keeps to its window is slowed down and
 * loses nothing, and the server keeps a number for it instead of a queue.
 */
import { RELAY_WINDOW_BYTES } from '../src/net/signaling/protocol.ts';
import type { ServerLimits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Given back at once from here on, without a wait. Less would be a frame of acknowledgement for
 * every small frame; a client that waits for more room has used up more than this.
 */
const GIVE_BACK_BYTES_MIN = RELAY_WINDOW_BYTES / 4;

/** The meter of one connection. */
export class RelayMeter {
  readonly #bucket: TokenBucket;
  readonly #giveBack: (bytes: number) => void;
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    limits: Pick<ServerLimits, 'relayBytesPerSecond' | 'relayBurstBytes'>,
    nowMs: () => number,
    giveBack: (bytes: number) => void,
  ) {
    this.#bucket = new TokenBucket(limits.relayBurstBytes, limits.relayBytesPerSecond, nowMs);
    this.#giveBack = giveBack;
  }

  /** Whether so much is within the window; then it is under way. */
  take(bytes: number): boolean {
    if (this.#underWay + bytes > RELAY_WINDOW_BYTES) return false;
    this.#underWay += bytes;
    this.#bucket.charge(bytes);
    this.#settle(GIVE_BACK_BYTES_MIN);
    return true;
  }

  /** Gives nothing back any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#underWay = RELAY_WINDOW_BYTES;
  }

  #settle(bytesMin: number): void {
    if (this.#timer !== undefined) return;
    const debtMs = this.#bucket.debtMs();
    if (debtMs > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#settle(1);
      }, debtMs);
      return;
    }
    if (this.#underWay < bytesMin) return;
    const bytes = this.#underWay;
    this.#underWay = 0;
    this.#giveBack(bytes);
  }
}
