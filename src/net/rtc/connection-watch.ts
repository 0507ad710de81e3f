/** What the states of a connection mean, whoever negotiates it. */

import { certificatesOf } from './certificates.ts';
import { LOST, NO_WAY, NOT_ENCRYPTED } from './endings.ts';
import type { Ending, NegotiationEvents } from './transport.ts';

/** What a watch calls. */
export interface WatchEvents extends Pick<NegotiationEvents, 'secured' | 'doubtful'> {
  /** The connection is up, for the first time or again. */
  connected?(): void;
  /** The other side has closed it. Where a browser does not tell, the link's channels do. */
  closed(): void;
  /** The browser has given up looking for a way. {@link ConnectionWatch.failure} says what it means. */
  failed(): void;
}

/** Follows one connection until it is closed. */
export class ConnectionWatch {
  readonly #connection: RTCPeerConnection;
  readonly #events: WatchEvents;
  readonly #until = new AbortController();
  #dtls: RTCDtlsTransport | undefined;
  #isSecured = false;
  #isDoubtful = false;
  #hadWay = false;

  constructor(connection: RTCPeerConnection, events: WatchEvents) {
    this.#connection = connection;
    this.#events = events;
    // Beside the `on…` handlers, which belong to the library that negotiates.
    const { signal } = this.#until;
    const look = () => this.#look();
    connection.addEventListener('connectionstatechange', look, { signal });
    connection.addEventListener('iceconnectionstatechange', look, { signal });
    connection.addEventListener('signalingstatechange', look, { signal });
  }

  /** Looks no more. A browser keeps what is listened to, even when it is closed. */
  stop(): void {
    this.#until.abort();
  }

  /** The other side's description is known. */
  get isAnswered(): boolean {
    return this.#connection.remoteDescription !== null;
  }

  /** The connection was up. */
  get isSecured(): boolean {
    return this.#isSecured;
  }

  /** What it means that the connection failed. */
  get failure(): Ending {
    if (this.#isSecured) return LOST;
    return this.#hadWay ? NOT_ENCRYPTED : NO_WAY;
  }

  #look(): void {
    const { connectionState, iceConnectionState } = this.#connection;
    this.#secure();
    const hasWay = iceConnectionState === 'connected' || iceConnectionState === 'completed';
    if (hasWay) this.#hadWay = true;
    if (hasWay && connectionState === 'connected') {
      this.#doubt(false);
      this.#events.connected?.();
    } else if (connectionState === 'disconnected' || iceConnectionState === 'disconnected') {
      this.#doubt(true);
    } else if (connectionState === 'failed') {
      this.#doubt(true);
      this.#events.failed();
    }
  }

  #secure(): void {
    if (this.#isSecured) return;
    // It alone says when the certificates are there: the connection may call itself connected before, and does not say so again.
    const dtls = this.#connection.sctp?.transport;
    if (dtls !== undefined && this.#dtls !== dtls) {
      this.#dtls = dtls;
      const changed = () => {
        if (dtls.state === 'closed') this.#events.closed();
        else this.#look();
      };
      dtls.addEventListener('statechange', changed, { signal: this.#until.signal });
    }
    const certificates = certificatesOf(this.#connection);
    if (certificates === undefined) return;
    this.#isSecured = true;
    this.#events.secured(certificates);
  }

  #doubt(isDoubtful: boolean): void {
    if (this.#isDoubtful === isDoubtful) return;
    this.#isDoubtful = isDoubtful;
    // Before the connection was up, there is nothing to be lost.
    if (this.#isSecured) this.#events.doubtful(isDoubtful);
  }
}
