/**
 * Frames: what a channel carries. A kind in front says what one is; packets larger than a frame are cut, and put together again within
 * bounds.
 *
 * Ordered frames carry their number on the way and acknowledge those of the other direction. The numbers stand outside of every
 * signature: they belong to the link, and change when a packet is sent again.
 */

import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from './limits.ts';

/** What a frame is: its first byte. */
export const FRAME_KIND = {
  /** Who is there (see `handshake.ts`). */
  hello: 0,
  /** That it is so. */
  proof: 1,
  /** The last, or only, piece of a packet. */
  last: 2,
  /** A piece of a packet; more follows. */
  more: 3,
  /** Nothing but an acknowledgement. */
  acknowledgement: 4,
  /** A whole packet of the class `gossip`: neither numbered nor acknowledged. */
  gossip: 5,
  /** That the sender's page ends: neither numbered nor signed, for there is no time. It is believed of the other end of the link alone. */
  goodbye: 6,
} as const;

const NUMBER_OFFSET = 1;
const ACKNOWLEDGED_OFFSET = 5;

/** Bytes of an ordered frame before its content. */
export const FRAME_HEADER_BYTES = 9;

/** Bytes of a packet around a message: batch number, signature, envelope; paths and types are short. */
const PACKET_OVERHEAD_MAX = 4096;

/** Longest packet that is put together. */
export const PACKET_BYTES_MAX = MESSAGE_BYTES_MAX + PACKET_OVERHEAD_MAX;

/** Longest packet that travels as gossip: it must fit into one frame, because its frames may be lost one by one. */
export const GOSSIP_BYTES_MAX = FRAME_BYTES_MAX - 1;

/** An ordered frame, read. */
export interface OrderedFrame {
  readonly kind: number;
  /** The lower 32 bits of its number; {@link fullNumber} knows the others. */
  readonly number: number;
  /** The lower 32 bits of how many frames of the other direction have been dealt with. */
  readonly acknowledged: number;
  readonly content: Uint8Array;
}

/** Cuts a packet into ordered frames, with their numbers and without an acknowledgement. */
export function* framesOf(packet: Uint8Array, firstNumber: number): Iterable<Uint8Array> {
  const contentMax = FRAME_BYTES_MAX - FRAME_HEADER_BYTES;
  let number = firstNumber;
  for (let at = 0; at === 0 || at < packet.length; at += contentMax) {
    const content = packet.subarray(at, at + contentMax);
    const kind = at + contentMax < packet.length ? FRAME_KIND.more : FRAME_KIND.last;
    const frame = new Uint8Array(FRAME_HEADER_BYTES + content.length);
    frame[0] = kind;
    new DataView(frame.buffer).setUint32(NUMBER_OFFSET, number++);
    frame.set(content, FRAME_HEADER_BYTES);
    yield frame;
  }
}

/** A frame that says how many frames have been dealt with, and nothing else. */
export function acknowledgementFrame(acknowledged: number): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES);
  frame[0] = FRAME_KIND.acknowledgement;
  acknowledge(frame, acknowledged);
  return frame;
}

/** The last frame of a page that ends. */
export function goodbyeFrame(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(FRAME_KIND.goodbye);
}

/** Writes an acknowledgement into a frame that is about to be sent. */
export function acknowledge(frame: Uint8Array, acknowledged: number): void {
  new DataView(frame.buffer, frame.byteOffset).setUint32(ACKNOWLEDGED_OFFSET, acknowledged);
}

/** Reads an ordered frame; undefined when it is none. */
export function readOrderedFrame(frame: Uint8Array): OrderedFrame | undefined {
  if (frame.length < FRAME_HEADER_BYTES) return undefined;
  const kind = frame[0]!;
  if (kind < FRAME_KIND.last || kind > FRAME_KIND.acknowledgement) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset);
  return {
    kind,
    number: view.getUint32(NUMBER_OFFSET),
    acknowledged: view.getUint32(ACKNOWLEDGED_OFFSET),
    content: frame.subarray(FRAME_HEADER_BYTES),
  };
}

/** The number with these lower 32 bits that is nearest to `near`. Far fewer than 2³¹ frames are ever under way. */
export function fullNumber(lowerBits: number, near: number): number {
  return near + ((lowerBits - near) | 0);
}

/** Puts the packets of one class of a session together. */
export class Reassembler {
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /**
   * Takes the content of the next frame; returns the packet that it completes.
   * @throws {RangeError} when the frame cannot be one of ours, or the packet grows beyond PACKET_BYTES_MAX
   */
  take(content: Uint8Array, isLast: boolean): Uint8Array | undefined {
    // Only full ones are followed by others: small pieces cost more memory than they have bytes, and empty ones never end.
    if (!isLast && content.length !== FRAME_BYTES_MAX - FRAME_HEADER_BYTES) {
      throw new RangeError('a small frame that says more follows');
    }
    this.#bytes += content.length;
    if (this.#bytes > PACKET_BYTES_MAX) {
      throw new RangeError(`a packet of more than ${PACKET_BYTES_MAX} bytes`);
    }
    if (isLast && this.#parts.length === 0) {
      this.#bytes = 0;
      return content;
    }
    this.#parts.push(content);
    if (!isLast) return undefined;
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
