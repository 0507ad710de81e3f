/** How far this device's clock is from those of others, as far as they said what theirs show. */

/** Differences below this are the time that words take, and that people would not see in a picture. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Compares clocks. */
export class Clocks {
  readonly #nowMs: () => number;
  readonly #ahead = new Map<string, number>();

  /** `nowMs` is this clock, in milliseconds since 1970. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A member has just said what its clock shows. */
  note(member: string, clockMs: number): void {
    this.#ahead.set(member, this.#nowMs() - clockMs);
  }

  /**
   * Milliseconds by which this clock is ahead of a member's (behind, when negative); 0 when it is about the same, or not known.
   *
   * @param didMs when the member did something by its clock: that cannot have been in the future
   */
  aheadOf(member: string, didMs: number): number {
    const ahead = this.#ahead.get(member) ?? Math.min(0, this.#nowMs() - didMs);
    return Math.abs(ahead) > CLOCK_TOLERANCE_MS ? ahead : 0;
  }
}

/** A difference for people. */
export function clockText(aheadMs: number, whose: string): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const size =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  const way = aheadMs > 0 ? 'ahead of' : 'behind';
  return `This device's clock is ${size} ${way} that of ${whose}. Times in the picture are set right by as much; set one of the two clocks.`;
}
