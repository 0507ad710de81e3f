/** Rooms that live in this process: what a server has without Redis, and what a page's hub has. */
import { Assembly, type Carrier } from './assembly.ts';
import type { JoinMessage, LeaveReason } from './protocol.ts';
import type { Guest, RoomDirectory, RoomsLimits } from './room-directory.ts';
import { Room } from './room.ts';

interface OpenRoom {
  readonly assembly: Assembly;
  emptySinceMs: number | undefined;
}

/** Rooms of one process. */
export class LocalRooms implements RoomDirectory {
  readonly isReachable = true;
  readonly #limits: RoomsLimits;
  readonly #nowMs: () => number;
  readonly #rooms = new Map<string, OpenRoom>();
  #connections = 0;
  #isClosed = false;

  /** `nowMs` is any clock that does not run backwards; it only ages empty rooms. */
  constructor(limits: RoomsLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  get memberCount(): number {
    let count = 0;
    for (const { assembly } of this.#rooms.values()) count += assembly.size;
    return count;
  }

  join(request: JoinMessage, guest: Guest): void {
    const code = request.room;
    const known = this.#find(code);
    if (known === undefined && request.create === false) {
      return guest.refused('unknown-room', unknownRoom(code));
    }
    if (known === undefined && this.#rooms.size >= this.#limits.rooms && !this.#makeSpace()) {
      return guest.refused('server-full', serverFull(this.#limits));
    }
    const open = known ?? { assembly: this.#assemble(code), emptySinceMs: undefined };
    const connection = String(this.#connections++);
    const change = open.assembly.room.join(request, connection);
    if ('refused' in change) return guest.refused(change.refused, change.message);
    // Only now: a room whose first join is refused was never there.
    this.#rooms.set(code, open);
    open.emptySinceMs = undefined;
    open.assembly.await(connection, guest);
    open.assembly.apply(change);
  }

  forgetEmptyRooms(): void {
    for (const code of this.#rooms.keys()) this.#find(code);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The room of that code; one that was empty for too long is forgotten here. */
  #find(code: string): OpenRoom | undefined {
    const room = this.#rooms.get(code);
    if (room?.emptySinceMs === undefined) return room;
    if (this.#nowMs() - room.emptySinceMs <= this.#limits.emptyRoomGraceMs) return room;
    this.#rooms.delete(code);
    return undefined;
  }

  #assemble(code: string): Assembly {
    const carrier: Carrier = {
      toOne: (connection, message) => assembly.deliver(connection, message),
      toOthers: (connection, message) => assembly.announce(message, connection),
    };
    const assembly = new Assembly(new Room(code, this.#limits), carrier, (...departure) =>
      this.#depart(code, ...departure),
    );
    return assembly;
  }

  #depart(code: string, member: string, connection: string, reason: LeaveReason): void {
    const room = this.#rooms.get(code);
    const change = room?.assembly.room.depart(member, connection, reason);
    if (this.#isClosed || room === undefined || change === undefined) return;
    room.assembly.apply(change);
    if (room.assembly.size === 0) room.emptySinceMs = this.#nowMs();
  }

  /** A full server forgets the room that was empty for longest before it turns anybody away. */
  #makeSpace(): boolean {
    let oldest: readonly [code: string, sinceMs: number] | undefined;
    for (const [code, { emptySinceMs }] of this.#rooms) {
      if (emptySinceMs === undefined) continue;
      if (oldest === undefined || emptySinceMs < oldest[1]) oldest = [code, emptySinceMs];
    }
    return oldest !== undefined && this.#rooms.delete(oldest[0]);
  }
}

/** What a client hears whose room nobody has created. */
export function unknownRoom(code: string): string {
  return (
    `There is no room ${code} on this server. Check the code; a room that everybody has left is ` +
    'forgotten after a while.'
  );
}

/** What a client hears when no further room can be opened. */
export function serverFull({ rooms }: RoomsLimits): string {
  return `This server has ${rooms} rooms in use. Try again later.`;
}
