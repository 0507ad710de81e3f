/**
 * Addresses of rooms: the code, and for a closed room what opens it.
 *
 * | room | written | in a link |
 * | --- | --- | --- |
 * | open: whoever has the code may take part | `7KQ2MX` | `#/room/7KQ2MX` |
 * | closed by a key | `7KQ2MX#KEY` | `#/room/7KQ2MX,KEY` |
 * | closed by a passphrase, which is asked for | `7KQ2MX#passphrase` | `#/room/7KQ2MX,passphrase` |
 *
 * A link cannot hold a second `#` (RFC 3986, section 3.5), so a comma stands there instead; both are read everywhere, and so is a whole link.
 * What stands behind the first `#` of a link is never sent to a server.
 */

import { keyFromText, keyToText } from './key-text.ts';
import { RoomAddressError } from './room-address-error.ts';
import { readRoomCode } from './room-code.ts';

/** What one needs beside the code to take part. */
export type RoomAccess =
  | { readonly kind: 'open' }
  | { readonly kind: 'key'; readonly key: Uint8Array }
  /** The key has to be made of a passphrase (see `passphrase.ts`) that people tell each other. */
  | { readonly kind: 'passphrase' };

/** A room, as a link or a person names it. */
export interface RoomAddress {
  readonly code: string;
  readonly access: RoomAccess;
}

/** Stands in the place of the key where a passphrase is to be asked for; too short for a key. */
const PASSPHRASE_MARK = 'passphrase';

/** The beginning of a room's place in a link. */
const ROOM_PATH = '#/room/';

/**
 * Reads what somebody typed or pasted: a code, a code with a key, or a link.
 *
 * @throws {RoomAddressError} with what is wrong and what to do
 */
export function parseRoomAddress(text: string): RoomAddress {
  const at = text.indexOf(ROOM_PATH);
  if (at < 0 && /^\s*\w+:\/\//.test(text)) {
    throw new RoomAddressError(
      `This link leads to no room: '${ROOM_PATH}' and its code are missing.`,
    );
  }
  const place = at < 0 ? text : decode(text.slice(at + ROOM_PATH.length).replace(/[?/].*$/s, ''));
  const separator = place.search(/[#,]/);
  if (separator < 0) return { code: readRoomCode(place), access: { kind: 'open' } };
  const code = readRoomCode(place.slice(0, separator));
  return { code, access: readAccess(place.slice(separator + 1).trim()) };
}

/** An address as text, for people and command lines: `7KQ2MX`, `7KQ2MX#KEY`. */
export function roomAddressText({ code, access }: RoomAddress): string {
  const opener = openerOf(access);
  return opener === '' ? code : `${code}#${opener}`;
}

/** An address as the fragment of a link, with its `#`. */
export function roomFragment({ code, access }: RoomAddress): string {
  const opener = openerOf(access);
  return `${ROOM_PATH}${code}${opener === '' ? '' : `,${opener}`}`;
}

function readAccess(opener: string): RoomAccess {
  if (opener === '') {
    throw new RoomAddressError('The key behind the code is missing. Copy the whole link again.');
  }
  if (opener.toLowerCase() === PASSPHRASE_MARK) return { kind: 'passphrase' };
  return { kind: 'key', key: keyFromText(opener) };
}

function openerOf(access: RoomAccess): string {
  if (access.kind === 'key') return keyToText(access.key);
  return access.kind === 'passphrase' ? PASSPHRASE_MARK : '';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
