/**
 * Batches: what a node queued in one turn for the same receivers travels as one packet under one Ed25519 signature, the same bytes to each of
 * them.
 *
 * The signature covers room, run, sender, incarnation, class, the batch's number, and the body, under a domain tag: a batch cannot be moved to
 * another room, run, sender, class or time. For a long body its SHA-256 stands: Ed25519 reads twice what it signs and once what it verifies, and its
 * SHA-512 is several times as slow. Numbers grow, so a batch that was taken is not taken again; on ordered classes one that was
 * overtaken is not taken either. Who may read a batch is decided by the link that it comes on, which only its sender can have opened.
 */

import { encodeCanonical, SIGNATURE_BYTES } from '../core/canonical.ts';
import type { NodeId } from '../core/id.ts';
import { LINK_CLASSES, type LinkClass } from '../core/message.ts';
import type { Signer } from '../core/ports.ts';
import { eachClass, type Channels } from './channel.ts';
import { digestOf } from './digest.ts';

/** Who sends. */
export interface Origin {
  readonly room: string;
  readonly runId: string;
  readonly id: NodeId;
  readonly incarnation: number;
}

/**
 * What vouches for a batch: its own `signature`, which anybody can check; or only the proven and encrypted `link` that it came on.
 * Every node of a run does the same.
 */
export type FrameAuth = 'signature' | 'link';

/** The values of {@link FrameAuth}. */
export const FRAME_AUTHS: readonly FrameAuth[] = ['signature', 'link'];

const NUMBER_BYTES = 6;
/** Of a body that is longer the digest is signed. Below, a digest costs more time than it saves. */
const WHOLE_BODY_BYTES_MAX = 8 * 1024;
const TWO_TO_32 = 0x1_0000_0000;

/** Bytes of a batch before its body. */
export function batchHeaderBytes(frameAuth: FrameAuth): number {
  return frameAuth === 'signature' ? NUMBER_BYTES + SIGNATURE_BYTES : NUMBER_BYTES;
}

/** Seals the batches of one node. */
export class BatchSealer {
  readonly #signer: Signer;
  readonly #prefixes: Channels<Uint8Array>;
  readonly #frameAuth: FrameAuth;
  #number = 0;

  constructor(origin: Origin, signer: Signer, frameAuth: FrameAuth) {
    this.#signer = signer;
    this.#frameAuth = frameAuth;
    this.#prefixes = prefixesOf(origin);
  }

  /**
   * The next batch. Its number is taken now, even if the body comes later; on ordered classes batches must be sent in the order in which they
   * were sealed.
   */
  seal(
    linkClass: LinkClass,
    body: Uint8Array | Promise<Uint8Array>,
  ): Uint8Array | Promise<Uint8Array> {
    const number = ++this.#number;
    return body instanceof Uint8Array
      ? this.#sign(linkClass, number, body)
      : body.then((bytes) => this.#sign(linkClass, number, bytes));
  }

  #sign(linkClass: LinkClass, number: number, body: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (this.#frameAuth === 'link') return assemble(number, NO_SIGNATURE, body);
    const content = signedContent(this.#prefixes[linkClass], number, body);
    const signature = whenReady(content, (bytes) => this.#signer.sign(bytes));
    return whenReady(signature, (bytes) => assemble(number, bytes, body));
  }
}

/** Opens the batches of one incarnation of another node. */
export class BatchOpener {
  readonly #signer: Signer;
  readonly #from: NodeId;
  readonly #prefixes: Channels<Uint8Array>;
  readonly #frameAuth: FrameAuth;
  readonly #taken: Channels<NumberWindow> = {
    control: new NumberWindow(1),
    data: new NumberWindow(1),
    gossip: new NumberWindow(GOSSIP_WINDOW),
  };

  constructor(origin: Origin, signer: Signer, frameAuth: FrameAuth) {
    this.#signer = signer;
    this.#from = origin.id;
    this.#frameAuth = frameAuth;
    this.#prefixes = prefixesOf(origin);
  }

  /**
   * Reads a batch and begins to check its signature; undefined when it is malformed. Batches may be checked side by side; those of an
   * ordered class have to be admitted in the order in which they arrived.
   */
  open(linkClass: LinkClass, batch: Uint8Array): OpenedBatch | undefined {
    const headerBytes = batchHeaderBytes(this.#frameAuth);
    if (batch.length < headerBytes) return undefined;
    const view = new DataView(batch.buffer, batch.byteOffset);
    const number = view.getUint16(0) * TWO_TO_32 + view.getUint32(2);
    const body = batch.subarray(headerBytes);
    if (this.#frameAuth === 'link') return { linkClass, number, body, isGenuine: true };
    const signature = batch.slice(NUMBER_BYTES, headerBytes);
    const content = signedContent(this.#prefixes[linkClass], number, body);
    const isGenuine = whenReady(content, (bytes) =>
      this.#signer.verify(this.#from, bytes, signature),
    );
    return { linkClass, number, body, isGenuine };
  }

  /** True once for each batch: a number that was used is a replay. Only genuine batches count, so a forged one blocks none. */
  admit({ linkClass, number }: OpenedBatch): boolean {
    return this.#taken[linkClass].take(number);
  }
}

/** A batch whose signature is being checked. */
export interface OpenedBatch {
  readonly linkClass: LinkClass;
  readonly number: number;
  readonly body: Uint8Array;
  /** Whether it was made by the other side for this class. */
  readonly isGenuine: boolean | Promise<boolean>;
}

/** Gossip that is overtaken by more batches than this is refused like a replay: what is so late has been repaired otherwise. */
const GOSSIP_WINDOW = 1024;

/** Remembers which of the latest numbers were taken (as RFC 4303, section 3.4.3); what is ordered has a window of one. */
class NumberWindow {
  readonly #size: number;
  readonly #recent = new Set<number>();
  #highest = 0;

  constructor(size: number) {
    this.#size = size;
  }

  take(number: number): boolean {
    if (number <= this.#highest - this.#size || this.#recent.has(number)) return false;
    this.#recent.add(number);
    this.#highest = Math.max(this.#highest, number);
    // Numbers arrive about in order, so those that leave the window stand in front.
    for (const old of this.#recent) {
      if (old > this.#highest - this.#size) break;
      this.#recent.delete(old);
    }
    return true;
  }
}

const NO_SIGNATURE = new Uint8Array(0);

function assemble(number: number, signature: Uint8Array, body: Uint8Array): Uint8Array {
  const batch = new Uint8Array(NUMBER_BYTES + signature.length + body.length);
  writeNumber(batch, 0, number);
  batch.set(signature, NUMBER_BYTES);
  batch.set(body, NUMBER_BYTES + signature.length);
  return batch;
}

function prefixesOf({ room, runId, id, incarnation }: Origin): Channels<Uint8Array> {
  return eachClass((linkClass) =>
    encodeCanonical([
      'parley.batch.v2',
      room,
      runId,
      id,
      incarnation,
      LINK_CLASSES.indexOf(linkClass),
    ]),
  );
}

/** What is signed: the prefix, the number, which of the two follows, and the body or its digest. */
function signedContent(
  prefix: Uint8Array,
  number: number,
  body: Uint8Array,
): Uint8Array | Promise<Uint8Array> {
  const isWhole = body.length <= WHOLE_BODY_BYTES_MAX;
  return whenReady(isWhole ? body : digestOf(body), (follows) => {
    const at = prefix.length + NUMBER_BYTES;
    const content = new Uint8Array(at + 1 + follows.length);
    content.set(prefix);
    writeNumber(content, prefix.length, number);
    content[at] = isWhole ? 0 : 1;
    content.set(follows, at + 1);
    return content;
  });
}

/** Goes on as soon as `value` is there: at once, unless it is still being made. */
function whenReady<T extends Uint8Array, R>(
  value: T | Promise<T>,
  next: (value: T) => R | Promise<R>,
): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint16(at, Math.floor(number / TWO_TO_32));
  view.setUint32(at + 2, number % TWO_TO_32);
}
