/** What members say to each other about keys, as messages of a topic of its own: signed, stored and repaired like all others. */

import * as v from 'valibot';
import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import { KEY_BYTES, SEALED_BYTES } from './sealed-key.ts';

/** Topics of the group itself begin so; programs neither publish to them nor find them with a wildcard. */
export const RESERVED = '$parley/';

/** Where notes about keys are published. */
export const KEYS_TOPIC = `${RESERVED}keys`;

/** Bytes of the name of a key: a hash that commits to it. */
export const KEY_NAME_BYTES = 16;

/** Members that one note speaks of, and keys. */
export const NOTE_ENTRIES_MAX = 256;

const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(NODE_ID_LENGTH_MAX));
const bytes = (length: number) =>
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length === length,
    `must be ${length} bytes`,
  );
const name = bytes(KEY_NAME_BYTES);
const box = bytes(SEALED_BYTES);
const ids = v.pipe(v.array(id), v.maxLength(NOTE_ENTRIES_MAX));
const keyOf = v.object({ author: id, name });

/** One note. */
export const keyNote = v.variant('is', [
  /** Keys can be sealed to the author with this. */
  v.object({ is: v.literal('hello'), key: bytes(KEY_BYTES) }),
  /** From here on the author's messages have this key, which is for these members; each finds it in its box, if its hello was known. */
  v.object({
    is: v.literal('key'),
    name,
    members: ids,
    fresh: bytes(KEY_BYTES),
    boxes: v.pipe(
      v.record(id, box),
      v.check((boxes) => Object.keys(boxes).length <= NOTE_ENTRIES_MAX, 'has too many boxes'),
    ),
  }),
  /** The author lacks these keys; they can be sealed to it with `key`. */
  v.object({
    is: v.literal('wanted'),
    keys: v.pipe(v.array(keyOf), v.maxLength(NOTE_ENTRIES_MAX)),
    key: bytes(KEY_BYTES),
  }),
  /** An answer: the keys that `to` may have, and those that it may not. */
  v.object({
    is: v.literal('given'),
    to: id,
    fresh: bytes(KEY_BYTES),
    keys: v.pipe(
      v.array(v.object({ author: id, name, members: ids, box })),
      v.maxLength(NOTE_ENTRIES_MAX),
    ),
    refused: v.pipe(v.array(keyOf), v.maxLength(NOTE_ENTRIES_MAX)),
  }),
]);

/** A note as it is read. */
export type KeyNote = v.InferOutput<typeof keyNote>;
