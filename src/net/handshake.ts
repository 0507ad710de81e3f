/**
 * The identity proof, first on the `control` channel of every link: both sides say who they are and how far they have come, and prove it.
 *
 * A proof is an Ed25519 signature over both hellos (room, run, ids, incarnations, fresh nonces) and the SHA-256 of both certificates that the
 * connection is encrypted with, as the signer sees them. Whoever sits in the middle has to show certificates of its own, and is named; a
 * proof of another connection does not fit the nonces. In a closed room a MAC shows besides that the signer knows the room's key.
 *
 * Both hellos and both proofs cross on the way: it costs one round trip.
 */

import {
  decodeCanonical,
  encodeCanonical,
  equalBytes,
  SIGNATURE_BYTES,
} from '../core/canonical.ts';
import type { NodeId } from '../core/id.ts';
import type { Signer } from '../core/ports.ts';
import type { Value } from '../core/value.ts';
import { FRAME_AUTHS, type FrameAuth } from './batch.ts';
import { FRAME_KIND } from './frames.ts';
import { isMembershipMac, membershipMac, MEMBERSHIP_MAC_BYTES } from './rooms/membership.ts';
import type { Certificates } from './rtc/transport.ts';

/** One side of a link. */
export interface LinkEnd {
  readonly id: NodeId;
  readonly incarnation: number;
}

/** How many frames of each ordered class have arrived at one side: where the other goes on. */
export interface Arrived {
  readonly control: number;
  readonly data: number;
}

/** What a handshake is about. */
export interface HandshakeOptions {
  readonly room: string;
  readonly runId: string;
  readonly self: LinkEnd;
  readonly other: LinkEnd;
  readonly arrived: Arrived;
  readonly frameAuth: FrameAuth;
  readonly signer: Signer;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey: Uint8Array | undefined;
  /** 32 bytes that were never used before. */
  readonly nonce: Uint8Array;
}

/** What a handshake calls. None of them may throw. */
export interface HandshakeEvents {
  /** A frame for the other side. */
  send(frame: Uint8Array): void;
  /** Both sides have proven who they are. */
  proven(arrived: Arrived): void;
  /** It came to nothing. `isFinal`: the other side is not who it should be, and will not be the next time. */
  failed(reason: string, isFinal: boolean): void;
}

/** Version of this exchange and of everything that follows on the link. */
const VERSION = 2;
const HASH_BYTES = 32;
const NONCE_BYTES = 32;

interface Hello {
  readonly bytes: Uint8Array;
  readonly arrived: Arrived;
}

/** One side's part in one proof. */
export class Handshake {
  readonly #options: HandshakeOptions;
  readonly #events: HandshakeEvents;
  readonly #hello: Uint8Array;
  #certificates: Certificates | undefined;
  #otherHello: Hello | undefined;
  #otherProof: Uint8Array | undefined;
  #hasBegunProving = false;
  #hasBegunChecking = false;
  #hasProven = false;
  #isOtherProven = false;
  #isOver = false;

  constructor(options: HandshakeOptions, events: HandshakeEvents) {
    const { room, runId, self, other, arrived, frameAuth, nonce } = options;
    this.#options = options;
    this.#events = events;
    this.#hello = encodeCanonical([
      VERSION,
      room,
      runId,
      self.id,
      self.incarnation,
      other.id,
      other.incarnation,
      frameAuth,
      arrived.control,
      arrived.data,
      nonce,
    ]);
  }

  /** Says hello: the channel is open. */
  begin(): void {
    this.#events.send(frameOf(FRAME_KIND.hello, this.#hello));
  }

  /** The connection is encrypted. Before that nothing can be proven. */
  secured(certificates: Certificates): void {
    this.#certificates ??= certificates;
    this.#goOn();
  }

  /** Takes a frame of the other side. */
  take(frame: Uint8Array): void {
    if (this.#isOver) return;
    const content = frame.subarray(1);
    if (frame[0] === FRAME_KIND.hello && this.#otherHello === undefined) this.#takeHello(content);
    else if (frame[0] === FRAME_KIND.proof && this.#otherHello !== undefined) {
      this.#otherProof ??= content.slice();
      this.#goOn();
    } else this.#fail('it sent something else than its proof', false);
  }

  /** Nobody waits for it any more. */
  abandon(): void {
    this.#isOver = true;
  }

  #takeHello(content: Uint8Array): void {
    const { self, other } = this.#options;
    const hello = readHello(content);
    if (hello === undefined) return this.#fail('it speaks another version of Parley', true);
    const { arrived, bytes } = hello;
    const wrong = this.#wrongIn(hello);
    if (wrong !== undefined) return this.#fail(wrong, true);
    if (hello.from.incarnation !== other.incarnation || hello.to.incarnation !== self.incarnation) {
      return this.#fail('one of the two tabs has been reloaded meanwhile', false);
    }
    this.#otherHello = { bytes, arrived };
    this.#goOn();
  }

  #wrongIn({ room, runId, from, to, frameAuth }: ReadHello): string | undefined {
    const { self, other, ...ours } = this.#options;
    if (room !== ours.room) return `it is of another room (${room})`;
    if (runId !== ours.runId) return `it is of another run (${runId})`;
    if (from.id !== other.id) return `it says that it is ${from.id}, and ${other.id} was meant`;
    if (to.id !== self.id) return `it takes this node for ${to.id}`;
    if (frameAuth === ours.frameAuth) return undefined;
    return `it runs with --frame-auth ${frameAuth}, and this node with ${ours.frameAuth}`;
  }

  #goOn(): void {
    if (this.#isOver || this.#otherHello === undefined || this.#certificates === undefined) return;
    if (!this.#hasBegunProving) {
      this.#hasBegunProving = true;
      void this.#prove(this.#certificates, this.#otherHello);
    }
    if (this.#otherProof !== undefined && !this.#hasBegunChecking) {
      this.#hasBegunChecking = true;
      void this.#check(this.#otherProof, this.#certificates, this.#otherHello);
    }
  }

  async #prove({ own, other }: Certificates, otherHello: Hello): Promise<void> {
    const { signer, self, membershipKey } = this.#options;
    const statement = statementOf(self.id, this.#hello, otherHello.bytes, own, other);
    const signature = await signer.sign(statement);
    const mac = membershipKey === undefined ? [] : [membershipMac(membershipKey, statement)];
    if (this.#isOver) return;
    this.#events.send(frameOf(FRAME_KIND.proof, own, other, signature, ...mac));
    this.#hasProven = true;
    this.#settle();
  }

  async #check(proof: Uint8Array, { own, other }: Certificates, otherHello: Hello): Promise<void> {
    const { signer, membershipKey } = this.#options;
    const id = this.#options.other.id;
    const macBytes = membershipKey === undefined ? 0 : MEMBERSHIP_MAC_BYTES;
    const bare = 2 * HASH_BYTES + SIGNATURE_BYTES;
    if (proof.length !== bare + macBytes) {
      const why = 'one of the two entered the room with its key, the other without';
      const isOtherKind = proof.length === bare || proof.length === bare + MEMBERSHIP_MAC_BYTES;
      return this.#fail(isOtherKind ? why : 'its proof is malformed', true);
    }
    const itsOwn = proof.subarray(0, HASH_BYTES);
    const itsOther = proof.subarray(HASH_BYTES, 2 * HASH_BYTES);
    const statement = statementOf(id, otherHello.bytes, this.#hello, itsOwn, itsOther);
    if (membershipKey !== undefined) {
      if (!isMembershipMac(membershipKey, statement, proof.subarray(bare))) {
        return this.#fail('it does not know the key of this room', true);
      }
    }
    const isGenuine = await signer.verify(id, statement, proof.slice(2 * HASH_BYTES, bare));
    if (this.#isOver) return;
    if (!isGenuine) return this.#fail(`it does not hold the key of ${id}`, true);
    if (!equalBytes(itsOwn, other) || !equalBytes(itsOther, own)) {
      const where = 'the certificates of the two ends differ';
      return this.#fail(`somebody sits between: ${where}`, true);
    }
    this.#isOtherProven = true;
    this.#settle();
  }

  #settle(): void {
    if (this.#isOver || !this.#hasProven || !this.#isOtherProven) return;
    this.#isOver = true;
    this.#events.proven(this.#otherHello!.arrived);
  }

  #fail(reason: string, isFinal: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.failed(reason, isFinal);
  }
}

/** What is signed. The signer's own side stands first, and its id in front: a proof cannot be sent back to where it came from. */
function statementOf(
  signer: NodeId,
  ownHello: Uint8Array,
  otherHello: Uint8Array,
  ownCertificate: Uint8Array,
  otherCertificate: Uint8Array,
): Uint8Array {
  const parts = [ownHello, otherHello, ownCertificate, otherCertificate];
  return encodeCanonical(['parley.link.v1', signer, ...parts]);
}

interface ReadHello extends Hello {
  readonly room: string;
  readonly runId: string;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly frameAuth: FrameAuth;
}

function readHello(content: Uint8Array): ReadHello | undefined {
  const bytes = content.slice();
  let fields: Value;
  try {
    fields = decodeCanonical(bytes);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields) || fields.length !== 11) return undefined;
  const [version, room, runId, fromId, fromIncarnation, toId, toIncarnation, ...rest] =
    fields as Value[];
  const [frameAuth, control, data, nonce] = rest;
  const names = [room, runId, fromId, toId];
  const counts = [fromIncarnation, toIncarnation, control, data];
  if (version !== VERSION || !names.every(isName) || !counts.every(isCount)) return undefined;
  if (!(FRAME_AUTHS as readonly unknown[]).includes(frameAuth)) return undefined;
  if (!(nonce instanceof Uint8Array) || nonce.length !== NONCE_BYTES) return undefined;
  return {
    bytes,
    room: room as string,
    runId: runId as string,
    from: { id: fromId as string, incarnation: fromIncarnation as number },
    to: { id: toId as string, incarnation: toIncarnation as number },
    frameAuth: frameAuth as FrameAuth,
    arrived: { control: control as number, data: data as number },
  };
}

/** Longest name in a hello: it is repeated in logs. */
const NAME_LENGTH_MAX = 200;

function isName(value: Value | undefined): boolean {
  return typeof value === 'string' && value.length <= NAME_LENGTH_MAX;
}

function isCount(value: Value | undefined): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function frameOf(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const frame = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 1));
  frame[0] = kind;
  let at = 1;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}
