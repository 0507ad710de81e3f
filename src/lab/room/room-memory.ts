/** What this browser remembers of rooms, so that a room and its members are the same ones the next time. */

import * as v from 'valibot';
import { statementSchema, type Statement } from './statement.ts';

/** What is remembered of one room. */
export interface RoomMemory {
  /** Whose room it is: believed the first time, compared ever after. */
  readonly charter?: Statement;
  /** Public keys by member. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Storage of strings by name; a page's `localStorage`. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const NOTHING: RoomMemory = { keys: {} };

/** Rooms that are remembered; the one that was entered longest ago makes room. */
const ROOMS_MAX = 30;

const LIST_KEY = 'parley/rooms';

const memory = v.object({
  charter: v.exactOptional(statementSchema),
  keys: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

/** The rooms in a storage. Where it refuses, as in some private windows, everything is new every time. */
export class RoomMemories {
  readonly #storage: TextStorage;

  constructor(storage: TextStorage) {
    this.#storage = storage;
  }

  /** What is remembered of a room. */
  recall(code: string): RoomMemory {
    const parsed = v.safeParse(memory, this.#read(keyOf(code)));
    return parsed.success ? parsed.output : NOTHING;
  }

  /** Remembers something more of a room. */
  remember(code: string, part: Partial<RoomMemory>): void {
    const whole = { ...this.recall(code), ...part };
    const codes = [code, ...this.#codes().filter((other) => other !== code)];
    try {
      for (const old of codes.splice(ROOMS_MAX)) this.#storage.removeItem(keyOf(old));
      this.#storage.setItem(LIST_KEY, JSON.stringify(codes));
      this.#storage.setItem(keyOf(code), JSON.stringify(whole));
    } catch {
      // Full, or forbidden: then it is forgotten.
    }
  }

  /** Forgets a room. */
  forget(code: string): void {
    try {
      this.#storage.removeItem(keyOf(code));
    } catch {
      // It could not be remembered either.
    }
  }

  #codes(): readonly string[] {
    const parsed = v.safeParse(v.array(v.string()), this.#read(LIST_KEY));
    return parsed.success ? parsed.output : [];
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(this.#storage.getItem(key) ?? 'null');
    } catch {
      return undefined;
    }
  }
}

function keyOf(code: string): string {
  return `parley/room/${code}`;
}
