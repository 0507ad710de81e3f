/** One end of a channel under test: it sends numbered frames, and knows whether what it got is what the other end sent. */

import { FRAME_BYTES_MAX } from '../../src/net/limits.ts';
import type {
  Channel,
  ChannelEvents,
  ChannelState,
  ChannelStats,
  SendResult,
} from '../../src/net/channel.ts';

/** What a test asks of an end; an end in a worker answers over a port, so everything is a promise. */
export interface ChannelEnd {
  /** Fulfilled when the channel opened, or closed before. */
  opened(): Promise<void>;
  /** Sends numbered frames, waiting whenever the channel is full; ends early when the channel is closed. */
  sendFrames(order: FrameOrder): Promise<SendReport>;
  /** Fulfilled when so many frames have come since the beginning, or the channel is closed. */
  received(count: number): Promise<ReceiveReport>;
  /** What one attempt to send so many bytes is answered with. */
  trySend(bytes: number): Promise<SendResult>;
  /** Sends until the channel is full, and returns when it says that it is drained again, or closed. */
  fillAndDrain(): Promise<{ readonly filled: SendResult; readonly after: SendResult }>;
  close(reason: string): Promise<void>;
  /** Fulfilled when the channel has closed, with every reason that was given, and the frames that came later. */
  closed(): Promise<ClosingReport>;
  look(): Promise<EndView>;
}

/** Frames to be sent: `count` of them, numbered from `first`, of the given sizes in turn. */
export interface FrameOrder {
  readonly first: number;
  readonly count: number;
  readonly sizes: readonly number[];
}

export interface SendReport {
  readonly sent: number;
  readonly timesFull: number;
}

export interface ReceiveReport {
  /** Numbers of all frames so far, in the order of their arrival. */
  readonly numbers: readonly number[];
  /** Frames whose content is not what their number says. */
  readonly corrupt: number;
}

export interface ClosingReport {
  readonly reasons: readonly string[];
  readonly framesAfterwards: number;
}

export interface EndView {
  readonly state: ChannelState;
  readonly stats: ChannelStats;
  readonly timesOpened: number;
  /** Frames that came before it opened. */
  readonly framesBeforeOpening: number;
  /** The answer to a frame that was sent before the channel could be open. */
  readonly firstAnswer: SendResult;
}

/** Smallest frame: its number. */
export const NUMBER_BYTES = 4;

/** An end in this realm. */
export class LocalEnd implements ChannelEnd {
  readonly #channel: Channel;
  readonly #numbers: number[] = [];
  readonly #reasons: string[] = [];
  readonly #firstAnswer: SendResult;
  /** One buffer for every frame: what was taken must not change when it does. */
  readonly #scratch = new Uint8Array(FRAME_BYTES_MAX);
  #corrupt = 0;
  #timesOpened = 0;
  #framesBeforeOpening = 0;
  #framesAfterClosing = 0;
  #watchers: (() => void)[] = [];

  constructor(make: (events: ChannelEvents) => Channel) {
    this.#channel = make({
      open: () => {
        this.#timesOpened++;
        this.#happened();
      },
      frame: (frame) => this.#take(frame),
      closed: (reason) => {
        this.#reasons.push(reason);
        this.#happened();
      },
    });
    this.#firstAnswer = this.#channel.send(new Uint8Array(NUMBER_BYTES));
  }

  opened(): Promise<void> {
    return this.#until(() => this.#timesOpened > 0 || this.#reasons.length > 0);
  }

  async sendFrames({ first, count, sizes }: FrameOrder): Promise<SendReport> {
    let timesFull = 0;
    let sent = 0;
    while (sent < count) {
      const number = first + sent;
      const frame = this.#scratch.subarray(0, sizes[sent % sizes.length]);
      fill(frame, number);
      const result = this.#channel.send(frame);
      frame.fill(0xee);
      if (result === 'sent') sent++;
      else if (result === 'closed') break;
      else {
        timesFull++;
        await this.#channel.drained();
      }
    }
    return { sent, timesFull };
  }

  async received(count: number): Promise<ReceiveReport> {
    await this.#until(() => this.#numbers.length >= count || this.#reasons.length > 0);
    return { numbers: [...this.#numbers], corrupt: this.#corrupt };
  }

  async trySend(bytes: number): Promise<SendResult> {
    return this.#channel.send(new Uint8Array(bytes));
  }

  async fillAndDrain(): Promise<{ readonly filled: SendResult; readonly after: SendResult }> {
    const frame = new Uint8Array(FRAME_BYTES_MAX);
    let filled = this.#channel.send(frame);
    while (filled === 'sent') filled = this.#channel.send(frame);
    await this.#channel.drained();
    return { filled, after: this.#channel.send(new Uint8Array(NUMBER_BYTES)) };
  }

  async close(reason: string): Promise<void> {
    this.#channel.close(reason);
  }

  async closed(): Promise<ClosingReport> {
    await this.#until(() => this.#reasons.length > 0);
    return { reasons: [...this.#reasons], framesAfterwards: this.#framesAfterClosing };
  }

  async look(): Promise<EndView> {
    return {
      state: this.#channel.state,
      stats: this.#channel.stats(),
      timesOpened: this.#timesOpened,
      framesBeforeOpening: this.#framesBeforeOpening,
      firstAnswer: this.#firstAnswer,
    };
  }

  #take(frame: Uint8Array): void {
    if (this.#timesOpened === 0) this.#framesBeforeOpening++;
    if (this.#reasons.length > 0) this.#framesAfterClosing++;
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
    const expected = new Uint8Array(frame.length);
    fill(expected, number);
    if (!frame.every((byte, i) => byte === expected[i])) this.#corrupt++;
    this.#numbers.push(number);
    // It belongs to the receiver, who may write into it.
    frame.fill(0xdd);
    this.#happened();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  #happened(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resolve of watchers) resolve();
  }
}

/** A frame's content follows from its number. */
function fill(frame: Uint8Array, number: number): void {
  let byte = number % 251;
  for (let i = 0; i < frame.length; i++) {
    frame[i] = byte;
    byte = (byte * 7 + 13) & 0xff;
  }
  new DataView(frame.buffer, frame.byteOffset).setUint32(0, number);
}
