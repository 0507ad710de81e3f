/**
 * Where rooms live. The {@link Switchboard} asks a directory for a seat and speaks through it, and
 * does not know whether the room is in this process ({@link LocalRooms}) or shared by several (the
 * server's Redis directory): both decide by {@link Room} and announce by {@link Assembly}.
 */
import type {
  ClientMessage,
  ErrorCode,
  JoinMessage,
  LeaveReason,
  MemberDescription,
  ServerMessage,
} from './protocol.ts';
import type { RoomLimits } from './room.ts';

/** The bounds of all rooms together, and of each. */
export interface RoomsLimits extends RoomLimits {
  /** A room costs memory as soon as anybody names it. */
  readonly rooms: number;
  /** How long an empty room is remembered: long enough for a class to reload all at once. */
  readonly emptyRoomGraceMs: number;
}

/** Bounds for one process: a lecture hall in one room, a university's courses at the same time. */
export const ROOMS_LIMITS: RoomsLimits = {
  rooms: 1_000,
  membersPerRoom: 256,
  rememberedPerRoom: 1_024,
  emptyRoomGraceMs: 60_000,
};

/** The rooms that a switchboard leads to. */
export interface RoomDirectory {
  /** Whether anybody could get a seat now. */
  readonly isReachable: boolean;
  /** Rooms that are known here, those that are empty and not yet forgotten included. */
  readonly roomCount: number;
  /** Members who are present in them and connected here. */
  readonly memberCount: number;
  /**
   * Seats a member, who has proven the key it shows. The answer is one of the guest's `seated`,
   * `refused` and `evicted`, perhaps before this returns.
   */
  join(request: JoinMessage, guest: Guest): void;
  /** Forgets the rooms that have been empty for longer than the grace. */
  forgetEmptyRooms(): void;
  /** Ends it without a word to anybody: the members are about to come back, here or elsewhere. */
  close(): void | Promise<void>;
}

/** What members say to each other. */
export type RoomSpeech = Extract<
  ClientMessage,
  { readonly type: 'signal' | 'broadcast' | 'relay' }
>;

/** One connection's place in a room. After its end all of it does nothing. */
export interface Seat {
  /** How many others a broadcast would reach now. */
  readonly audience: number;
  say(speech: RoomSpeech): void;
  /** The others hear it at once. */
  leave(reason: LeaveReason): void;
}

/** A connection as a directory sees it. None of this may throw, or give up a seat before it returns. */
export interface Guest {
  /** It has its seat, among these others; what is told from now on happened afterwards. */
  seated(seat: Seat, you: MemberDescription, others: readonly MemberDescription[]): void;
  /** It does not get a seat. */
  refused(code: ErrorCode, message: string): void;
  /** Something was said or happened in the room. */
  told(message: ServerMessage): void;
  /** The same tab continues over another connection; this one has no seat any more. */
  superseded(): void;
  /** The rooms are out of reach: it has no seat (any more), and should ask for one again later. */
  evicted(message: string): void;
}
