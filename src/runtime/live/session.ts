/**
 * A session with one other node: what goes to it and comes from it, whatever link there is at the moment.
 *
 * A link is three channels and a proof of who is at the other end. Links break and are made again; the session goes on where the last one
 * ended, until the other node comes back as a newer incarnation or leaves the run.
 */

import type { NodeId } from '../../core/id.ts';
import type { LinkClass } from '../../core/message.ts';
import type { Signer } from '../../core/ports.ts';
import { BatchOpener, type FrameAuth, type OpenedBatch } from '../../net/batch.ts';
import type { Channel, ChannelEvents, Channels } from '../../net/channel.ts';
import type { Format } from '../../net/format.ts';
import { FRAME_KIND, goodbyeFrame } from '../../net/frames.ts';
import type { Arrived } from '../../net/handshake.ts';
import { ACKNOWLEDGE_TIMEOUT_MS } from '../../net/limits.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { LinkEnvelope } from '../envelope.ts';
import { Lane } from './lane.ts';
import { ProvenLink } from './proven-link.ts';
import { classOf, type SealedBatch } from './outbox.ts';
import { decodeBatch, envelopeBytes } from './wire.ts';

/** What a session needs of its node. None of them may throw. */
export interface SessionHost {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly room: string;
  readonly runId: string;
  readonly nodesMax: number;
  readonly format: Format;
  readonly signer: Signer;
  readonly frameAuth: FrameAuth;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey: Uint8Array | undefined;
  /** A genuine message of the other node, in its order; the next waits until the promise is fulfilled. */
  received(from: NodeId, envelope: LinkEnvelope): void | Promise<void>;
  /** Something that is no genuine message of the other node. */
  refused(from: NodeId, reason: 'signature' | 'malformed', detail: string): void;
  /** Both sides have proven who they are: frames flow. */
  linkOpen(peer: NodeId, attempt: string): void;
  /** The other node's page ends, in its own words; it may come back, reloaded. Only of use where no server tells it. */
  leaves?(peer: NodeId): void;
  /** The link is gone. */
  linkClosed(peer: NodeId, attempt: string, reason: string, refused: boolean): void;
}

/** Refused batches after which a link is closed: a bug repeats, and so do attacks. */
const REFUSALS_MAX = 100;

/** Batches of gossip that may be under way to the node; more are dropped, as best effort allows. */
const GOSSIP_TAKEN_MAX = 64;

/** Makes the channel of one class around what the session wants to hear of it. */
export type MakeChannel = (linkClass: LinkClass, events: ChannelEvents) => Channel;

/** Everything between this node and one other. */
export class Session {
  readonly peer: NodeId;
  readonly #host: SessionHost;
  readonly #lanes: Readonly<Record<'control' | 'data', Lane>>;
  #opener: BatchOpener | undefined;
  #peerIncarnation: number | undefined;
  #link: ProvenLink | undefined;
  #attempt = '';
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #gossipTaken = 0;
  #isClosed = false;

  constructor(peer: NodeId, host: SessionHost) {
    this.peer = peer;
    this.#host = host;
    this.#lanes = { control: this.#newLane('control'), data: this.#newLane('data') };
  }

  /**
   * Prepares for the incarnation of the other node that is there now; what was queued for an older one is forgotten.
   * @returns true when there was an older one
   */
  meet(peerIncarnation: number): boolean {
    if (this.#peerIncarnation === peerIncarnation) return false;
    const { room, runId, signer, frameAuth } = this.#host;
    const origin = { room, runId, id: this.peer, incarnation: peerIncarnation };
    // What was sent before the first of them was met waits for it: its barrier may be passed on the word of a third.
    const isFirst = this.#peerIncarnation === undefined;
    this.#peerIncarnation = peerIncarnation;
    this.#opener = new BatchOpener(origin, signer, frameAuth);
    this.#link?.close('a newer incarnation is there');
    if (!isFirst) this.#resetLanes();
    this.#isClosed = false;
    return !isFirst;
  }

  /** Uses a new link from now on, as soon as the other side has proven who it is; `make` builds its channels around the session's events. */
  connect(attempt: string, make: MakeChannel): void {
    this.#link?.close('a newer link is there');
    const link = new ProvenLink(make, {
      proven: (channels, arrived) => this.#proven(link, attempt, channels, arrived),
      frame: (linkClass, frame) => {
        if (link === this.#link) this.#takeFrame(linkClass, frame);
      },
      closed: (reason, refused) => {
        if (link === this.#link) this.#linkLost();
        this.#host.linkClosed(this.peer, attempt, reason, refused);
      },
    });
    this.#link = link;
    this.#attempt = attempt;
    if (this.#isClosed || this.#peerIncarnation === undefined) {
      link.close('nobody is expected there');
      return;
    }
    const { id, incarnation, ...host } = this.#host;
    link.begin({
      room: host.room,
      runId: host.runId,
      frameAuth: host.frameAuth,
      signer: host.signer,
      membershipKey: host.membershipKey,
      self: { id, incarnation },
      other: { id: this.peer, incarnation: this.#peerIncarnation },
      arrived: { control: this.#lanes.control.arrived, data: this.#lanes.data.arrived },
    });
  }

  /** The link of this attempt is encrypted. */
  secured(attempt: string, certificates: Certificates): void {
    if (attempt === this.#attempt) this.#link?.secured(certificates);
  }

  /** Notes a message that will be sent when the turn is over; returns a promise when the queue is full, fulfilled when there is room again. */
  reserve(envelope: LinkEnvelope): Promise<void> | undefined {
    const linkClass = classOf(envelope);
    if (this.#isClosed || linkClass === 'gossip') return undefined;
    return this.#lanes[linkClass].reserve(envelopeBytes(envelope));
  }

  /** True when a message can be of use to the other node. */
  wants(envelope: LinkEnvelope): boolean {
    if (this.#isClosed || envelope.kind !== 'lifecycle') return !this.#isClosed;
    // The barriers send their own messages again: where nobody is met none of them waits, and where there is no link one is enough.
    const isLinked = this.#link?.isProven === true;
    return this.#peerIncarnation !== undefined && (isLinked || this.#lanes.data.isFlushed);
  }

  /** Sends a batch. */
  send(batch: SealedBatch): void {
    if (this.#isClosed) return;
    if (batch.linkClass === 'gossip') void this.#sendGossip(batch.packet);
    else {
      this.#lanes[batch.linkClass].send(batch);
      this.#watch();
    }
  }

  /** The page of this node ends: said at once, before whatever is still to be signed or waits for room. */
  sayGoodbye(): void {
    if (this.#link?.isProven === true) this.#link.channels.control.send(goodbyeFrame());
  }

  /** True when the other node has dealt with everything that was sent. */
  get isFlushed(): boolean {
    return this.#isClosed || (this.#lanes.control.isFlushed && this.#lanes.data.isFlushed);
  }

  /** That incarnation of the other node has left the run. A newer one may be there already. */
  leave(peerIncarnation: number): void {
    if ((this.#peerIncarnation ?? 0) <= peerIncarnation) this.close();
  }

  /** The other node is gone: nothing more is sent to it. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    this.#link?.close('the run is over here');
    this.#resetLanes();
  }

  #newLane(linkClass: 'control' | 'data'): Lane {
    const opener = () => this.#opener;
    return new Lane(linkClass, {
      get opener() {
        return opener();
      },
      opened: (batch) => this.#opened(batch),
      refused: (reason, detail) => this.#refuse(reason, detail),
      broken: (reason) => this.#broken(reason),
    });
  }

  #resetLanes(): void {
    this.#lanes.control.reset();
    this.#lanes.data.reset();
  }

  #proven(link: ProvenLink, attempt: string, channels: Channels, arrived: Arrived): void {
    if (link !== this.#link) return;
    const { control, data } = this.#lanes;
    const isContinued =
      control.attach(channels.control, arrived.control) && data.attach(channels.data, arrived.data);
    if (!isContinued) return link.close('it claims to have what was never sent', true);
    this.#host.linkOpen(this.peer, attempt);
    this.#watch();
  }

  #linkLost(): void {
    this.#link = undefined;
    this.#lanes.control.detach();
    this.#lanes.data.detach();
  }

  #takeFrame(linkClass: LinkClass, frame: Uint8Array): void {
    const isControl = linkClass === 'control';
    if (isControl && frame[0] === FRAME_KIND.goodbye) this.#takeGoodbye();
    else if (linkClass !== 'gossip') this.#lanes[linkClass].take(frame);
    else void this.#takeGossip(frame);
  }

  /** Nothing follows it, so nobody can say it again and again on one link. */
  #takeGoodbye(): void {
    this.#host.leaves?.(this.peer);
    this.#link?.close('the page at its other end ends');
  }

  /** Counts what is no message. Checking it costs more than sending it, so whoever sends it again and again is cut off. */
  #refuse(reason: 'signature' | 'malformed', detail: string): void {
    this.#host.refused(this.peer, reason, detail);
    if (++this.#refusals < REFUSALS_MAX) return;
    this.#refusals = 0;
    this.#link?.close('it sends again and again what is no message', true);
  }

  #broken(reason: string): void {
    this.#host.refused(this.peer, 'malformed', reason);
    this.#link?.close(reason);
  }

  async #sendGossip(packet: Uint8Array | Promise<Uint8Array>): Promise<void> {
    const batch = packet instanceof Uint8Array ? packet : await packet;
    const frame = new Uint8Array(batch.length + 1);
    frame[0] = FRAME_KIND.gossip;
    frame.set(batch, 1);
    // Best effort: what the channel does not take now is lost.
    this.#link?.channels.gossip.send(frame);
  }

  async #takeGossip(frame: Uint8Array): Promise<void> {
    const opener = this.#opener;
    // Whoever does not keep up hears less of the gossip.
    if (opener === undefined || this.#gossipTaken >= GOSSIP_TAKEN_MAX) return;
    const batch =
      frame[0] === FRAME_KIND.gossip ? opener.open('gossip', frame.subarray(1)) : undefined;
    if (batch === undefined) return this.#refuse('malformed', 'it is no batch');
    this.#gossipTaken++;
    if (!(await batch.isGenuine)) {
      this.#refuse('signature', 'the signature of its batch is wrong');
    } else if (opener === this.#opener && opener.admit(batch)) await this.#opened(batch);
    this.#gossipTaken--;
    return undefined;
  }

  #opened({ body, linkClass }: OpenedBatch): void | Promise<void> {
    const { format, nodesMax } = this.#host;
    let envelopes: readonly LinkEnvelope[];
    try {
      envelopes = decodeBatch(body, linkClass, format, nodesMax);
    } catch (error) {
      this.#refuse('malformed', (error as Error).message);
      return undefined;
    }
    return this.#handOn(envelopes, 0);
  }

  /** Hands the messages of a batch on, in order; returns a promise only when one of them takes time. */
  #handOn(envelopes: readonly LinkEnvelope[], from: number): void | Promise<void> {
    for (let at = from; at < envelopes.length; at++) {
      const handled = this.#host.received(this.peer, envelopes[at]!);
      if (handled !== undefined) return handled.then(() => this.#handOn(envelopes, at + 1));
    }
    return undefined;
  }

  /** A worker that died leaves its channels open: what is not acknowledged for long shows it. */
  #watch(): void {
    if (this.#watchdog !== undefined || this.isFlushed) return;
    const { control, data } = this.#lanes;
    const link = this.#link;
    const before = control.progress + data.progress;
    this.#watchdog = setTimeout(() => {
      this.#watchdog = undefined;
      const isStuck = !this.isFlushed && control.progress + data.progress === before;
      if (isStuck && link !== undefined && link === this.#link && link.isProven) {
        const seconds = ACKNOWLEDGE_TIMEOUT_MS / 1000;
        link.close(`nothing was acknowledged for ${seconds} s`);
      } else this.#watch();
    }, ACKNOWLEDGE_TIMEOUT_MS);
  }
}
