/** What is wrong with an address of a room that somebody typed or pasted; the message says what to do. */
export class RoomAddressError extends Error {
  override readonly name = 'RoomAddressError';
}
