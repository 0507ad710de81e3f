/** Why a room could not be entered. */
export type RoomEntryProblem =
  /** What was typed is no address of a room. */
  | 'bad-address'
  /** No server answers, and no tab of this browser is in the room either. */
  | 'no-server'
  | 'unknown-room'
  | 'room-full'
  /** The room is closed by a passphrase: ask for it, and try again with it. */
  | 'passphrase-needed'
  | 'wrong-passphrase'
  | 'wrong-key'
  /** Too many tries with wrong keys or codes: wait. */
  | 'rate-limited'
  /** This member's place is bound to another key. */
  | 'key-bound'
  | 'kicked'
  /** Page and server, or page and room, speak different versions. */
  | 'other-version'
  | 'aborted'
  | 'failed';

/** A room could not be entered; the message says why and what to do. */
export class RoomEntryError extends Error {
  override readonly name = 'RoomEntryError';
  readonly code: RoomEntryProblem;

  constructor(code: RoomEntryProblem, message: string) {
    super(message);
    this.code = code;
  }
}
