/** Reads the values of options; what cannot be read becomes a usage error that names the option. */

import { InvalidArgumentError } from 'commander';
import type { Latency } from '../runtime/simulator.ts';
import { parseLatency } from './run/latency.ts';

/** A number above zero, e.g. seconds. */
export function positiveNumber(text: string): number {
  const value = readNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above zero.');
}

/** A number that is not negative, e.g. milliseconds. */
export function delayMs(text: string): number {
  const value = readNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of milliseconds, 0 or more.');
}

/** A seed: a whole number that every format and link can carry. */
export function seed(text: string): number {
  const value = readNumber(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('A seed is a whole number, 0 or more.');
}

/** A whole number that is not negative. */
export function wholeNumber(text: string): number {
  const value = readNumber(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
}

/** A share: a number from 0 to 1, or a percentage. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a share: a number from 0 to 1, or 30%.');
}

/** How many times as fast as real time; 0 for no pace at all. */
export function pace(text: string): number {
  const value = readNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}

/** A port; 0 lets the system choose. */
export function port(text: string): number {
  const value = readNumber(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** `10-50` or `20`. */
export function latency(text: string): Latency {
  const result = parseLatency(text);
  if (typeof result === 'string') throw new InvalidArgumentError(result);
  return result;
}

/** Counts how often a flag was given: -vv is 2. */
export function count(_text: string, before: number): number {
  return before + 1;
}

/** Gathers the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function readNumber(text: string): number {
  // Number('') is 0, Number('0x10') is 16: neither is what anybody means.
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Continuations of a run from each of its moments. */
export function continuations(text: string): number {
  const value = readNumber(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100000.');
}
