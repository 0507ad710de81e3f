/**
 * How often an address may ask for rooms. A code is short enough to be read out, so it must not be
 * found by trying: looking for rooms that are not there costs much, entering one that is there little.
 * It is asked before a room is looked up, so that its refusal tells nothing of the room.
 */
import type { ServerLimits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/** Remembers the addresses that asked lately. */
export class JoinLimiter {
  readonly #limits: ServerLimits;
  readonly #nowMs: () => number;
  /** In order of their last use: the front is forgotten first. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limits: ServerLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** Whether this address may look for a room now; then that is paid for. */
  admit(address: string): boolean {
    const bucket = this.#bucketOf(address);
    if (bucket.debtMs() > 0) return false;
    bucket.charge(1);
    return true;
  }

  /** The room was not there. This may lead into debt: many may ask before the first is answered. */
  missed(address: string): void {
    this.#bucketOf(address).charge(this.#limits.missedRoomTokens);
  }

  #bucketOf(address: string): TokenBucket {
    const { joinTokens, joinTokensPerSecond, joinAddresses } = this.#limits;
    const bucket =
      this.#buckets.get(address) ?? new TokenBucket(joinTokens, joinTokensPerSecond, this.#nowMs);
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= joinAddresses) break;
      this.#buckets.delete(oldest);
    }
    return bucket;
  }
}
