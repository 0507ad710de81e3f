/** Comparisons that come as 0 or 1, without a branch: of whole numbers from 0 to 2³¹ − 1. */

/** 1 where `a` is less than `b`. */
export function isLess(a: number, b: number): number {
  return (a - b) >>> 31;
}

/** 1 where they are the same. */
export function isSame(a: number, b: number): number {
  return ((a ^ b) - 1) >>> 31;
}
