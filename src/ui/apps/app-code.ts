/**
 * The code of an application's cluster: which application, how many members, and which room. It is short enough to be read out: `A3-7KQ2MX`. A
 * closed one has its key behind a comma or `#`, which no server is ever told.
 */

import { keyToText } from '../../net/rooms/key-text.ts';
import { parseRoomAddress } from '../../net/rooms/room-address.ts';
import { newRoomCode } from '../../net/rooms/room-code.ts';
import { newRoomKey } from '../../net/rooms/room-key.ts';

/** The applications, by the letter that codes begin with. */
export const APP_LETTERS = {
  K: 'key-value',
  C: 'counters',
  B: 'bank',
  A: 'auction',
  T: 'chat',
  V: 'vectors',
} as const;

/** The name of an application. */
export type AppName = (typeof APP_LETTERS)[keyof typeof APP_LETTERS];

/** What a code says. */
export interface AppCode {
  readonly app: AppName;
  readonly members: number;
  /** The code itself, which is the room's. */
  readonly code: string;
  /** The code and its key, as a room is addressed: `T3-7KQ2MX#KEY`. */
  readonly room: string;
  /** Whether it has a key. */
  readonly isClosed: boolean;
}

const CODE = /^([A-Z])([1235])-[A-Z0-9]{4,20}$/;

/** A new code. */
export function newAppCode(app: AppName, members: number, isClosed = false): AppCode {
  const [letter] = Object.entries(APP_LETTERS).find(([, name]) => name === app)!;
  const code = `${letter}${members}-${newRoomCode()}`;
  return codeOf(app, members, code, isClosed ? keyToText(newRoomKey()) : undefined);
}

/** Reads what somebody typed or pasted; spaces and the case of letters do not matter. Undefined when it is no such code. */
export function readAppCode(text: string): AppCode | undefined {
  const [place = '', key] = text.replaceAll(/\s+/g, '').split(/[#,]/);
  const code = place.toUpperCase();
  const [, letter = '', members] = CODE.exec(code) ?? [];
  const app = letter in APP_LETTERS ? APP_LETTERS[letter as keyof typeof APP_LETTERS] : undefined;
  if (app === undefined) return undefined;
  if (key === undefined) return codeOf(app, Number(members), code, undefined);
  try {
    const { access } = parseRoomAddress(`${code}#${key}`);
    if (access.kind !== 'key') return undefined;
    return codeOf(app, Number(members), code, keyToText(access.key));
  } catch {
    return undefined;
  }
}

/** The part of a link behind `#/apps/`. */
export function addressOf({ room }: AppCode): string {
  return room.replace('#', ',');
}

function codeOf(app: AppName, members: number, code: string, key: string | undefined): AppCode {
  const room = key === undefined ? code : `${code}#${key}`;
  return { app, members, code, room, isClosed: key !== undefined };
}
