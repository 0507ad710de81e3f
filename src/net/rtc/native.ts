/**
 * Connections that the page negotiates by itself, without a library. A side of this kind and one of simple-peer understand each other.
 *
 * The roles are fixed: the initiator alone makes offers, so there is no glare to be resolved. What simple-peer cannot do: look for a new way
 * on the same connection when the old one is lost (an ICE restart), while its channels stay open.
 */

import type { Channels } from '../channel.ts';
import { closeChannels, openChannels } from '../rtc-channel.ts';
import { ConnectionWatch } from './connection-watch.ts';
import {
  closed,
  CLOSED_HERE,
  CLOSED_THERE,
  endedNegotiation,
  FLOODED,
  refusal,
} from './endings.ts';
import { readCandidate, SignalGate, type CandidateInit, type RtcSignal } from './signals.ts';
import type {
  Ending,
  Negotiation,
  NegotiationEvents,
  NegotiationRequest,
  Transport,
  TransportOptions,
} from './transport.ts';

/** The browser's own connections. */
export class NativeTransport implements Transport {
  readonly #iceServers: TransportOptions['iceServers'];

  constructor(iceServers: TransportOptions['iceServers']) {
    this.#iceServers = iceServers;
  }

  negotiate({ isInitiator }: NegotiationRequest, events: NegotiationEvents): Negotiation {
    try {
      const connection = new RTCPeerConnection({ iceServers: [...this.#iceServers()] });
      return new NativeNegotiation(connection, isInitiator, events);
    } catch (error) {
      return endedNegotiation(refusal(error), events);
    }
  }

  close(): void {}
}

class NativeNegotiation implements Negotiation {
  readonly #connection: RTCPeerConnection;
  readonly #isInitiator: boolean;
  readonly #events: NegotiationEvents;
  readonly #channels: Channels<RTCDataChannel>;
  readonly #gate: SignalGate;
  readonly #watch: ConnectionWatch;
  /** Candidates that came before the description that they belong to. */
  readonly #early: CandidateInit[] = [];
  #work: Promise<void> = Promise.resolve();
  #isOffering = false;
  #isOfferWanted = false;
  #isClosed = false;

  constructor(connection: RTCPeerConnection, isInitiator: boolean, events: NegotiationEvents) {
    this.#connection = connection;
    this.#isInitiator = isInitiator;
    this.#events = events;
    this.#gate = new SignalGate(isInitiator);
    this.#watch = new ConnectionWatch(connection, {
      secured: (certificates) => events.secured(certificates),
      doubtful: (isDoubtful) => events.doubtful(isDoubtful),
      connected: () => this.#gate.connected(),
      closed: () => this.#end(CLOSED_THERE),
      failed: () => {
        // What was up once may be mended by a restart; how long to wait for it is not decided here.
        if (!this.#watch.isSecured) this.#end(this.#watch.failure);
      },
    });
    connection.onicecandidate = ({ candidate }) => this.#found(candidate);
    this.#channels = openChannels(connection);
    events.channels(this.#channels);
    if (isInitiator) this.#offer();
  }

  get isAnswered(): boolean {
    return this.#watch.isAnswered;
  }

  signal(data: unknown): void {
    if (this.#isClosed) return;
    const signal = this.#gate.take(data);
    if (signal !== undefined) this.#take(signal);
    else if (this.#gate.isFlooded) this.#end(FLOODED);
  }

  restart(): boolean {
    if (this.#isClosed || !this.#isInitiator) return false;
    this.#connection.restartIce();
    this.#offer();
    return true;
  }

  close(): void {
    this.#end(CLOSED_HERE);
  }

  #take(signal: RtcSignal): void {
    if (signal.type === 'renegotiate') this.#offer();
    else if (signal.type === 'candidate') this.#do(() => this.#addCandidate(signal.candidate));
    else {
      this.#do(async () => {
        await this.#connection.setRemoteDescription(signal);
        for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
      });
      if (signal.type === 'offer') this.#describe();
      else {
        this.#isOffering = false;
        if (this.#isOfferWanted) this.#offer();
      }
    }
  }

  /** Makes an offer, as soon as no other is out. */
  #offer(): void {
    this.#isOfferWanted = this.#isOffering;
    if (this.#isOffering) return;
    this.#isOffering = true;
    this.#describe();
  }

  /** Makes an offer, or the answer to the one that came. */
  #describe(): void {
    this.#do(async () => {
      await this.#connection.setLocalDescription();
      const { type, sdp } = this.#connection.localDescription!;
      if (!this.#isClosed) this.#send({ type: type as 'offer' | 'answer', sdp });
    });
  }

  async #addCandidate(candidate: CandidateInit): Promise<void> {
    if (this.#connection.remoteDescription === null) {
      this.#early.push(candidate);
      return;
    }
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch {
      // One of an older description, or of a kind that this browser does not know: others will do.
    }
  }

  #found(found: RTCIceCandidate | null): void {
    const candidate = readCandidate(found?.toJSON());
    if (candidate !== undefined) this.#send({ type: 'candidate', candidate });
  }

  #send(signal: RtcSignal): void {
    this.#gate.sent(signal.type);
    this.#events.signal(signal);
  }

  /** One step after the other: a description is not set while another still is. */
  #do(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#isClosed) return;
      try {
        await step();
      } catch (error) {
        this.#end(closed((error as Error).message));
      }
    });
  }

  #end(ending: Ending): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.stop();
    this.#connection.onicecandidate = null;
    closeChannels(this.#channels);
    this.#connection.close();
    queueMicrotask(() => this.#events.closed(ending));
  }
}
