/**
 * A lane: one ordered class of a session. Outgoing batches are signed side by side and sent in order; incoming ones are verified side by
 * side and handed on in order.
 */

import type { BatchOpener, OpenedBatch } from '../../net/batch.ts';
import type { Channel } from '../../net/channel.ts';
import { FrameStream } from '../../net/frame-stream.ts';
import { QUEUE_BYTES } from '../../net/limits.ts';
import type { SealedBatch } from './outbox.ts';

/** What a lane needs of its session. None of them may throw. */
export interface LaneHost {
  /** What opens the other node's batches; undefined before it was met. */
  readonly opener: BatchOpener | undefined;
  /** A genuine batch in its order; the next waits until the promise is fulfilled. */
  opened(batch: OpenedBatch): void | Promise<void>;
  /** Something that is no genuine batch. */
  refused(reason: 'signature' | 'malformed', detail: string): void;
  /** The channel carried something impossible: it is to be closed. */
  broken(reason: string): void;
}

/** One ordered class, both ways. */
export class Lane {
  readonly #host: LaneHost;
  readonly #linkClass: 'control' | 'data';
  readonly #outgoing: SealedBatch[] = [];
  readonly #incoming: OpenedBatch[] = [];
  #stream: FrameStream;
  #queuedBytes = 0;
  #roomWanted: (() => void)[] = [];
  #isSending = false;
  #isReceiving = false;

  constructor(linkClass: 'control' | 'data', host: LaneHost) {
    this.#linkClass = linkClass;
    this.#host = host;
    this.#stream = this.#newStream();
  }

  /** How many frames have arrived. */
  get arrived(): number {
    return this.#stream.received;
  }

  /** True when the other side has dealt with everything that was sent. */
  get isFlushed(): boolean {
    return this.#outgoing.length === 0 && this.#stream.isFlushed;
  }

  /** A number that grows with every acknowledgement. */
  get progress(): number {
    return this.#stream.progress;
  }

  /** Notes bytes that will be sent; returns a promise when they fill the queue, fulfilled when there is room again. */
  reserve(bytes: number): Promise<void> | undefined {
    this.#queuedBytes += bytes;
    if (this.#queuedBytes <= QUEUE_BYTES) return undefined;
    return new Promise((resolve) => this.#roomWanted.push(resolve));
  }

  /** Sends a batch whose bytes were {@link reserve}d. */
  send(batch: SealedBatch): void {
    this.#outgoing.push(batch);
    if (!this.#isSending) this.#sendReady();
  }

  /** Goes on over a proven channel, on whose other side so many frames have arrived. False when that cannot be. */
  attach(channel: Channel, arrived: number): boolean {
    return this.#stream.attach(channel, arrived);
  }

  /** The channel is gone. */
  detach(): void {
    this.#stream.detach();
  }

  /** Takes a frame of the channel. */
  take(frame: Uint8Array): void {
    this.#stream.take(frame);
  }

  /** Begins anew: another incarnation is at the other side, or none. */
  reset(): void {
    this.#stream.detach();
    this.#stream = this.#newStream();
    this.#outgoing.length = 0;
    this.#incoming.length = 0;
    this.#queuedBytes = 0;
    this.#makeRoom();
  }

  #newStream(): FrameStream {
    const stream = new FrameStream({
      packet: (packet) => this.#arrived(packet),
      sent: (bytes) => {
        if (stream === this.#stream) this.#sent(bytes);
      },
      broken: (reason) => this.#host.broken(reason),
    });
    return stream;
  }

  /** Sends without a detour what is signed already, and waits for what is not. */
  #sendReady(): void {
    for (let next = this.#outgoing[0]; next !== undefined; next = this.#outgoing[0]) {
      const { packet, bytes } = next;
      if (!(packet instanceof Uint8Array)) {
        void this.#sendWhenSigned(next, packet);
        return;
      }
      this.#outgoing.shift();
      this.#stream.send(packet, bytes);
    }
  }

  async #sendWhenSigned(batch: SealedBatch, packet: Promise<Uint8Array>): Promise<void> {
    this.#isSending = true;
    const signed = await packet;
    this.#isSending = false;
    // The queue was emptied meanwhile if the other node left or came anew.
    if (this.#outgoing[0] === batch) {
      this.#outgoing.shift();
      this.#stream.send(signed, batch.bytes);
    }
    this.#sendReady();
  }

  #sent(bytes: number): void {
    this.#queuedBytes -= bytes;
    if (this.#queuedBytes <= QUEUE_BYTES / 2) this.#makeRoom();
  }

  #makeRoom(): void {
    const wanted = this.#roomWanted;
    this.#roomWanted = [];
    for (const resolve of wanted) resolve();
  }

  #arrived(packet: Uint8Array): void {
    const opened = this.#host.opener?.open(this.#linkClass, packet);
    if (opened === undefined) {
      this.#host.refused('malformed', 'it is no batch');
      this.#stream.handled();
      return;
    }
    this.#incoming.push(opened);
    if (!this.#isReceiving) void this.#receiveAll(this.#stream);
  }

  async #receiveAll(stream: FrameStream): Promise<void> {
    this.#isReceiving = true;
    for (let next = this.#incoming.shift(); next !== undefined; next = this.#incoming.shift()) {
      const opener = this.#host.opener!;
      const { isGenuine } = next;
      const valid = typeof isGenuine === 'boolean' ? isGenuine : await isGenuine;
      if (stream !== this.#stream) break;
      if (!valid) this.#host.refused('signature', 'the signature of its batch is wrong');
      else if (!opener.admit(next)) this.#host.refused('signature', 'it is a replay');
      else {
        const handled = this.#host.opened(next);
        if (handled !== undefined) await handled;
      }
      stream.handled();
    }
    this.#isReceiving = false;
    // A newer stream may have brought batches while this one's last was waited for.
    if (stream !== this.#stream && this.#incoming.length > 0) void this.#receiveAll(this.#stream);
  }
}
