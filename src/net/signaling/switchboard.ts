/**
 * The part of a signaling server that is no server: rooms, and who hears what. The server in
 * `signaling-server/` plugs WebSockets into it, the {@link LocalHub} plugs in tabs' own nodes, and
 * so both keep the same rules. It sends through {@link Outlet}s and never waits.
 */
import {
  CLOSE_CODES,
  type ClientMessage,
  type CloseCode,
  type ErrorCode,
  type JoinMessage,
  type LeaveReason,
  type ServerMessage,
} from './protocol.ts';
import { Room, type RoomLimits } from './room.ts';

/** The bounds of a switchboard and of its rooms. */
export interface SwitchboardLimits extends RoomLimits {
  /** A room costs memory as soon as anybody names it. */
  readonly rooms: number;
  /** How long an empty room is remembered: long enough for a class to reload all at once. */
  readonly emptyRoomGraceMs: number;
}

/** Bounds for one process: a lecture hall in one room, a university's courses at the same time. */
export const SWITCHBOARD_LIMITS: SwitchboardLimits = {
  rooms: 1_000,
  membersPerRoom: 256,
  rememberedPerRoom: 1_024,
  emptyRoomGraceMs: 60_000,
};

/**
 * How the switchboard reaches one client. Neither method may throw, nor close its line before it
 * returns: an announcement may be half way through a room.
 */
export interface Outlet {
  /** Sends one message. */
  deliver(message: ServerMessage): void;
  /** Ends the connection after what was delivered. Closing its line later does no harm. */
  end(code: CloseCode): void;
}

/** One client's connection to the switchboard. */
export interface Line {
  /** Whether it is in a room. */
  readonly joined: boolean;
  /** How many others a broadcast would reach now. */
  readonly audience: number;
  /** Takes one verified message of this client. */
  receive(message: ClientMessage): void;
  /** The client is gone; the others hear it at once. */
  close(reason: 'closed' | 'lost'): void;
}

interface OpenRoom {
  readonly code: string;
  readonly members: Room<Place>;
  emptySinceMs: number | undefined;
}

/** What the switchboard knows of one line; `room` and `member` are set while it is joined. */
interface Place {
  readonly outlet: Outlet;
  room: OpenRoom | undefined;
  member: string;
}

/** Routes what members of the same room say to one another. */
export class Switchboard {
  readonly #limits: SwitchboardLimits;
  readonly #nowMs: () => number;
  readonly #rooms = new Map<string, OpenRoom>();

  /** `nowMs` is any clock that does not run backwards; it only ages empty rooms. */
  constructor(limits: SwitchboardLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** How many rooms are known, those that are empty and not yet forgotten included. */
  get roomCount(): number {
    return this.#rooms.size;
  }

  /** How many members are present in all rooms. */
  get memberCount(): number {
    let count = 0;
    for (const room of this.#rooms.values()) count += room.members.size;
    return count;
  }

  /** Plugs in a client. It has joined nothing yet. */
  connect(outlet: Outlet): Line {
    const place: Place = { outlet, room: undefined, member: '' };
    return {
      get joined() {
        return place.room !== undefined;
      },
      get audience() {
        return Math.max(0, (place.room?.members.size ?? 0) - 1);
      },
      receive: (message) => this.#receive(place, message),
      close: (reason) => this.#depart(place, reason),
    };
  }

  /** Forgets the rooms that have been empty for longer than the grace. */
  forgetEmptyRooms(): void {
    for (const room of this.#rooms.values()) {
      if (this.#isExpired(room)) this.#rooms.delete(room.code);
    }
  }

  #receive(place: Place, message: ClientMessage): void {
    switch (message.type) {
      case 'join':
        return this.#join(place, message);
      case 'signal':
        return this.#signal(place, message.to, message.payload);
      case 'broadcast':
        return this.#broadcast(place, message.payload);
      case 'leave':
        this.#depart(place, 'left');
        return place.outlet.end(CLOSE_CODES.done);
    }
  }

  #join(place: Place, request: JoinMessage): void {
    if (place.room !== undefined) {
      return refuse(place, 'bad-message', 'This connection has joined a room already.');
    }
    const room = this.#open(request.room);
    if (room === undefined) {
      const message = `This server has ${this.#limits.rooms} rooms in use. Try again later.`;
      return refuse(place, 'server-full', message);
    }
    const outcome = room.members.join(request, place);
    if (outcome.kind === 'refused') return refuse(place, outcome.code, outcome.message);
    room.emptySinceMs = undefined;
    place.room = room;
    place.member = request.member;
    const { you, replaced } = outcome;
    const others = room.members.seats().filter((seat) => seat.connection !== place);
    place.outlet.deliver({ type: 'welcome', you, members: others.map((seat) => seat.description) });
    if (replaced !== undefined) {
      endGhost(replaced.connection);
      const { member, incarnation } = replaced.description;
      // The same incarnation is the same tab on a new connection: it never left.
      if (incarnation !== you.incarnation) {
        announce(others, { type: 'left', member, incarnation, reason: 'superseded' });
      }
    }
    announce(others, { type: 'joined', member: you });
  }

  #signal(place: Place, to: string, payload: unknown): void {
    const sender = place.room?.members.seat(place.member)?.description;
    if (sender === undefined) return refuse(place, 'bad-message', 'Join a room first.');
    const receiver = place.room?.members.seat(to)?.connection;
    if (receiver === undefined) {
      const message = `Nobody with member id ${to} is in this room; perhaps that tab was closed.`;
      return place.outlet.deliver({ type: 'error', code: 'unknown-member', message, member: to });
    }
    const { member: from, incarnation: fromIncarnation } = sender;
    receiver.outlet.deliver({ type: 'signal', from, fromIncarnation, payload });
  }

  #broadcast(place: Place, payload: unknown): void {
    if (place.room === undefined) return refuse(place, 'bad-message', 'Join a room first.');
    const others = place.room.members.seats().filter((seat) => seat.connection !== place);
    announce(others, { type: 'broadcast', from: place.member, payload });
  }

  #depart(place: Place, reason: LeaveReason): void {
    const { room } = place;
    if (room === undefined) return;
    place.room = undefined;
    const description = room.members.depart(place.member, place);
    if (description === undefined) return;
    if (room.members.size === 0) room.emptySinceMs = this.#nowMs();
    const { member, incarnation } = description;
    announce(room.members.seats(), { type: 'left', member, incarnation, reason });
  }

  #open(code: string): OpenRoom | undefined {
    const known = this.#rooms.get(code);
    if (known !== undefined && !this.#isExpired(known)) return known;
    if (known === undefined && this.#rooms.size >= this.#limits.rooms && !this.#makeSpace()) {
      return undefined;
    }
    // Marked empty from the start: a room whose first join is refused must be forgotten as well.
    const emptySinceMs = this.#nowMs();
    const room: OpenRoom = { code, members: new Room(code, this.#limits), emptySinceMs };
    this.#rooms.set(code, room);
    return room;
  }

  /** A full server forgets the room that was empty for longest before it turns anybody away. */
  #makeSpace(): boolean {
    let oldest: OpenRoom | undefined;
    for (const room of this.#rooms.values()) {
      if (room.emptySinceMs === undefined) continue;
      if (oldest === undefined || room.emptySinceMs < (oldest.emptySinceMs ?? 0)) oldest = room;
    }
    return oldest !== undefined && this.#rooms.delete(oldest.code);
  }

  #isExpired(room: OpenRoom): boolean {
    if (room.emptySinceMs === undefined) return false;
    return this.#nowMs() - room.emptySinceMs > this.#limits.emptyRoomGraceMs;
  }
}

function refuse(place: Place, code: ErrorCode, message: string): void {
  place.outlet.deliver({ type: 'error', code, message });
}

function endGhost(ghost: Place): void {
  ghost.room = undefined;
  const message = 'This tab was opened or reloaded elsewhere and continues there.';
  refuse(ghost, 'superseded', message);
  ghost.outlet.end(CLOSE_CODES.superseded);
}

function announce(seats: readonly { readonly connection: Place }[], message: ServerMessage): void {
  for (const { connection } of seats) connection.outlet.deliver(message);
}
