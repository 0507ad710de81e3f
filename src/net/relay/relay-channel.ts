/** One class of a relayed link. */

import type { ChannelEvents, SendResult } from '../channel.ts';
import { FRAME_BYTES_MAX, FRAME_COST_BYTES, SEND_WINDOW_BYTES } from '../limits.ts';
import { WindowedChannel } from '../windowed-channel.ts';

/** What a channel of a relayed link calls. */
export interface RelayChannelEvents extends Omit<ChannelEvents, 'frame'> {
  /** A frame arrived. It is acknowledged at once, or when the promise is fulfilled: whoever hands it on keeps the sender waiting. */
  frame(bytes: Uint8Array): void | Promise<void>;
}

/** What a channel needs of its link. */
export interface RelayCarrier {
  /** False while packets wait for the one who relays: nothing can be taken then. */
  readonly hasRoom: boolean;
  /** Sends a frame. */
  frame(bytes: Uint8Array): SendResult;
  /** Something is to be acknowledged: {@link RelayChannel.takeAcknowledgement} says how much. */
  acknowledge(): void;
  /** Tells the other side that this class is closed. */
  close(reason: string): void;
  /** This class is closed, whoever closed it. */
  ended(reason: string): void;
}

/**
 * Frames under way to the other end are counted until it acknowledges them, in bytes that include what a frame costs beside its content.
 * Counts only grow, so a count says everything that one before it said.
 */
export class RelayChannel extends WindowedChannel<RelayChannelEvents> {
  readonly #carrier: RelayCarrier;
  readonly #window: number;
  #sent = 0;
  #acknowledgedByOther = 0;
  #received = 0;
  #handled = 0;
  #acknowledged = 0;

  constructor(windowBytes: number, carrier: RelayCarrier, events: RelayChannelEvents) {
    super(events);
    this.#window = windowBytes;
    this.#carrier = carrier;
  }

  protected get queuedBytes(): number {
    if (!this.#carrier.hasRoom) return Infinity;
    // A smaller window is one of which a part is always taken.
    return this.#sent - this.#acknowledgedByOther + (SEND_WINDOW_BYTES - this.#window);
  }

  protected transmit(frame: Uint8Array): SendResult {
    const result = this.#carrier.frame(frame);
    if (result === 'sent') this.#sent += costOf(frame);
    return result;
  }

  protected hangUp(reason: string): void {
    this.#carrier.close(reason);
  }

  protected override ended(reason: string): void {
    if (this.state === 'closed') return;
    super.ended(reason);
    this.#carrier.ended(reason);
  }

  /** The link is encrypted: frames can be sent. */
  begin(): void {
    this.opened();
  }

  /** Takes a frame of the other end. */
  take(frame: Uint8Array): void {
    const cost = costOf(frame);
    if (!this.accepts(frame.length)) return;
    this.#received += cost;
    // Whoever keeps to the window has at most one frame beyond it under way.
    const underWayMax = this.#window + FRAME_BYTES_MAX + FRAME_COST_BYTES;
    if (this.#received - this.#acknowledged > underWayMax) {
      return this.close('it sent more than there was room for');
    }
    const taken = this.events.frame(frame);
    if (taken === undefined) this.#hasHandled(cost);
    else void taken.then(() => this.#hasHandled(cost));
  }

  /** Takes a count of the other end; false when so much was never sent. */
  takeCount(count: number): boolean {
    if (count > this.#sent) return false;
    this.#acknowledgedByOther = Math.max(this.#acknowledgedByOther, count);
    if (this.#sent - this.#acknowledgedByOther <= this.#window) this.wake();
    return true;
  }

  /** The count that the other end is to be told; undefined when it would hardly be news. */
  takeAcknowledgement(): number | undefined {
    if (this.state === 'closed' || this.#handled - this.#acknowledged < this.#window / 2) {
      return undefined;
    }
    this.#acknowledged = this.#handled;
    return this.#handled;
  }

  /** The carrier has room again. */
  carrierDrained(): void {
    this.wake();
  }

  /** The other end closed this class, or the link is gone. */
  carrierEnded(reason: string): void {
    this.ended(reason);
  }

  #hasHandled(cost: number): void {
    this.#handled += cost;
    if (this.#handled - this.#acknowledged >= this.#window / 2) this.#carrier.acknowledge();
  }
}

function costOf(frame: Uint8Array): number {
  return frame.length + FRAME_COST_BYTES;
}
