/**
 * Connections that simple-peer negotiates and keeps. Parley opens channels of its own on them, with fixed numbers, so that they can be
 * transferred into a worker in the task that made them.
 */

// The order matters: the bundle reads what the first line gives.
import './node-global.ts';
import SimplePeer from 'simple-peer/simplepeer.min.js';
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
import { readRtcSignal, SignalGate } from './signals.ts';
import type {
  Ending,
  Negotiation,
  NegotiationEvents,
  NegotiationRequest,
  Transport,
  TransportOptions,
} from './transport.ts';

/** `_pc` is undefined when the browser refused to make one; `error` and `close` follow then. */
type Peer = SimplePeer.Instance & { readonly _pc: RTCPeerConnection | null | undefined };

/** The default. */
export class SimplePeerTransport implements Transport {
  readonly #iceServers: TransportOptions['iceServers'];

  constructor(iceServers: TransportOptions['iceServers']) {
    this.#iceServers = iceServers;
  }

  negotiate({ isInitiator }: NegotiationRequest, events: NegotiationEvents): Negotiation {
    try {
      const peer = new SimplePeer({
        initiator: isInitiator,
        trickle: true,
        config: { iceServers: [...this.#iceServers()] },
        // Its own channel carries nothing. With a fixed number both sides have it, and none waits for the other to open it.
        channelConfig: { negotiated: true, id: 0 },
      }) as Peer;
      return new PeerNegotiation(peer, isInitiator, events);
    } catch (error) {
      return endedNegotiation(refusal(error), events);
    }
  }

  close(): void {}
}

class PeerNegotiation implements Negotiation {
  readonly #peer: Peer;
  readonly #gate: SignalGate;
  readonly #watch: ConnectionWatch | undefined;
  readonly #channels: Channels<RTCDataChannel> | undefined;
  #ending: Ending = CLOSED_THERE;

  constructor(peer: Peer, isInitiator: boolean, events: NegotiationEvents) {
    this.#peer = peer;
    this.#gate = new SignalGate(isInitiator);
    peer.on('signal', (data) => {
      const signal = readRtcSignal(data);
      if (signal === undefined) return;
      this.#gate.sent(signal.type);
      events.signal(signal);
    });
    peer.on('error', (error) => {
      this.#ending = this.#meaningOf(error);
    });
    peer.on('close', () => {
      this.#watch?.stop();
      events.closed(this.#ending);
    });
    // Nothing is sent on simple-peer's own channel, and what somebody sends there nevertheless is not kept.
    peer.on('data', () => {});
    const connection = peer._pc;
    if (connection === undefined || connection === null) return;
    this.#watch = new ConnectionWatch(connection, {
      secured: (certificates) => events.secured(certificates),
      doubtful: (isDoubtful) => events.doubtful(isDoubtful),
      connected: () => this.#gate.connected(),
      closed: () => peer.destroy(),
      // simple-peer gives it up by itself.
      failed: () => {},
    });
    this.#channels = openChannels(connection);
    events.channels(this.#channels);
  }

  get isAnswered(): boolean {
    return this.#watch?.isAnswered ?? false;
  }

  signal(data: unknown): void {
    if (this.#peer.destroyed) return;
    const signal = this.#gate.take(data);
    try {
      if (signal !== undefined) this.#peer.signal(signal as SimplePeer.SignalData);
      else if (this.#gate.isFlooded) this.#peer.destroy(new Error(FLOODED.reason));
    } catch (error) {
      this.#peer.destroy(error as Error);
    }
  }

  restart(): boolean {
    return false;
  }

  close(): void {
    if (!this.#peer.destroyed) this.#ending = CLOSED_HERE;
    if (this.#channels !== undefined) closeChannels(this.#channels);
    this.#peer.destroy();
  }

  #meaningOf(error: Error & { readonly code?: string }): Ending {
    if (error.code === 'ERR_PC_CONSTRUCTOR') return refusal(error);
    const isFailure =
      error.code === 'ERR_ICE_CONNECTION_FAILURE' || error.code === 'ERR_CONNECTION_FAILURE';
    if (isFailure && this.#watch !== undefined) return this.#watch.failure;
    return closed(error.message);
  }
}
