/** A log in a key-value store: its `putAll` is all or nothing, and that is what a change of a log needs. So whatever has a `Store` has logs. */

import { encodeCanonical } from '../core/canonical.ts';
import type { LogChange, LogState, LogStore } from '../core/log-store.ts';
import type { Store, Survival } from '../core/ports.ts';
import { CorruptRecord } from '../core/storage-error.ts';
import { toValue, type Value, type ValueMap } from '../core/value.ts';

/** Digits of an index in a key: keys are ordered as texts, and every safe integer has at most so many. */
const INDEX_DIGITS = 16;

/** Records that are asked for at once when a read is bounded in bytes. */
const RECORDS_PER_PAGE = 64;

/** Key of what a log holds beside its records. */
export const LOG_STATE_KEY = 'state';

const NEW_LOG: LogState = { first: 1, last: 0, metadata: {} };

/** A log that has a store to itself. */
export class StoredLog implements LogStore {
  readonly kind: string;
  readonly survives: Survival;
  readonly #store: Store;
  /** Fulfilled when the state was read: whatever is asked waits for it, in the order of asking. */
  #loaded: Promise<void> | undefined;
  /** With the writes that are on their way. */
  #state = NEW_LOG;

  /** @param store of its own: it uses every key */
  constructor(store: Store) {
    this.kind = store.kind;
    this.survives = store.survives;
    this.#store = store;
  }

  async state(): Promise<LogState> {
    await this.#ready();
    return { ...this.#state, metadata: toValue(this.#state.metadata) as ValueMap };
  }

  async read(from: number, to: number, bytesMax = Infinity): Promise<readonly Value[]> {
    await this.#ready();
    const { first, last } = this.#state;
    const end = Math.min(to, last);
    const found: Value[] = [];
    let bytes = 0;
    for (let start = Math.max(from, first); start <= end; start += RECORDS_PER_PAGE) {
      const count = Math.min(RECORDS_PER_PAGE, end - start + 1);
      for (const record of await this.#page(start, count)) {
        if (bytesMax !== Infinity) bytes += encodeCanonical(record).length;
        if (bytes > bytesMax && found.length > 0) return found;
        found.push(record);
      }
    }
    return found;
  }

  async write(change: LogChange): Promise<void> {
    await this.#ready();
    const before = this.#state;
    const { at = before.last + 1, append = [] } = change;
    const after = changed(before, change);
    const removed = [...range(before.first, after.first - 1), ...range(at, before.last)];
    const entries = new Map<string, unknown>(removed.map((index) => [recordKey(index), undefined]));
    for (const [i, record] of append.entries()) {
      if (at + i >= after.first) entries.set(recordKey(at + i), toValue(record));
    }
    entries.set(LOG_STATE_KEY, after);
    this.#state = after;
    await this.#store.putAll(Object.fromEntries(entries));
  }

  async #page(start: number, count: number): Promise<readonly Value[]> {
    const keys = Array.from({ length: count }, (_, i) => recordKey(start + i));
    const records = await Promise.all(keys.map((key) => this.#store.get(key)));
    return records.map((record, i) => {
      if (record === undefined) throw new CorruptRecord(`record ${start + i}`, 'is missing');
      return record;
    });
  }

  #ready(): Promise<void> {
    this.#loaded ??= this.#store.get(LOG_STATE_KEY).then((stored) => {
      this.#state = (stored as LogState | undefined) ?? NEW_LOG;
    });
    return this.#loaded;
  }
}

/**
 * How a log is after a change.
 *
 * @throws {ValueError} when a named value is no value, {RangeError} when `at` is outside the log
 */
function changed(before: LogState, change: LogChange): LogState {
  const { first, last } = before;
  const { at = last + 1, append = [], startAt = first } = change;
  if (!Number.isSafeInteger(at) || at < first || at > last + 1) {
    throw new RangeError(`a record at ${at} does not follow a log from ${first} to ${last}`);
  }
  if (!Number.isSafeInteger(startAt)) throw new RangeError(`a log cannot start at ${startAt}`);
  const newFirst = Math.max(first, startAt);
  return {
    first: newFirst,
    last: Math.max(at - 1 + append.length, newFirst - 1),
    metadata: merged(before.metadata, change.metadata),
  };
}

function merged(before: ValueMap, changes: LogChange['metadata']): ValueMap {
  if (changes === undefined) return before;
  const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
  return toValue(Object.fromEntries(kept)) as ValueMap;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Key of a record. */
export function recordKey(index: number): string {
  return `record/${String(index).padStart(INDEX_DIGITS, '0')}`;
}
