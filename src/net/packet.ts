/**
 * Packets: one message from one node to another, signed by its sender.
 *
 * The signature covers run, sender, receiver, both incarnations, the packet's number on this way, and the body, under a domain tag: a packet
 * cannot be moved to another run, link or time. Numbers must grow, so a replayed packet is refused.
 */

import { encodeCanonical } from '../core/canonical.ts';
import type { NodeId } from '../core/id.ts';
import type { Signer } from '../core/ports.ts';

/** One direction between two incarnations of two nodes in one run. */
export interface Way {
  readonly runId: string;
  readonly from: NodeId;
  readonly fromIncarnation: number;
  readonly to: NodeId;
  readonly toIncarnation: number;
}

const VERSION = 1;
const NUMBER_OFFSET = 1;
const SIGNATURE_OFFSET = 5;
const SIGNATURE_LENGTH = 64;
const BODY_OFFSET = SIGNATURE_OFFSET + SIGNATURE_LENGTH;

/** Seals the packets of one way. */
export class PacketSealer {
  readonly #signer: Signer;
  readonly #prefix: Uint8Array;
  #number = 0;

  constructor(way: Way, signer: Signer) {
    this.#signer = signer;
    this.#prefix = wayPrefix(way);
  }

  /**
   * The next packet. Its number is taken now, even if the body comes later; packets must be sent in the order in which they
   * were sealed.
   */
  seal(body: Uint8Array | Promise<Uint8Array>): Uint8Array | Promise<Uint8Array> {
    const number = ++this.#number;
    return body instanceof Uint8Array
      ? this.#sign(number, body)
      : body.then((bytes) => this.#sign(number, bytes));
  }

  #sign(number: number, body: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const signature = this.#signer.sign(signedContent(this.#prefix, number, body));
    if (signature instanceof Uint8Array) return assemble(number, signature, body);
    return signature.then((bytes) => assemble(number, bytes, body));
  }
}

/** Opens the packets of one way. */
export class PacketOpener {
  readonly #signer: Signer;
  readonly #from: NodeId;
  readonly #prefix: Uint8Array;
  #number = 0;

  constructor(way: Way, signer: Signer) {
    this.#signer = signer;
    this.#from = way.from;
    this.#prefix = wayPrefix(way);
  }

  /**
   * Reads a packet and begins to check its signature; undefined when it is malformed. Packets may be checked side by side, but
   * have to be admitted in the order in which they arrived.
   */
  open(packet: Uint8Array): OpenedPacket | undefined {
    if (packet.length < BODY_OFFSET || packet[0] !== VERSION) return undefined;
    const number = new DataView(packet.buffer, packet.byteOffset).getUint32(NUMBER_OFFSET);
    const body = packet.subarray(BODY_OFFSET);
    const signature = packet.slice(SIGNATURE_OFFSET, BODY_OFFSET);
    const content = signedContent(this.#prefix, number, body);
    return { number, body, isGenuine: this.#signer.verify(this.#from, content, signature) };
  }

  /** True once for each packet: a number that was used is a replay. Only genuine packets count, so a forged one blocks none. */
  admit({ number }: OpenedPacket): boolean {
    if (number <= this.#number) return false;
    this.#number = number;
    return true;
  }
}

/** A packet whose signature is being checked. */
export interface OpenedPacket {
  readonly number: number;
  readonly body: Uint8Array;
  /** Whether it was signed by the other side for this way. */
  readonly isGenuine: boolean | Promise<boolean>;
}

function assemble(number: number, signature: Uint8Array, body: Uint8Array): Uint8Array {
  const packet = new Uint8Array(BODY_OFFSET + body.length);
  packet[0] = VERSION;
  new DataView(packet.buffer).setUint32(NUMBER_OFFSET, number);
  packet.set(signature, SIGNATURE_OFFSET);
  packet.set(body, BODY_OFFSET);
  return packet;
}

function wayPrefix({ runId, from, fromIncarnation, to, toIncarnation }: Way): Uint8Array {
  return encodeCanonical(['parley.packet.v1', runId, from, fromIncarnation, to, toIncarnation]);
}

function signedContent(prefix: Uint8Array, number: number, body: Uint8Array): Uint8Array {
  const content = new Uint8Array(prefix.length + 4 + body.length);
  content.set(prefix);
  new DataView(content.buffer).setUint32(prefix.length, number);
  content.set(body, prefix.length + 4);
  return content;
}
