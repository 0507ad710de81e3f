/** One PeerJS client: the frames of its socket for the realm, and the realm's for its socket. */
import type { WebSocket } from 'ws';
import { CLOSE_CODES, type CloseCode } from '../../src/net/signaling/protocol.ts';
import { ClientSocket, type SocketContext, type SocketOwner } from '../client-socket.ts';
import { parsePeerMessage, readCredentials } from './protocol.ts';
import { encode, type PeerOutlet, type PeerRealm } from './realm.ts';

/** What all PeerJS clients share. */
export interface PeerContext extends SocketContext {
  readonly realm: PeerRealm;
}

/** A client, from its handshake to the end of its socket. */
export class PeerConnection implements PeerOutlet, SocketOwner {
  readonly #socket: ClientSocket;
  readonly #realm: PeerRealm;
  /** Empty unless the client is registered. */
  readonly #id: string = '';

  /** `address` is where its socket was opened. `onClosed` is called when nothing of it is left. */
  constructor(socket: WebSocket, address: URL, context: PeerContext, onClosed: () => void) {
    this.#realm = context.realm;
    this.#socket = new ClientSocket(socket, context, this, onClosed);
    const credentials = readCredentials(address);
    if ('type' in credentials) this.deliver(encode(credentials));
    else if (this.#realm.register(credentials, this)) {
      this.#id = credentials.id;
      return;
    }
    context.metrics.count('peers_refused');
    this.end(CLOSE_CODES.policy);
  }

  /** Sends a frame; false when the client can no longer be reached. */
  deliver(frame: string): boolean {
    return this.#socket.send(frame);
  }

  /** Closes the socket after what was sent. */
  end(code: CloseCode): void {
    this.#socket.end(code);
  }

  /** Asks for a sign of life, and cuts off a client that gave none since it was last asked. */
  checkAlive(): void {
    this.#socket.checkAlive();
  }

  /** Takes a frame. */
  read(frame: string, price: number): void {
    if (!this.#socket.pay(price)) return;
    const message = parsePeerMessage(frame);
    if (message === undefined) this.#socket.countMalformed();
    else this.#realm.receive(this.#id, message, this);
  }

  /** Its language has no words for a dropped frame: `ERROR` makes a client give up for good. */
  complain(): void {}

  /** Frees the id. */
  gone(): void {
    if (this.#id !== '') this.#realm.remove(this.#id, this);
  }
}
