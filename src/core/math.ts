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

/**
 * The natural logarithm, from nothing but additions, multiplications and divisions, which every engine rounds alike. Right to a few
 * units of the last place.
 *
 * With x = 2ᵉ m and m near 1, ln m = 2 (s + s³/3 + s⁵/5 + …) where s = (m − 1)/(m + 1).
 *
 * @returns −Infinity of 0, NaN of what is below
 */
export function naturalLogarithm(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let [exponent, mantissa] = [0, x];
  // Powers of two divide exactly.
  for (; mantissa >= 4294967296; mantissa /= 4294967296) exponent += 32;
  for (; mantissa < 1 / 4294967296; mantissa *= 4294967296) exponent -= 32;
  for (; mantissa >= Math.SQRT2; mantissa /= 2) exponent++;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) exponent--;
  const s = (mantissa - 1) / (mantissa + 1);
  // |s| ≤ 0.1716: what is left after the 12th term is below 10⁻¹⁹.
  let sum = 0;
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * s * s + 1 / odd;
  return 2 * s * sum + exponent * Math.LN2;
}

/** The logarithm to base 10: {@link naturalLogarithm} over that of 10. */
export function decimalLogarithm(x: number): number {
  return naturalLogarithm(x) / Math.LN10;
}

/**
 * e to the power of x, computed as every engine rounds it. Right to a few units of the last place.
 *
 * With x = k ln 2 + r and |r| ≤ ½ ln 2, eˣ = 2ᵏ (1 + r + r²/2! + …).
 */
export function naturalPower(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const twos = Math.round(x / Math.LN2);
  const rest = x - twos * Math.LN2;
  let sum = 1;
  for (let term = 20; term >= 1; term--) sum = 1 + (sum * rest) / term;
  for (let left = twos; left > 0; left--) sum *= 2;
  for (let left = twos; left < 0; left++) sum /= 2;
  return sum;
}
