/**
 * Where sockets come in: says which of the server's two languages an upgrade is for, and turns
 * away those that are too many.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE_CODES, encodeMessage, SIGNAL_PATH } from '../src/net/signaling/protocol.ts';
import { ClientConnection, type ConnectionContext } from './client-connection.ts';
import { clientAddress } from './client-address.ts';
import { addressOf } from './http-routes.ts';
import { PeerConnection, type PeerContext } from './peerjs/connection.ts';
import { PEERJS_PATH, refusal } from './peerjs/protocol.ts';
import { encode } from './peerjs/realm.ts';
import { refuseSocket } from './responses.ts';

/** Takes over the sockets of upgrades that are not for signaling. */
export type UpgradeFallback = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Accepts the sockets of a server and holds them until they end. */
export class Door {
  readonly #context: ConnectionContext & PeerContext;
  readonly #fallback: UpgradeFallback | undefined;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Set<ClientConnection | PeerConnection>();
  #turningAway = 0;
  #closed = false;

  constructor(context: ConnectionContext & PeerContext, fallback: UpgradeFallback | undefined) {
    this.#context = context;
    this.#fallback = fallback;
    // With a server of its own, `ws` would answer 400 to every upgrade that is not for it.
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: context.limits.frameBytes,
      maxFragments: context.limits.frameFragments,
      maxBufferedChunks: context.limits.frameChunks,
    });
  }

  /** How many sockets it holds. */
  get size(): number {
    return this.#connections.size;
  }

  /** Takes an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#closed) return refuseSocket(socket, 503, 'Service Unavailable');
    const address = addressOf(request);
    if (address?.pathname === SIGNAL_PATH || address?.pathname === PEERJS_PATH) {
      return this.#receive(address, request, socket, head);
    }
    if (this.#fallback === undefined) return refuseSocket(socket, 404, 'Not Found');
    this.#fallback(request, socket, head);
  }

  /** Cuts off who gave no sign of life since this was last called. */
  checkAlive(): void {
    for (const connection of this.#connections) connection.checkAlive();
  }

  /**
   * Ends every connection and accepts no more. All in this turn: who was ended hears nothing more,
   * and so nobody hears that the others left, when in truth they are all about to come back.
   */
  close(): void {
    this.#closed = true;
    for (const connection of this.#connections) connection.end(CLOSE_CODES.goingAway);
  }

  #receive(address: URL, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { limits, metrics } = this.#context;
    const isFull = this.#connections.size >= limits.connections;
    if (isFull) {
      metrics.count('connections_refused');
      this.#context.log({ level: 'warn', event: 'server-full', connections: limits.connections });
      if (this.#turningAway >= limits.turnedAway) {
        return refuseSocket(socket, 503, 'Service Unavailable');
      }
    }
    this.#webSockets.handleUpgrade(request, socket, head, (client) => {
      if (isFull) this.#turnAway(client, address);
      else this.#accept(client, address, clientAddress(request, this.#context.proxies));
    });
  }

  #accept(client: WebSocket, address: URL, from: string): void {
    this.#context.metrics.count('connections');
    const onClosed = () => void this.#connections.delete(connection);
    const connection =
      address.pathname === PEERJS_PATH
        ? new PeerConnection(client, address, this.#context, onClosed)
        : new ClientConnection(client, from, this.#context, onClosed);
    this.#connections.add(connection);
  }

  /** Over the socket, because a page cannot read why a handshake was refused. */
  #turnAway(client: WebSocket, address: URL): void {
    const { connections, closeGraceMs } = this.#context.limits;
    this.#turningAway++;
    const message = `This server is full (${connections} connections). Try again later.`;
    client.on('error', () => {});
    client.send(
      address.pathname === PEERJS_PATH
        ? encode(refusal('ERROR', message))
        : encodeMessage({ type: 'error', code: 'server-full', message }),
    );
    client.close(CLOSE_CODES.tryAgainLater);
    const timer = setTimeout(() => client.terminate(), closeGraceMs);
    client.on('close', () => {
      clearTimeout(timer);
      this.#turningAway--;
    });
  }
}
