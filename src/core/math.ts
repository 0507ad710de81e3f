/**
 * Mathematics that every engine computes to the same bit.
 *
 * `Math.log`, `exp` and `pow` differ in their last bits from engine to engine, and one bit is another run. These samplers use no
 * function at all: they compare and add random numbers. The idea is John von Neumann's (*Various techniques used in connection with
 * random digits*, 1951).
 */

import type { Random } from './random.ts';

/**
 * A number from the exponential distribution with mean 1.
 *
 * Von Neumann's game: draw numbers as long as each is below the one before. That such a descent from x has an odd length has the
 * probability 1 − x + x²/2! − … = e⁻ˣ, so an x whose descent is odd is taken; each even one adds a whole 1 to what comes. About six
 * random numbers are used up.
 */
export function sampleExponential(random: Random): number {
  for (let whole = 0; ; whole++) {
    const first = random.next();
    let previous = first;
    let isOdd = true;
    for (let next = random.next(); next < previous; next = random.next()) {
      previous = next;
      isOdd = !isOdd;
    }
    if (isOdd) return whole + first;
  }
}

/**
 * A number from the normal distribution with mean 0 and standard deviation 1.
 *
 * An exponential x is taken with the probability exp(−(x − 1)²/2), which a second exponential decides; what is left has the density
 * of a normal's absolute value, and a bit gives it its sign. Three of four are taken.
 */
export function sampleNormal(random: Random): number {
  for (;;) {
    const size = sampleExponential(random);
    const limit = ((size - 1) * (size - 1)) / 2;
    if (sampleExponential(random) >= limit) return random.bits() < 0x80000000 ? size : -size;
  }
}
