/** One link: three channels to another node, and the proof of who is at the other end. No frame of an application passes before the proof. */

import { LINK_CLASSES, type LinkClass } from '../../core/message.ts';
import { eachClass, type Channels } from '../../net/channel.ts';
import { FRAME_KIND } from '../../net/frames.ts';
import { Handshake, type Arrived, type HandshakeOptions } from '../../net/handshake.ts';
import { FRAME_COST_BYTES, UNACKNOWLEDGED_BYTES_MAX } from '../../net/limits.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { MakeChannel } from './session.ts';

/** What a link calls. None of them may throw. */
export interface ProvenLinkEvents {
  /** Both sides have proven who they are. */
  proven(channels: Channels, arrived: Arrived): void;
  /** A frame, after the proof. */
  frame(linkClass: LinkClass, frame: Uint8Array): void;
  /** It is gone, once; `refused` when the other side is not who it should be. */
  closed(reason: string, refused: boolean): void;
}

/** What an honest peer can send before its proof was checked here: a window of each class. */
const EARLY_BYTES_MAX = LINK_CLASSES.length * UNACKNOWLEDGED_BYTES_MAX;

/** Three channels that live and die together. */
export class ProvenLink {
  readonly channels: Channels;
  readonly #events: ProvenLinkEvents;
  #handshake: Handshake | undefined;
  #certificates: Certificates | undefined;
  /** What came on the other channels before the proof was checked: the other side may be a step ahead. */
  #early: { readonly linkClass: LinkClass; readonly frame: Uint8Array }[] = [];
  #earlyBytes = 0;
  #isControlOpen = false;
  #isProven = false;
  #isClosed = false;

  constructor(make: MakeChannel, events: ProvenLinkEvents) {
    this.#events = events;
    this.channels = eachClass((linkClass) =>
      make(linkClass, {
        open: () => this.#opened(linkClass),
        frame: (frame) => this.#took(linkClass, frame),
        closed: (reason) => this.close(reason),
      }),
    );
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  /** Begins to prove. */
  begin(options: Omit<HandshakeOptions, 'nonce'>): void {
    if (this.#isClosed) return;
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    this.#handshake = new Handshake(
      { ...options, nonce },
      {
        send: (frame) => void this.channels.control.send(frame),
        proven: (arrived) => this.#proven(arrived),
        failed: (reason, isFinal) => this.close(reason, isFinal),
      },
    );
    if (this.#certificates !== undefined) this.#handshake.secured(this.#certificates);
    if (this.#isControlOpen) this.#handshake.begin();
  }

  /** The connection is encrypted, with these certificates. */
  secured(certificates: Certificates): void {
    this.#certificates = certificates;
    this.#handshake?.secured(certificates);
  }

  /** Closes all channels. */
  close(reason: string, refused = false): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#early = [];
    this.#handshake?.abandon();
    for (const linkClass of LINK_CLASSES) this.channels[linkClass].close(reason);
    this.#events.closed(reason, refused);
  }

  #opened(linkClass: LinkClass): void {
    if (linkClass !== 'control') return;
    this.#isControlOpen = true;
    this.#handshake?.begin();
  }

  #took(linkClass: LinkClass, frame: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#isProven) return this.#events.frame(linkClass, frame);
    const isOfProof = frame[0] === FRAME_KIND.hello || frame[0] === FRAME_KIND.proof;
    if (linkClass === 'control' && isOfProof) return this.#handshake?.take(frame);
    this.#earlyBytes += frame.length + FRAME_COST_BYTES;
    if (this.#earlyBytes > EARLY_BYTES_MAX) this.close('it sends before it has proven who it is');
    else this.#early.push({ linkClass, frame });
  }

  #proven(arrived: Arrived): void {
    this.#isProven = true;
    this.#events.proven(this.channels, arrived);
    const early = this.#early;
    this.#early = [];
    for (const { linkClass, frame } of early) {
      if (!this.#isClosed) this.#events.frame(linkClass, frame);
    }
  }
}
