/** No place in the room could be had; the message says what to do. */
export class RoomError extends Error {
  override readonly name = 'RoomError';
}
