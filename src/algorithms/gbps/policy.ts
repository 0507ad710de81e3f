/** The parameters of an exchange and what it works on: views, and descriptors on their way. */

import { inFile, type Numbers } from '../roster.ts';

/** The views of some nodes: node `i` has the slots from `i * capacity`, `sizes[i]` of them filled. */
export interface Views {
  readonly capacity: number;
  /** Packed, as `descriptor.ts` says. Where nodes heal they stand in order of age, the youngest first. */
  readonly descriptors: Numbers;
  readonly peerBits: number;
  readonly sizes: Numbers;
}

/** The parameters, by the paper's letters: c, H and S. */
export interface GbpsRules {
  readonly viewSize: number;
  readonly heal: number;
  readonly swap: number;
  /** `rand` picks any peer of the view, `old` the one heard of longest ago (the paper's `tail`). */
  readonly selection: 'rand' | 'old';
}

/** The smallest view of which half can be sent: the sender itself and nobody else. */
export const VIEW_SIZE_MIN = 2;
/** A larger one would not be partial any more. The memory that an exchange needs is set aside for as many. */
export const VIEW_SIZE_MAX = 10_000;

/** @throws {RangeError} where the paper's bounds do not hold, with what to do about it */
export function checkRules({ viewSize, heal, swap }: GbpsRules, written = inFile): void {
  const view = written('view_size', viewSize);
  if (viewSize < VIEW_SIZE_MIN) {
    throw new RangeError(`${view} leaves nothing to exchange; it must be ${VIEW_SIZE_MIN} or more`);
  }
  if (viewSize > VIEW_SIZE_MAX) {
    throw new RangeError(`${view} is no partial view; ${VIEW_SIZE_MAX} at most`);
  }
  const half = bufferSize(viewSize);
  if (heal + swap > half) {
    throw new RangeError(
      `${written('heal', heal)} and ${written('swap', swap)} together exceed half a view of ${viewSize}: ` +
        `an exchange brings ${half} descriptors, and no more can make room for them; ` +
        `lower one of the two, or write ${written('view_size', 2 * (heal + swap))} at least`,
    );
  }
}

/** Descriptors in a message: half a view, the sender's own among them. */
export function bufferSize(viewSize: number): number {
  return Math.floor(viewSize / 2);
}

/** Descriptors on their way, packed as those of the views that they come from and go to. */
export interface Buffer {
  /** One more than it ever holds, so that a loop may write behind its last. */
  readonly descriptors: Int32Array;
  size: number;
  /** Where nodes heal: 1 for each slot of the sender's view that is in it. Behind `viewSize` of them it is 0 for ever. */
  readonly marks: Uint8Array;
}

/** Room for a message. */
export function createBuffer(viewSize: number): Buffer {
  const half = bufferSize(viewSize);
  return {
    descriptors: new Int32Array(half + 1),
    size: 0,
    marks: new Uint8Array(viewSize + half),
  };
}
