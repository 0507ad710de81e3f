/**
 * One ordered class of a session, over whatever channel there is at the moment: its frames are numbered and kept until they are acknowledged.
 * A new channel continues where the one before broke off, without loss, doubles or disorder.
 *
 * An acknowledgement says that frames have been dealt with, not only that they arrived: at most {@link UNACKNOWLEDGED_BYTES_MAX} lie between
 * a sender and the algorithm that is to read them, so a slow reader slows its writers down. Pieces of a packet that is still coming count as
 * dealt with, for nobody can do more about them: a packet may be larger than the window.
 */

import type { Channel } from './channel.ts';
import {
  acknowledge,
  acknowledgementFrame,
  FRAME_KIND,
  framesOf,
  fullNumber,
  readOrderedFrame,
  Reassembler,
} from './frames.ts';
import {
  ACKNOWLEDGE_BYTES,
  ACKNOWLEDGE_DELAY_MS,
  FRAME_COST_BYTES,
  UNACKNOWLEDGED_BYTES_MAX,
} from './limits.ts';

/** What a stream calls. None of them may throw. */
export interface FrameStreamEvents {
  /** A packet arrived, in its order. It is acknowledged after {@link FrameStream.handled}. */
  packet(bytes: Uint8Array): void;
  /** The channel took the last frame of a packet that was sent with this credit. */
  sent(credit: number): void;
  /** What came is nothing that the other side would send: the channel is to be closed. */
  broken(reason: string): void;
}

interface SentFrame {
  readonly bytes: Uint8Array;
  /** What the sender gets back when it is under way: set on the last frame of a packet. */
  readonly credit: number | undefined;
}

/** How far a stream has come. */
interface Reached {
  readonly number: number;
  readonly bytes: number;
}

const START: Reached = { number: 0, bytes: 0 };

/** Both directions of one ordered class. */
export class FrameStream {
  readonly #events: FrameStreamEvents;
  #channel: Channel | undefined;
  // What goes out: frames that are not acknowledged, of which the channel has taken the first `#taken`.
  readonly #frames: SentFrame[] = [];
  #firstNumber = 0;
  #taken = 0;
  /** Highest number of frames that was ever given to a channel: more cannot be acknowledged. */
  #takenEver = 0;
  #takenBytes = 0;
  #isWaiting = false;
  // What comes in.
  #reassembler = new Reassembler();
  #received = 0;
  #receivedBytes = 0;
  /** Packets that are being dealt with: where each ends. */
  readonly #packetEnds: Reached[] = [];
  #handled: Reached = START;
  #acknowledged: Reached = START;
  #acknowledging: ReturnType<typeof setTimeout> | undefined;

  constructor(events: FrameStreamEvents) {
    this.#events = events;
  }

  /** How many frames have arrived: where the other side has to go on after the channel broke. */
  get received(): number {
    return this.#received;
  }

  /** True when everything that was sent has been dealt with at the other side. */
  get isFlushed(): boolean {
    return this.#frames.length === 0;
  }

  /** Number of the oldest frame that is not acknowledged: it stands still when the other side is dead. */
  get progress(): number {
    return this.#firstNumber;
  }

  /** Goes on over a new channel, on whose other side so many frames have arrived. False when that cannot be. */
  attach(channel: Channel, arrived: number): boolean {
    if (arrived < this.#firstNumber || arrived > this.#takenEver) return false;
    this.detach();
    this.#forgetUntil(arrived);
    this.#taken = 0;
    this.#takenBytes = 0;
    this.#channel = channel;
    this.#pump();
    return true;
  }

  /** The channel is gone. */
  detach(): void {
    this.#channel = undefined;
    clearTimeout(this.#acknowledging);
    this.#acknowledging = undefined;
  }

  /** Sends a packet; `credit` comes back through `sent` when it is under way. */
  send(packet: Uint8Array, credit: number): void {
    let last: Uint8Array | undefined;
    for (const frame of framesOf(packet, this.#firstNumber + this.#frames.length)) {
      if (last !== undefined) this.#frames.push({ bytes: last, credit: undefined });
      last = frame;
    }
    this.#frames.push({ bytes: last!, credit });
    this.#pump();
  }

  /** Takes a frame of the channel. */
  take(bytes: Uint8Array): void {
    const frame = readOrderedFrame(bytes);
    if (frame === undefined) return this.#events.broken('it sent something that is no frame');
    const acknowledged = fullNumber(frame.acknowledged, this.#firstNumber);
    if (acknowledged > this.#firstNumber + this.#taken) {
      return this.#events.broken('it acknowledged what was never sent');
    }
    // An older acknowledgement may come late, after a redial.
    if (acknowledged > this.#firstNumber) this.#forgetUntil(acknowledged);
    this.#pump();
    if (frame.kind === FRAME_KIND.acknowledgement) return;
    const number = fullNumber(frame.number, this.#received);
    // A frame that arrived before: the other side could not know.
    if (number < this.#received) return;
    if (number > this.#received) return this.#events.broken('frames are missing');
    this.#received++;
    this.#receivedBytes += bytes.length + FRAME_COST_BYTES;
    this.#reassemble(frame.content, frame.kind === FRAME_KIND.last);
  }

  /** The oldest packet that was not yet dealt with has been: it may be acknowledged. */
  handled(): void {
    const end = this.#packetEnds.shift();
    if (end !== undefined) this.#noteHandled(end);
  }

  #reassemble(content: Uint8Array, isLast: boolean): void {
    let packet: Uint8Array | undefined;
    try {
      packet = this.#reassembler.take(content, isLast);
    } catch (error) {
      this.#reassembler = new Reassembler();
      return this.#events.broken((error as Error).message);
    }
    const here = { number: this.#received, bytes: this.#receivedBytes };
    if (packet === undefined) {
      if (this.#packetEnds.length === 0) this.#noteHandled(here);
      return;
    }
    this.#packetEnds.push(here);
    this.#events.packet(packet);
  }

  #noteHandled(end: Reached): void {
    const isAll = this.#packetEnds.length === 0;
    this.#handled = isAll ? { number: this.#received, bytes: this.#receivedBytes } : end;
    if (this.#channel === undefined) return;
    const bytes = this.#handled.bytes - this.#acknowledged.bytes;
    if (bytes >= ACKNOWLEDGE_BYTES) this.#acknowledgeNow();
    else this.#acknowledging ??= setTimeout(() => this.#acknowledgeLate(), ACKNOWLEDGE_DELAY_MS);
  }

  /** Gives the channel what it takes. */
  #pump(): void {
    const channel = this.#channel;
    while (
      channel !== undefined &&
      channel === this.#channel &&
      this.#taken < this.#frames.length
    ) {
      if (this.#takenBytes >= UNACKNOWLEDGED_BYTES_MAX || this.#isWaiting) return;
      const frame = this.#frames[this.#taken]!;
      acknowledge(frame.bytes, this.#handled.number);
      const result = channel.send(frame.bytes);
      if (result === 'closed') return;
      if (result === 'full') return this.#waitFor(channel);
      this.#acknowledged = this.#handled;
      this.#taken++;
      this.#takenBytes += frame.bytes.length + FRAME_COST_BYTES;
      const number = this.#firstNumber + this.#taken;
      const isFirstTime = number > this.#takenEver;
      this.#takenEver = Math.max(this.#takenEver, number);
      if (frame.credit !== undefined && isFirstTime) this.#events.sent(frame.credit);
    }
  }

  #waitFor(channel: Channel): void {
    this.#isWaiting = true;
    void channel.drained().then(() => {
      this.#isWaiting = false;
      this.#pump();
    });
  }

  #forgetUntil(number: number): void {
    const count = number - this.#firstNumber;
    for (const { bytes } of this.#frames.splice(0, count)) {
      this.#takenBytes -= bytes.length + FRAME_COST_BYTES;
    }
    this.#firstNumber = number;
    this.#taken -= count;
  }

  /** The timer is not stopped when a frame carries what it was set for: that would cost more than to look. */
  #acknowledgeLate(): void {
    this.#acknowledging = undefined;
    if (this.#handled !== this.#acknowledged) this.#acknowledgeNow();
  }

  #acknowledgeNow(): void {
    const result = this.#channel?.send(acknowledgementFrame(this.#handled.number));
    if (result === 'sent') this.#acknowledged = this.#handled;
    // When the channel is full, frames or a later acknowledgement carry it.
    else if (result === 'full') {
      this.#acknowledging ??= setTimeout(() => this.#acknowledgeLate(), ACKNOWLEDGE_DELAY_MS);
    }
  }
}
