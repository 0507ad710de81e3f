/**
 * Members' names in a closed room: sealed, and written in as many characters as a label may have, so that every description has one of the
 * same length.
 *
 * A label has 64 characters, in base64 too few for a name. 14 bits fit into each of 16384 Chinese characters that stand side by side in
 * Unicode and have one form each: that leaves 56 bytes for the name, whatever the server may think of its members.
 */

import { encodeCanonical } from '../../core/canonical.ts';
import type { RoomKeys } from '../rooms/room-key.ts';
import { LABEL_LENGTH_MAX } from './protocol.ts';
import { openBox, sealBox, SEALED_BOX_BYTES } from './sealed-box.ts';

/** Bytes of a name in UTF-8 that fit; longer ones are cut. */
export const SEALED_NAME_BYTES = (LABEL_LENGTH_MAX * 14) / 8 - SEALED_BOX_BYTES;

/** The first of the characters that are used; up to U+8DFF. */
const FIRST_CHARACTER = 0x4e00;

const SEALED_NAMES = new RegExp(`[\\u4e00-\\u8dff]{${LABEL_LENGTH_MAX}}`, 'g');

const BITS = 14;
const VALUES = 1 << BITS;

/** Seals a name, for this member alone: nobody else can wear it. */
export function sealName(keys: RoomKeys, member: string, name: string): string {
  const padded = new Uint8Array(SEALED_NAME_BYTES);
  padded.set(cut(name));
  return write(sealBox(keys, contextOf(keys, member), padded));
}

/** The name; undefined when it was not sealed for this member in this room. */
export function openName(keys: RoomKeys, member: string, sealed: string): string | undefined {
  const box = read(sealed);
  const padded = box === undefined ? 'altered' : openBox(keys, contextOf(keys, member), box);
  if (typeof padded === 'string') return undefined;
  const end = padded.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? padded : padded.subarray(0, end));
  // Whoever has the key may still be malicious: names are drawn and logged.
  const name = text.replaceAll(/\p{Cc}/gu, '');
  return name === '' ? undefined : name;
}

/** What a server says to people, with the names of members that it mentions beside their ids as they are. */
export function openNamesIn(keys: RoomKeys, text: string): string {
  const words = text.split(/[\s,.;:]+/);
  return text.replaceAll(SEALED_NAMES, (sealed) => {
    const names = words.map((word) => openName(keys, word, sealed));
    return names.find((name) => name !== undefined) ?? '?';
  });
}

function contextOf({ room }: RoomKeys, member: string): Uint8Array {
  return encodeCanonical(['parley.sealed-name.v1', room, member]);
}

/** As much of a name as fits, without half a character at its end. */
function cut(name: string): Uint8Array {
  const bytes = new Uint8Array(SEALED_NAME_BYTES);
  const { written } = new TextEncoder().encodeInto(name, bytes);
  return bytes.subarray(0, written);
}

function write(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let count = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    count += 8;
    if (count < BITS) continue;
    count -= BITS;
    text += String.fromCharCode(FIRST_CHARACTER + (value >> count));
    value &= (1 << count) - 1;
  }
  return text;
}

function read(text: string): Uint8Array | undefined {
  if (text.length !== LABEL_LENGTH_MAX) return undefined;
  const bytes = new Uint8Array((text.length * BITS) / 8);
  let value = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - FIRST_CHARACTER;
    if (digit < 0 || digit >= VALUES) return undefined;
    value = ((value << BITS) | digit) & 0x3fffff;
    for (count += BITS; count >= 8;) bytes[at++] = (value >> (count -= 8)) & 0xff;
  }
  return bytes;
}

/** Whether this is how a name looks in a closed room, to whoever entered it without its key. */
export function isSealedName(text: string): boolean {
  return read(text) !== undefined;
}
