/**
 * How rooms are written on Redis, and what the processes that share them say to each other there.
 * What is read was written by another process, perhaps of another version: it is verified.
 *
 *     parley:1:DB:room:CODE      hash    era, version, firstJoins, and `m:MEMBER` for every record
 *     parley:1:DB:rooms          zset    codes, by the time at which they expire
 *     parley:1:DB:empty-rooms    zset    codes, by the time (µs) at which they became empty
 *     parley:1:DB:process:ID     string  exists as long as the process gives signs of life
 *
 * An era is one life of a room, named by the time at which Redis saw it begin: a room that was
 * forgotten and is opened again counts its versions anew, in a later era.
 * The names of a room and of a process are also those of channels: a room's has its changes and what
 * is said to all, a process's what is said to one of its members.
 */
import * as v from 'valibot';
import { memberDescription, parseServerMessage } from '../src/net/signaling/protocol.ts';
import type { ServerMessage } from '../src/net/signaling/protocol.ts';
import type { MemberRecord, RoomChange, RoomState } from '../src/net/signaling/room.ts';

/** Raised when processes of two versions could not share rooms: then they do not see each other's. */
export const REDIS_FORMAT = 1;

/** Keys and channels of one deployment: one database of one Redis. */
export class RedisNames {
  readonly #prefix: string;
  readonly rooms: string;
  readonly emptyRooms: string;
  /** What stands before a room's code. */
  readonly roomPrefix: string;

  /** Channels do not belong to a database, so the names say which it is. */
  constructor(database: number) {
    this.#prefix = `parley:${REDIS_FORMAT}:${database}:`;
    this.rooms = `${this.#prefix}rooms`;
    this.emptyRooms = `${this.#prefix}empty-rooms`;
    this.roomPrefix = `${this.#prefix}room:`;
  }

  room(code: string): string {
    return this.roomPrefix + code;
  }

  process(id: string): string {
    return `${this.#prefix}process:${id}`;
  }
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const record = v.object({
  description: memberDescription,
  token: v.pipe(v.string(), v.maxLength(256)),
  connection: v.exactOptional(v.pipe(v.string(), v.regex(/^[!-~]{1,100}$/))),
  departedIn: v.exactOptional(count),
  gaveUpNode: v.exactOptional(v.literal(true)),
});
const member = v.pipe(v.string(), v.maxLength(64));
const event = v.variant('kind', [
  v.object({ kind: v.literal('joined'), member }),
  v.object({
    kind: v.literal('left'),
    member,
    incarnation: count,
    reason: v.picklist(['left', 'closed', 'lost', 'superseded']),
  }),
]);
const roomChange = v.object({
  version: count,
  firstJoins: count,
  records: v.array(v.tuple([member, v.nullable(record)])),
  event,
});

const MEMBER_FIELD = 'm:';

/** The fields of a room's hash that a change writes; `''` deletes one. */
export function changedFields({ version, firstJoins, records }: RoomChange): string[] {
  const fields = ['version', String(version), 'firstJoins', String(firstJoins)];
  for (const [name, value] of records) {
    fields.push(MEMBER_FIELD + name, value === null ? '' : JSON.stringify(value));
  }
  return fields;
}

/** A room as it is kept on Redis. */
export interface SharedState extends RoomState {
  /** 0 for a room that is not there. */
  readonly era: number;
}

/** Reads a room's hash; an empty one is a room that is not there. @throws Error if it is none of ours */
export function readRoom(hash: Readonly<Record<string, string>>): SharedState {
  const records = Object.entries(hash)
    .filter(([field]) => field.startsWith(MEMBER_FIELD))
    .map(([field, text]): [string, MemberRecord] => [
      field.slice(MEMBER_FIELD.length),
      v.parse(record, JSON.parse(text)),
    ]);
  return {
    era: v.parse(count, Number(hash['era'] ?? 0)),
    version: v.parse(count, Number(hash['version'] ?? 0)),
    firstJoins: v.parse(count, Number(hash['firstJoins'] ?? 0)),
    records,
  };
}

/** What travels on a room's channel. */
/** A change is written by the script that makes it: `change ERA JSON`. */
export type RoomNews =
  | { readonly kind: 'change'; readonly era: number; readonly change: RoomChange }
  | { readonly kind: 'said'; readonly exceptConnection: string; readonly message: ServerMessage };

/** Writes what is said to all but one for the room's channel. */
export function writeSaid(exceptConnection: string, frame: string): string {
  return `said ${exceptConnection} ${frame}`;
}

/** Reads what came on a room's channel. @throws Error if it is none of ours */
export function readNews(news: string): RoomNews {
  const [kind, rest] = cut(news);
  if (kind === 'change') {
    const [era, text] = cut(rest);
    const time = v.parse(count, Number(era));
    return { kind, era: time, change: v.parse(roomChange, JSON.parse(text)) };
  }
  const [exceptConnection, frame] = cut(rest);
  return { kind: 'said', exceptConnection, message: readFrame(frame) };
}

/** What travels on a process's channel: a message for one of its connections. */
export interface Letter {
  readonly room: string;
  readonly connection: string;
  readonly message: ServerMessage;
}

/** Writes a message for one connection. */
export function writeLetter(room: string, connection: string, frame: string): string {
  return `${room} ${connection} ${frame}`;
}

/** Reads a message for one connection. @throws Error if it is none of ours */
export function readLetter(text: string): Letter {
  const [room, rest] = cut(text);
  const [connection, frame] = cut(rest);
  return { room, connection, message: readFrame(frame) };
}

function cut(text: string): [head: string, rest: string] {
  const at = text.indexOf(' ');
  if (at < 0) throw new Error('it has too few parts');
  return [text.slice(0, at), text.slice(at + 1)];
}

function readFrame(frame: string): ServerMessage {
  const parsed = parseServerMessage(frame);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.message;
}
