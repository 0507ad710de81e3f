/** What a tab remembers of a chat beside what its member stores: it is there at once, also where the member cannot start for lack of a network. */

import * as v from 'valibot';
import { DESCRIPTION_MAX, NAME_MAX, TEXT_MAX } from './words.ts';

/** Messages of a topic that a tab shows before its member has started. */
export const REMEMBERED_LINES_MAX = 100;
/** Topics, and people, of which it remembers something: others cannot make it grow beyond that. */
export const ENTRIES_MAX = 200;
/** Messages that may wait for a member. */
export const OUTBOX_MAX = 200;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(NAME_MAX));
const text = v.pipe(v.string(), v.maxLength(TEXT_MAX));
const few = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.record(name, item),
    v.check((record) => Object.keys(record).length <= ENTRIES_MAX),
  );

const line = v.object({
  origin: name,
  ...{ life: natural, sequence: natural, lamport: natural },
  sentAt: v.number(),
  text,
  isLate: v.boolean(),
});

const remembered = v.object({
  /** As which member, and under which name. */
  id: v.optional(name),
  name: v.optional(name, ''),
  /** Topics that one has joined, and the one that is shown. */
  joined: v.optional(v.pipe(v.array(name), v.maxLength(ENTRIES_MAX)), ['general']),
  shown: v.optional(name, 'general'),
  people: v.optional(few(name), {}),
  topics: v.optional(few(v.pipe(v.string(), v.maxLength(DESCRIPTION_MAX))), {}),
  /** How far one has read, by topic. */
  read: v.optional(few(v.record(v.string(), natural)), {}),
  /** What one has begun to write, by topic. */
  drafts: v.optional(few(text), {}),
  /** What was said before the member could say it. */
  outbox: v.optional(v.pipe(v.array(v.object({ topic: name, text })), v.maxLength(OUTBOX_MAX)), []),
  lines: v.optional(few(v.pipe(v.array(line), v.maxLength(REMEMBERED_LINES_MAX))), {}),
});

/** What is remembered. */
export type Remembered = v.InferOutput<typeof remembered>;

/** As much of `localStorage` as is needed. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
}

/** What a record holds under a name that somebody chose: it may be called like something that every object has. */
export function entryOf<Item>(
  record: Readonly<Record<string, Item>>,
  key: string,
): Item | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record with one more, or another, entry; unchanged when it is full. */
export function withEntry<Item>(
  record: Readonly<Record<string, Item>>,
  key: string,
  item: Item,
): Record<string, Item> {
  const isFull = Object.keys(record).length >= ENTRIES_MAX && !Object.hasOwn(record, key);
  return isFull ? record : { ...record, [key]: item };
}

/** Nothing yet. */
export function blank(): Remembered {
  return v.parse(remembered, {});
}

/** What was remembered under a key; blank where there is nothing, or nothing that can be read. */
export function recall(store: TextStore, key: string): Remembered {
  try {
    return v.parse(remembered, JSON.parse(store.getItem(key) ?? '{}'));
  } catch {
    return blank();
  }
}

/** Remembers; false where there is no room for it, or no permission. */
export function remember(store: TextStore, key: string, memory: Remembered): boolean {
  try {
    store.setItem(key, JSON.stringify(memory));
    return true;
  } catch {
    return false;
  }
}
