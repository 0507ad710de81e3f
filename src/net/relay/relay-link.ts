/**
 * A link through the one who relays: three channels to one other node, end-to-end encrypted, over a pipe of packets.
 *
 * Both sides send their `key` as soon as they begin; the link is open where the other's key has arrived. The pipe keeps order and may lose
 * packets: a gap, like anything else that does not open as the next packet, closes the link with a reason that names it, and the session
 * above resumes over another one. Nothing that is not genuine is ever handed on.
 */

import { LINK_CLASSES, type LinkClass } from '../../core/message.ts';
import { toBase64 } from '../base64.ts';
import { eachClass, type Channels, type SendResult } from '../channel.ts';
import { SEND_WINDOW_BYTES } from '../limits.ts';
import type { Certificates } from '../rtc/transport.ts';
import { ATTEMPT_LENGTH_MAX, GOSSIP_WINDOW_BYTES, REASON_BYTES_MAX } from './limits.ts';
import { RelayChannel, type RelayChannelEvents } from './relay-channel.ts';
import {
  PUBLIC_KEY_BYTES,
  RelayCipherError,
  RelayKeyPair,
  SEAL_BYTES,
  type RelayCipher,
} from './relay-cipher.ts';
import { PACKET_KIND, packetOf, type PacketKind, type RelayPacket } from './relay-packet.ts';
import { RELAY_PACKET_BYTES_MAX, type RelayPipe } from './relay-pipe.ts';

/** What a link calls. None of them may throw. */
export interface RelayLinkEvents {
  readonly channels: Channels<RelayChannelEvents>;
  /** The link is encrypted: what the identity proof is to be bound to. Once, before any channel opens. */
  secured(certificates: Certificates): void;
  /** All three channels are closed, once. */
  closed(reason: string): void;
}

/** Contents of sealed packets: the class is added to each. */
const CONTENT = { frame: 0x00, count: 0x10, close: 0x20 } as const;

/** In the place of a class: all of them. */
const EVERY_CLASS = 0x0f;

const COUNT_BYTES = 8;

/** Bytes of a frame that fit into one packet, with everything around them. */
const CONTENT_BYTES_MAX = RELAY_PACKET_BYTES_MAX - 2 - ATTEMPT_LENGTH_MAX - SEAL_BYTES - 1;

/** One link. */
export class RelayLink {
  readonly channels: Channels<RelayChannel>;
  readonly #pipe: RelayPipe;
  readonly #to: string;
  readonly #attempt: string;
  readonly #events: RelayLinkEvents;
  readonly #keys = new RelayKeyPair();
  readonly #open = new Set<LinkClass>(LINK_CLASSES);
  #cipher: RelayCipher | undefined;
  #otherKey: string | undefined;
  #hasSentKey = false;
  #hasHeardSealed = false;
  /** Packets that the pipe did not take, in order; those of frames stop the channels, so they are few. */
  readonly #waiting: string[] = [];
  #isWaiting = false;

  constructor(pipe: RelayPipe, to: string, attempt: string, events: RelayLinkEvents) {
    this.#pipe = pipe;
    this.#to = to;
    this.#attempt = attempt;
    this.#events = events;
    this.channels = eachClass((linkClass) => this.#newChannel(linkClass));
  }

  /** Sends the key, unless it was sent as the answer to the other's. */
  begin(): void {
    if (this.#open.size > 0 && !this.#hasSentKey) this.#sendKey();
  }

  /** Closes all channels at both ends. */
  close(reason: string): void {
    if (this.#open.size === 0) return;
    this.#sayClosed(EVERY_CLASS, reason);
    this.#endAll(reason);
  }

  /** The pipe is gone, and nobody can be told. */
  lost(reason: string): void {
    this.#endAll(reason);
  }

  /** Takes a packet of the other side. */
  take({ kind, body }: RelayPacket): void {
    if (this.#open.size === 0) return;
    try {
      if (kind === PACKET_KIND.key) this.#takeKey(body);
      else if (kind === PACKET_KIND.bye) this.#takeBye(body);
      else this.#takeSealed(body);
    } catch (error) {
      if (!(error instanceof RelayCipherError)) throw error;
      this.close(`the relay link is broken: ${error.message}`);
    }
  }

  #newChannel(linkClass: LinkClass): RelayChannel {
    const hasRoom = () => this.#waiting.length === 0;
    const window = linkClass === 'gossip' ? GOSSIP_WINDOW_BYTES : SEND_WINDOW_BYTES;
    const number = LINK_CLASSES.indexOf(linkClass);
    const carrier = {
      get hasRoom() {
        return hasRoom();
      },
      frame: (bytes: Uint8Array) => this.#sendFrame(number, bytes),
      acknowledge: () => this.#acknowledge(linkClass),
      close: (reason: string) => this.#sayClosed(number, reason),
      ended: (reason: string) => this.#classEnded(linkClass, reason),
    };
    return new RelayChannel(window, carrier, this.#events.channels[linkClass]);
  }

  // Keys.

  #sendKey(): void {
    this.#hasSentKey = true;
    const hasTheirs = this.#cipher === undefined ? 0 : 1;
    this.#send(PACKET_KIND.key, Uint8Array.of(hasTheirs), this.#keys.publicKey);
  }

  #takeKey(body: Uint8Array): void {
    if (body.length !== 1 + PUBLIC_KEY_BYTES) throw new RelayCipherError('what it sent is no key');
    const key = body.slice(1);
    const text = toBase64(key);
    if (this.#otherKey !== undefined && this.#otherKey !== text) {
      throw new RelayCipherError('its key changed');
    }
    if (this.#cipher !== undefined) return;
    this.#otherKey = text;
    this.#cipher = this.#keys.agree(this.#attempt, key);
    // Perhaps it began later than we did, and our key went nowhere: it must have it before our frames.
    if (body[0] === 0 || !this.#hasSentKey) this.#sendKey();
    this.#events.secured(this.#cipher.certificates);
    for (const linkClass of LINK_CLASSES) this.channels[linkClass].begin();
  }

  // Out.

  #sendFrame(number: number, frame: Uint8Array): SendResult {
    if (frame.length > CONTENT_BYTES_MAX) {
      this.close(`a frame of ${frame.length} bytes is too large to be relayed`);
      return 'closed';
    }
    return this.#sendSealed(CONTENT.frame | number, frame);
  }

  #acknowledge(linkClass: LinkClass): void {
    // While the pipe is full it can wait: it says more when it is sent later.
    if (this.#waiting.length > 0) return;
    const count = this.channels[linkClass].takeAcknowledgement();
    if (count === undefined) return;
    const content = new Uint8Array(COUNT_BYTES);
    new DataView(content.buffer).setBigUint64(0, BigInt(count));
    this.#sendSealed(CONTENT.count | LINK_CLASSES.indexOf(linkClass), content);
  }

  #sayClosed(number: number, reason: string): void {
    const text = new TextEncoder().encode(reason).subarray(0, REASON_BYTES_MAX);
    if (this.#cipher !== undefined) return void this.#sendSealed(CONTENT.close | number, text);
    // Before the link is open it ends as a whole: there is nobody yet who could seal less.
    this.#send(PACKET_KIND.bye, text);
    this.#endAll(reason);
  }

  #sendSealed(type: number, content: Uint8Array): SendResult {
    if (this.#cipher === undefined || this.#open.size === 0) return 'closed';
    const plain = new Uint8Array(1 + content.length);
    plain[0] = type;
    plain.set(content, 1);
    return this.#send(PACKET_KIND.sealed, this.#cipher.seal(plain));
  }

  /** What is sealed has its number, so it goes out sooner or later, or nothing does. */
  #send(kind: PacketKind, ...body: readonly Uint8Array[]): SendResult {
    this.#waiting.push(toBase64(packetOf(kind, this.#attempt, ...body)));
    if (!this.#isWaiting) this.#flush();
    return this.#open.size === 0 ? 'closed' : 'sent';
  }

  #flush(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const outcome = this.#pipe.send(this.#to, next);
      if (outcome === 'full') return void this.#flushLater();
      if (outcome === 'closed') return this.#endAll('signaling is closed, and with it the relay');
      this.#waiting.shift();
    }
  }

  async #flushLater(): Promise<void> {
    this.#isWaiting = true;
    await this.#pipe.drained();
    this.#isWaiting = false;
    this.#flush();
    if (this.#waiting.length > 0) return;
    for (const linkClass of LINK_CLASSES) this.#acknowledge(linkClass);
    // In this order: whoever sends control frames goes first.
    for (const linkClass of LINK_CLASSES) this.channels[linkClass].carrierDrained();
  }

  // In.

  #takeSealed(body: Uint8Array): void {
    if (this.#cipher === undefined) throw new RelayCipherError('its key was lost on the way');
    const plain = this.#cipher.open(body);
    this.#hasHeardSealed = true;
    const content = plain.subarray(1);
    const type = (plain[0] ?? 0xff) & 0xf0;
    const number = (plain[0] ?? 0xff) & 0x0f;
    const linkClass = LINK_CLASSES[number];
    if (type === CONTENT.close && number === EVERY_CLASS) return this.#endAll(reasonIn(content));
    if (linkClass === undefined) throw new RelayCipherError('it speaks another version of Parley');
    const channel = this.channels[linkClass];
    if (type === CONTENT.frame) channel.take(content);
    else if (type === CONTENT.close) channel.carrierEnded(reasonIn(content));
    else if (type !== CONTENT.count || content.length !== COUNT_BYTES) {
      throw new RelayCipherError('it speaks another version of Parley');
    } else this.#takeCount(channel, content);
  }

  #takeCount(channel: RelayChannel, content: Uint8Array): void {
    const count = Number(new DataView(content.buffer, content.byteOffset).getBigUint64(0));
    if (!channel.takeCount(count)) {
      throw new RelayCipherError('it acknowledged what was never sent');
    }
  }

  /** Anybody on the way may have said so; but whoever relays can end a link anyway. Its words are believed only while there are no others. */
  #takeBye(body: Uint8Array): void {
    const unknown = 'the other side does not know this link any more, or it was cut on the way';
    this.#endAll(this.#hasHeardSealed ? unknown : reasonIn(body));
  }

  // The end.

  #endAll(reason: string): void {
    for (const linkClass of [...this.#open]) this.channels[linkClass].carrierEnded(reason);
  }

  #classEnded(linkClass: LinkClass, reason: string): void {
    if (!this.#open.delete(linkClass) || this.#open.size > 0) return;
    this.#events.closed(reason);
  }
}

/** Another's reason is shown to people: one line of text, and never nothing. */
function reasonIn(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, REASON_BYTES_MAX));
  return text.replaceAll(/\p{Cc}/gu, ' ').trim() || 'the other side closed the link';
}
