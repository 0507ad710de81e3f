/** Packets larger than a frame are cut, and put together again within bounds. A link keeps order, so one byte says whether more follows. */

import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from './limits.ts';

const LAST = 0;
const MORE = 1;

/** Bytes of a packet around a message: header, signature, envelope; paths and types are short. */
const PACKET_OVERHEAD_MAX = 4096;

/** Longest packet that is put together. */
export const PACKET_BYTES_MAX = MESSAGE_BYTES_MAX + PACKET_OVERHEAD_MAX;

/** Cuts a packet into frames. */
export function* framesOf(packet: Uint8Array): Iterable<Uint8Array> {
  const content = FRAME_BYTES_MAX - 1;
  for (let at = 0; at === 0 || at < packet.length; at += content) {
    const part = packet.subarray(at, at + content);
    const frame = new Uint8Array(part.length + 1);
    frame[0] = at + content < packet.length ? MORE : LAST;
    frame.set(part, 1);
    yield frame;
  }
}

/** Puts the packets of one link together. */
export class Reassembler {
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /**
   * Takes the next frame; returns the packet that it completes.
   * @throws {RangeError} when the frame is none, or the packet grows beyond PACKET_BYTES_MAX; the link is then beyond repair
   */
  take(frame: Uint8Array): Uint8Array | undefined {
    const flag = frame[0];
    if (flag !== LAST && flag !== MORE) throw new RangeError('a frame with an unknown flag');
    // Only full ones are followed by others: small pieces cost more memory than they have bytes, and empty ones never end.
    if (flag === MORE && frame.length !== FRAME_BYTES_MAX) {
      throw new RangeError('a small frame that says more follows');
    }
    const part = frame.subarray(1);
    this.#bytes += part.length;
    if (this.#bytes > PACKET_BYTES_MAX) {
      throw new RangeError(`a packet of more than ${PACKET_BYTES_MAX} bytes`);
    }
    if (flag === LAST && this.#parts.length === 0) {
      this.#bytes = 0;
      return part;
    }
    this.#parts.push(part);
    if (flag === MORE) return undefined;
    const packet = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#parts) {
      packet.set(piece, at);
      at += piece.length;
    }
    this.#parts = [];
    this.#bytes = 0;
    return packet;
  }
}
