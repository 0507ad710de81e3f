/**
 * A room and those of its members who are connected here: it tells them what changes, and finds out
 * whom somebody speaks to. How speech gets there, which may be another process, is the carrier's.
 */
import type { LeaveReason, ServerMessage } from './protocol.ts';
import type { Guest, RoomSpeech, Seat } from './room-directory.ts';
import type { Room, RoomChange, SeatRecord } from './room.ts';

/** Brings speech to members of one room, in the order in which it is handed over. */
export interface Carrier {
  /** To the member who has this connection; lost if nobody has it any more. */
  toOne(connection: string, message: ServerMessage): void;
  /** To all members but the one who has this connection. */
  toOthers(connection: string, message: ServerMessage): void;
}

/** Asks for the change that a departure is. */
export type Depart = (member: string, connection: string, reason: LeaveReason) => void;

/** The members of one room who are connected here. */
export class Assembly {
  readonly room: Room;
  readonly #carrier: Carrier;
  readonly #depart: Depart;
  /** Connections that asked for a seat, and have none yet. */
  readonly #waiting = new Map<string, Guest>();
  readonly #seated = new Map<string, Guest>();

  constructor(room: Room, carrier: Carrier, depart: Depart) {
    this.room = room;
    this.#carrier = carrier;
    this.#depart = depart;
  }

  /** How many members are connected here. */
  get size(): number {
    return this.#seated.size;
  }

  /** Whether nobody is connected here and nobody waits for a seat. */
  get isDeserted(): boolean {
    return this.#seated.size + this.#waiting.size === 0;
  }

  /** A guest asks for a seat: {@link apply} gives it, or {@link turnAway} ends the waiting. */
  await(connection: string, guest: Guest): void {
    this.#waiting.set(connection, guest);
  }

  /** The guest gets no seat. */
  turnAway(connection: string): void {
    this.#waiting.delete(connection);
  }

  /** Commits a change and tells it to everybody here whom it concerns. */
  apply(change: RoomChange): void {
    const { event } = change;
    const ghost = this.room.seat(event.member);
    this.room.commit(change);
    if (event.kind === 'joined') return this.#joined(this.room.seat(event.member)!, ghost);
    if (ghost !== undefined) this.#unseat(ghost.connection);
    const { member, incarnation, reason } = event;
    this.announce({ type: 'left', member, incarnation, reason });
  }

  /** Takes what the member with this connection says. */
  say(member: string, connection: string, speech: RoomSpeech): void {
    const sender = this.room.seat(member);
    // Replaced or departed in the meantime: its end is under way.
    if (sender?.connection !== connection) return;
    const { incarnation: fromIncarnation } = sender.description;
    if (speech.type === 'broadcast') {
      const { payload } = speech;
      return this.#carrier.toOthers(connection, { type: 'broadcast', from: member, payload });
    }
    const receiver = this.room.seat(speech.to)?.connection;
    if (receiver === undefined) return this.deliver(connection, nobody(speech.to));
    const from = { from: member, fromIncarnation };
    const message: ServerMessage =
      speech.type === 'signal'
        ? { type: 'signal', ...from, payload: speech.payload }
        : { type: 'relay', ...from, data: speech.data };
    this.#carrier.toOne(receiver, message);
  }

  /** Tells one connection, if it has a seat here. */
  deliver(connection: string, message: ServerMessage): void {
    this.#seated.get(connection)?.told(message);
  }

  /** Tells all connections that have a seat here, but one. */
  announce(message: ServerMessage, exceptConnection?: string): void {
    for (const [connection, guest] of this.#seated) {
      if (connection !== exceptConnection) guest.told(message);
    }
  }

  /** Everybody here loses the room; nobody is told that others left. */
  evictAll(message: string): void {
    const guests = [...this.#waiting.values(), ...this.#seated.values()];
    this.#waiting.clear();
    this.#seated.clear();
    for (const guest of guests) guest.evicted(message);
  }

  #joined({ description, connection }: SeatRecord, ghost: SeatRecord | undefined): void {
    const { member } = description;
    const newcomer = this.#waiting.get(connection);
    this.#waiting.delete(connection);
    if (newcomer !== undefined) {
      const others = this.room.seats().filter((seat) => seat.description.member !== member);
      newcomer.seated(
        this.#seatOf(member, connection),
        description,
        others.map((seat) => seat.description),
      );
    }
    if (ghost !== undefined) {
      const guest = this.#seated.get(ghost.connection);
      this.#seated.delete(ghost.connection);
      guest?.superseded();
      const { incarnation } = ghost.description;
      // The same incarnation is the same tab on a new connection: it never left.
      if (incarnation !== description.incarnation) {
        this.announce({ type: 'left', member, incarnation, reason: 'superseded' });
      }
    }
    this.announce({ type: 'joined', member: description });
    // Only now: it is not told of its own coming.
    if (newcomer !== undefined) this.#seated.set(connection, newcomer);
  }

  /** Who left by itself listens no more; who was declared lost while it was here has to come back. */
  #unseat(connection: string): void {
    const guest = this.#seated.get(connection);
    this.#seated.delete(connection);
    guest?.evicted('The server had lost sight of this connection.');
  }

  #seatOf(member: string, connection: string): Seat {
    const { room } = this;
    return {
      get audience() {
        return Math.max(0, room.size - 1);
      },
      say: (speech) => this.say(member, connection, speech),
      leave: (reason) => this.#depart(member, connection, reason),
    };
  }
}

function nobody(member: string): ServerMessage {
  const message = `Nobody with member id ${member} is in this room; perhaps that tab was closed.`;
  return { type: 'error', code: 'unknown-member', message, member };
}
