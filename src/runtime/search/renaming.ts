/** Exchanges names in states and messages, wherever they stand. */

import { Random } from '../../core/random.ts';
import { isSigned } from '../../core/signed.ts';
import { SearchError } from './search-error.ts';

/** A function that makes a copy in which every text that is a name is the other name. */
export function renaming(names: ReadonlyMap<string, string>): <T>(part: T) => T {
  const nameOf = (text: string) => names.get(text) ?? text;
  const renamed = (part: unknown): unknown => {
    if (typeof part === 'string') return nameOf(part);
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
    if (Array.isArray(part)) return part.map(renamed);
    if (part instanceof Map) {
      return new Map(Array.from(part, ([key, value]) => [renamed(key), renamed(value)]));
    }
    if (part instanceof Set) return new Set(Array.from(part, renamed));
    // Chance is no part of a situation.
    if (part instanceof Random) return part;
    const prototype: unknown = Object.getPrototypeOf(part);
    if (isSigned(part) || (prototype !== Object.prototype && prototype !== null)) {
      throw new SearchError(
        `nodes cannot be exchanged: a state or a message holds a ${part.constructor.name}`,
      );
    }
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [nameOf(key), renamed(value)]),
    );
  };
  return renamed as <T>(part: T) => T;
}
