/**
 * Connections that PeerJS negotiates through a PeerServer. Parley opens channels of its own on them, as with the others.
 *
 * Two words go through Parley's signaling: the initiator's `call` makes the other side begin, whose `ready` says that the PeerServer knows it
 * and that an offer of this attempt is awaited. Everything else, the descriptions and candidates, goes through the PeerServer.
 */

import type { DataConnection } from 'peerjs';
import type { Channels } from '../channel.ts';
import { NEGOTIATION_SIGNALS_MAX } from '../limits.ts';
import { closeChannels, openChannels } from '../rtc-channel.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { closed, CLOSED_HERE, CLOSED_THERE, refusal, UNSUPPORTED } from './endings.ts';
import { PeerClient } from './peerjs-client.ts';
import type { PeerServerMessage } from './peer-server-messages.ts';
import type {
  Ending,
  Negotiation,
  NegotiationEvents,
  NegotiationRequest,
  PeerServer,
  Transport,
  TransportOptions,
} from './transport.ts';

/** One PeerJS client for one node. */
export class PeerJsTransport implements Transport {
  readonly #negotiations = new Set<PeerJsNegotiation>();
  readonly #client: PeerClient;

  constructor(options: TransportOptions & { readonly peerServer: PeerServer }) {
    this.#client = new PeerClient(options, {
      open: () => {
        for (const negotiation of this.#negotiations) negotiation.clientOpened();
      },
      admits: (message) => this.#admits(message),
      failed: (message, error) => {
        if (message.type !== 'OFFER') return;
        this.#awaiting(message.from, message.metadata)?.failed(error);
      },
      connection: (connection) => {
        const taker = this.#awaiting(connection.peer, connection.metadata);
        if (taker === undefined) connection.close();
        else taker.take(connection);
      },
    });
  }

  negotiate(request: NegotiationRequest, events: NegotiationEvents): Negotiation {
    const negotiation = new PeerJsNegotiation(request, this.#client, {
      ...events,
      closed: (ending) => {
        this.#negotiations.delete(negotiation);
        events.closed(ending);
      },
    });
    this.#negotiations.add(negotiation);
    negotiation.begin();
    return negotiation;
  }

  close(): void {
    for (const negotiation of [...this.#negotiations]) negotiation.close();
    this.#client.close();
  }

  #awaiting(name: string, attempt: unknown): PeerJsNegotiation | undefined {
    return [...this.#negotiations].find((negotiation) => negotiation.awaits(name, attempt));
  }

  #admits(message: PeerServerMessage): boolean {
    if (!('from' in message)) return true;
    if (message.type !== 'EXPIRE') {
      return [...this.#negotiations].some((negotiation) => negotiation.admits(message));
    }
    for (const negotiation of [...this.#negotiations]) negotiation.expired(message.from);
    return false;
  }
}

class PeerJsNegotiation implements Negotiation {
  readonly #request: NegotiationRequest;
  readonly #client: PeerClient;
  readonly #events: NegotiationEvents;
  #connection: DataConnection | undefined;
  #watch: ConnectionWatch | undefined;
  #channels: Channels<RTCDataChannel> | undefined;
  #messagesLeft = NEGOTIATION_SIGNALS_MAX;
  #isOfferAdmitted = false;
  #isAnswerAdmitted = false;
  /** The other side awaits the offer. */
  #isAwaited = false;
  #isClosed = false;

  constructor(request: NegotiationRequest, client: PeerClient, events: NegotiationEvents) {
    this.#request = request;
    this.#client = client;
    this.#events = events;
  }

  begin(): void {
    if (typeof RTCPeerConnection === 'undefined') {
      this.#end(UNSUPPORTED);
      return;
    }
    if (this.#request.isInitiator) this.#events.signal({ type: 'call' });
    if (this.#client.isOpen) this.clientOpened();
  }

  get isAnswered(): boolean {
    return this.#watch?.isAnswered ?? false;
  }

  signal(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    if ((data as { readonly type?: unknown }).type !== 'ready') return;
    this.#isAwaited = true;
    this.#call();
  }

  restart(): boolean {
    return false;
  }

  close(): void {
    this.#end(CLOSED_HERE);
  }

  clientOpened(): void {
    if (this.#request.isInitiator) this.#call();
    else if (this.#connection === undefined) this.#events.signal({ type: 'ready' });
  }

  /** Whether the library may hear a message. */
  admits(message: Extract<PeerServerMessage, { connectionId: string }>): boolean {
    const { isInitiator, attempt, remoteName } = this.#request;
    if (message.from !== remoteName || this.#messagesLeft-- <= 0) return false;
    if (message.type === 'OFFER') {
      if (isInitiator || this.#isOfferAdmitted || message.metadata !== attempt) return false;
      this.#isOfferAdmitted = true;
      return true;
    }
    if (message.connectionId !== this.#connection?.connectionId) return false;
    if (message.type === 'CANDIDATE') return true;
    if (!isInitiator || this.#isAnswerAdmitted) return false;
    this.#isAnswerAdmitted = true;
    return true;
  }

  /** Whether its offer was admitted, and nothing has come of it yet. */
  awaits(name: string, attempt: unknown): boolean {
    const isOurs = name === this.#request.remoteName && attempt === this.#request.attempt;
    return isOurs && this.#isOfferAdmitted && this.#connection === undefined;
  }

  /** The server has waited in vain for somebody of that name. */
  expired(name: string): void {
    const { isInitiator, remoteName } = this.#request;
    if (!isInitiator || name !== remoteName || this.isAnswered) return;
    this.#end(closed('the PeerServer does not know the other side'));
  }

  /** Uses a connection, in the task that made it. */
  take(connection: DataConnection): void {
    this.#connection = connection;
    const { peerConnection } = connection;
    const watch = new ConnectionWatch(peerConnection, {
      secured: (certificates) => this.#events.secured(certificates),
      doubtful: (isDoubtful) => this.#events.doubtful(isDoubtful),
      connected: () => {
        this.#messagesLeft = NEGOTIATION_SIGNALS_MAX;
      },
      closed: () => this.#end(CLOSED_THERE),
      failed: () => this.#end(watch.failure),
    });
    this.#watch = watch;
    connection.on('error', ({ type }) =>
      this.#end(type === 'negotiation-failed' ? watch.failure : CLOSED_THERE),
    );
    connection.on('close', () => this.#end(CLOSED_THERE));
    this.#channels = openChannels(peerConnection);
    this.#events.channels(this.#channels);
  }

  failed(error: unknown): void {
    this.#end(refusal(error));
  }

  #call(): void {
    if (this.#isClosed || !this.#isAwaited || !this.#client.isOpen) return;
    if (this.#connection !== undefined) return;
    const { remoteName, attempt } = this.#request;
    try {
      this.take(this.#client.connect(remoteName, attempt));
    } catch (error) {
      this.failed(error);
    }
  }

  #end(ending: Ending): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch?.stop();
    if (this.#channels !== undefined) closeChannels(this.#channels);
    this.#connection?.close();
    queueMicrotask(() => this.#events.closed(ending));
  }
}
