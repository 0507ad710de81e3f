import { encodeMessage, type ServerMessage } from '../src/net/signaling/protocol.ts';

/**
 * Writes messages as frames, and the same message only once: an announcement is one object that is
 * delivered to hundreds, and a large broadcast would otherwise be written hundreds of times.
 */
export class FrameEncoder {
  #message: ServerMessage | undefined;
  #frame = '';

  /** The frame of a message. */
  encode(message: ServerMessage): string {
    if (this.#message !== message) {
      this.#frame = encodeMessage(message);
      this.#message = message;
    }
    return this.#frame;
  }
}
