/**
 * A session with one other node: what goes to it and comes from it, whatever link there is at the moment.
 *
 * Outgoing packets are signed side by side and sent in order; incoming ones are verified side by side and handed on in order.
 */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import type { Signer } from '../../core/ports.ts';
import type { Format } from '../../net/format.ts';
import { framesOf, Reassembler } from '../../net/frames.ts';
import { SEND_WINDOW_BYTES } from '../../net/limits.ts';
import type { Link, LinkEvents, SendResult } from '../../net/link.ts';
import { PacketOpener, PacketSealer, type OpenedPacket } from '../../net/packet.ts';
import type { AlgorithmEnvelope, Envelope } from '../envelope.ts';
import type { Latency } from '../simulator.ts';
import { decodeEnvelope, encodeEnvelope } from './wire.ts';

/** What a session needs of its node. */
export interface SessionHost {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly runId: string;
  readonly nodesMax: number;
  readonly format: Format;
  readonly signer: Signer;
  /** Artificial delay of what is sent. */
  readonly latencyMs: Latency | undefined;
  readonly latency: Random;
  nowMs(): number;
  /** A genuine message of the other node, in its order; the next waits until the promise is fulfilled. */
  received(from: NodeId, envelope: Envelope): void | Promise<void>;
  /** Something that is no genuine message of the other node. */
  refused(from: NodeId, reason: 'signature' | 'malformed', detail: string): void;
  /** Frames flow. */
  linkOpen(peer: NodeId): void;
  /** The link is gone. */
  linkClosed(peer: NodeId, reason: string): void;
}

interface Outgoing {
  readonly packet: Uint8Array | Promise<Uint8Array>;
  readonly bytes: number;
  readonly notBeforeMs: number;
}

/** Everything between this node and one other. */
export class Session {
  readonly peer: NodeId;
  readonly #host: SessionHost;
  /** What was sent before the other node was met. Its barrier may be passed on the word of a third. */
  #unmet: AlgorithmEnvelope[] = [];
  readonly #outbox: Outgoing[] = [];
  readonly #inbox: OpenedPacket[] = [];
  #sealer: PacketSealer | undefined;
  #opener: PacketOpener | undefined;
  #peerIncarnation: number | undefined;
  #link: Link | undefined;
  #linkArrived: (() => void) | undefined;
  #queuedBytes = 0;
  #lastDueMs = 0;
  #roomWanted: (() => void)[] = [];
  #isSending = false;
  #isReceiving = false;
  #isClosed = false;

  constructor(peer: NodeId, host: SessionHost) {
    this.peer = peer;
    this.#host = host;
  }

  /** Prepares for the incarnation of the other node that is there now; what was queued for an older one is forgotten. */
  meet(peerIncarnation: number): void {
    if (this.#peerIncarnation === peerIncarnation) return;
    const { runId, id, incarnation, signer } = this.#host;
    const own = { id, incarnation };
    const other = { id: this.peer, incarnation: peerIncarnation };
    const way = (from: typeof own, to: typeof own) => ({
      runId,
      from: from.id,
      fromIncarnation: from.incarnation,
      to: to.id,
      toIncarnation: to.incarnation,
    });
    this.#peerIncarnation = peerIncarnation;
    this.#sealer = new PacketSealer(way(own, other), signer);
    this.#opener = new PacketOpener(way(other, own), signer);
    this.#inbox.length = 0;
    this.#forgetQueue();
    this.#link?.close('a newer incarnation is there');
    this.#link = undefined;
    this.#isClosed = false;
    const unmet = this.#unmet;
    this.#unmet = [];
    for (const envelope of unmet) this.#enqueue(envelope, this.#sealer);
  }

  /** Uses a new link from now on; `make` builds it around the session's events. */
  connect(make: (events: LinkEvents) => Link): void {
    const reassembler = new Reassembler();
    const previous = this.#link;
    const link = make({
      open: () => this.#host.linkOpen(this.peer),
      frame: (frame) => {
        if (link === this.#link) this.#takeFrame(frame, reassembler, link);
      },
      closed: (reason) => {
        if (link !== this.#link) return;
        this.#link = undefined;
        this.#host.linkClosed(this.peer, reason);
      },
    });
    this.#link = link;
    previous?.close('a newer link is there');
    this.#linkArrived?.();
  }

  /** Queues a message; returns a promise when the queue is full, fulfilled when there is room again. */
  send(envelope: Envelope): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    if (this.#sealer !== undefined) this.#enqueue(envelope, this.#sealer);
    // The barriers send their own messages again.
    else if (envelope.kind !== 'lifecycle') this.#unmet.push(envelope);
    if (this.#queuedBytes <= SEND_WINDOW_BYTES) return undefined;
    return new Promise((resolve) => this.#roomWanted.push(resolve));
  }

  /** True when nothing waits to be sent. */
  get isFlushed(): boolean {
    return this.#isClosed || this.#outbox.length === 0;
  }

  /** That incarnation of the other node has left the run. A newer one may be there already. */
  leave(peerIncarnation: number): void {
    if ((this.#peerIncarnation ?? 0) <= peerIncarnation) this.close();
  }

  /** The other node is gone: nothing more is sent to it. */
  close(): void {
    this.#isClosed = true;
    this.#unmet = [];
    this.#forgetQueue();
    this.#link?.close('the run is over here');
    this.#linkArrived?.();
  }

  #forgetQueue(): void {
    this.#outbox.length = 0;
    this.#queuedBytes = 0;
    this.#makeRoom();
  }

  #enqueue(envelope: Envelope, sealer: PacketSealer): void {
    const packet = this.#seal(envelope, sealer);
    const bytes = envelope.kind === 'lifecycle' ? 0 : envelope.bytes;
    this.#outbox.push({ packet, bytes, notBeforeMs: this.#dueMs() });
    this.#queuedBytes += bytes;
    if (!this.#isSending) void this.#sendAll();
  }

  #seal(envelope: Envelope, sealer: PacketSealer): Uint8Array | Promise<Uint8Array> {
    const { format } = this.#host;
    const signing = envelope.kind === 'lifecycle' ? undefined : envelope.signing;
    const body =
      signing === undefined
        ? encodeEnvelope(envelope, format)
        : signing.then(() => encodeEnvelope(envelope, format));
    return sealer.seal(body);
  }

  #dueMs(): number {
    const { latencyMs, latency } = this.#host;
    if (latencyMs === undefined) return 0;
    const delayMs = latency.between(latencyMs.min, latencyMs.max);
    this.#lastDueMs = Math.max(this.#lastDueMs, this.#host.nowMs() + delayMs);
    return this.#lastDueMs;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#outbox[0]; next !== undefined; next = this.#outbox[0]) {
      const packet = next.packet instanceof Uint8Array ? next.packet : await next.packet;
      const delayMs = next.notBeforeMs - this.#host.nowMs();
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const isTaken = await this.#sendPacket(packet, () => this.#outbox[0] === next);
      // The queue was emptied meanwhile if the other node left or came anew.
      if (!isTaken || this.#outbox[0] !== next) continue;
      this.#outbox.shift();
      this.#queuedBytes -= next.bytes;
      if (this.#queuedBytes <= SEND_WINDOW_BYTES / 2) this.#makeRoom();
    }
    this.#isSending = false;
  }

  /** Sends a packet over one link; false when it has to begin again: what a link took of it is lost with the link. */
  async #sendPacket(packet: Uint8Array, isWanted: () => boolean): Promise<boolean> {
    const link = await this.#nextLink();
    for (const frame of framesOf(packet)) {
      let result: SendResult = 'full';
      while (result === 'full') {
        if (link === undefined || link !== this.#link || !isWanted()) return false;
        result = link.send(frame);
        if (result === 'full') await link.drained();
      }
      if (result === 'sent') continue;
      if (link === this.#link) this.#link = undefined;
      return false;
    }
    return true;
  }

  /** The link, once there is one; undefined when there will be none. */
  async #nextLink(): Promise<Link | undefined> {
    while (this.#link === undefined && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#linkArrived = resolve;
      });
    }
    return this.#link;
  }

  #makeRoom(): void {
    const wanted = this.#roomWanted;
    this.#roomWanted = [];
    for (const resolve of wanted) resolve();
  }

  #takeFrame(frame: Uint8Array, reassembler: Reassembler, link: Link): void {
    let packet: Uint8Array | undefined;
    try {
      packet = reassembler.take(frame);
    } catch (error) {
      this.#host.refused(this.peer, 'malformed', (error as Error).message);
      link.close('it sent something that is no packet');
      return;
    }
    if (packet === undefined) return;
    const opened = this.#opener?.open(packet);
    if (opened === undefined) {
      this.#host.refused(this.peer, 'malformed', 'it is no packet');
      return;
    }
    this.#inbox.push(opened);
    if (!this.#isReceiving) void this.#receiveAll();
  }

  async #receiveAll(): Promise<void> {
    this.#isReceiving = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      const { isGenuine } = next;
      const opener = this.#opener!;
      const valid = typeof isGenuine === 'boolean' ? isGenuine : await isGenuine;
      if (!valid) this.#host.refused(this.peer, 'signature', 'the packet’s signature is wrong');
      else if (!opener.admit(next)) this.#host.refused(this.peer, 'signature', 'it is a replay');
      else await this.#open(next.body);
    }
    this.#isReceiving = false;
  }

  async #open(body: Uint8Array): Promise<void> {
    let envelope: Envelope;
    try {
      envelope = decodeEnvelope(body, this.#host.format, this.#host.nodesMax);
    } catch (error) {
      this.#host.refused(this.peer, 'malformed', (error as Error).message);
      return;
    }
    const handled = this.#host.received(this.peer, envelope);
    if (handled !== undefined) await handled;
  }
}
