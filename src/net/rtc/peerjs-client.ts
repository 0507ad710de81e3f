/**
 * One node's place at a PeerServer: the PeerJS client, loaded when it is wanted, registered again whenever the server was lost, and kept from
 * hearing what it should not believe.
 */

import type { DataConnection, Peer } from 'peerjs';
import { toHex } from '../hex.ts';
import { Backoff } from '../signaling/backoff.ts';
import { SIGNALING_TIMING } from '../signaling/timing.ts';
import { readPeerServerMessage, type PeerServerMessage } from './peer-server-messages.ts';
import type { PeerServer, TransportOptions } from './transport.ts';

/** What a client calls. */
export interface PeerClientEvents {
  /** The server knows this node now, for the first time or again. */
  open(): void;
  /** Whether a message is awaited; what is not does not reach the library. */
  admits(message: PeerServerMessage): boolean;
  /** What an admitted message asks for is impossible: the browser makes no more connections. */
  failed(message: PeerServerMessage, error: unknown): void;
  /** Another node began a connection, with an offer that was admitted. */
  connection(connection: DataConnection): void;
}

/** Registered under one name until it is closed. */
export class PeerClient {
  readonly #options: TransportOptions & { readonly peerServer: PeerServer };
  readonly #events: PeerClientEvents;
  readonly #backoff = new Backoff({
    delayMsMin: SIGNALING_TIMING.reconnectDelayMsMin,
    delayMsMax: SIGNALING_TIMING.reconnectDelayMsMax,
    random: () => Math.random(),
  });
  #peer: Peer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(
    options: TransportOptions & { readonly peerServer: PeerServer },
    events: PeerClientEvents,
  ) {
    this.#options = options;
    this.#events = events;
    void this.#begin();
  }

  get isOpen(): boolean {
    return this.#peer?.open ?? false;
  }

  /** Begins a connection; only while the client is open. @throws what the browser says when it makes no more connections */
  connect(remoteName: string, attempt: string): DataConnection {
    return this.#peer!.connect(remoteName, {
      metadata: attempt,
      label: 'parley-life',
      reliable: true,
      serialization: 'raw',
    });
  }

  /** Takes the name from the server; connections that are left end with it. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#peer?.destroy();
  }

  async #begin(): Promise<void> {
    try {
      const library = await import('peerjs');
      if (!this.#isClosed) this.#register(library.Peer);
    } catch {
      // Its script could not be loaded: the server is away.
      this.#beginAgain();
    }
  }

  #register(Client: typeof Peer): void {
    const { localName, iceServers, peerServer } = this.#options;
    const peer = new Client(localName, {
      ...peerServer,
      path: '/',
      key: 'peerjs',
      token: toHex(crypto.getRandomValues(new Uint8Array(16))),
      config: {
        get iceServers() {
          return [...iceServers()];
        },
      },
      debug: 0,
    });
    this.#peer = peer;
    this.#guard(peer);
    peer.on('open', () => {
      this.#backoff.reset();
      this.#events.open();
    });
    peer.on('connection', (connection) => this.#events.connection(connection));
    // After whatever went wrong the client is disconnected; connections that are up live on.
    peer.on('disconnected', () => this.#beginAgain());
  }

  /** Puts our reading of messages before the library's. */
  #guard({ socket }: Peer): void {
    const listeners = socket.listeners('message');
    socket.removeAllListeners('message');
    socket.on('message', (data: unknown) => {
      const message = readPeerServerMessage(data);
      if (message === undefined || !this.#events.admits(message)) return;
      try {
        for (const listener of listeners) (listener as (data: unknown) => void)(data);
      } catch (error) {
        this.#events.failed(message, error);
      }
    });
  }

  #beginAgain(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // A client that the server has never accepted destroys itself.
      if (this.#peer === undefined || this.#peer.destroyed) void this.#begin();
      else this.#peer.reconnect();
    }, this.#backoff.nextDelayMs());
  }
}
