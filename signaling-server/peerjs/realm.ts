/**
 * Which PeerJS clients are there, and what they say to one another. As the switchboard for rooms,
 * it sends through outlets and knows nothing of sockets.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { CLOSE_CODES, type CloseCode } from '../../src/net/signaling/protocol.ts';
import type { Metrics } from '../metrics.ts';
import { Mailboxes, type MailboxLimits } from './mailboxes.ts';
import { refusal, type PeerAnswer, type PeerCredentials, type PeerMessage } from './protocol.ts';

/** How the realm reaches one client. Neither method may throw, or speak to the realm at once. */
export interface PeerOutlet {
  /** Sends one frame; false when the client can no longer be reached. */
  deliver(frame: string): boolean;
  /** Ends the connection after what was delivered. */
  end(code: CloseCode): void;
}

interface Peer {
  readonly token: string;
  readonly outlet: PeerOutlet;
}

/** The clients of one key. */
export class PeerRealm {
  readonly #peers = new Map<string, Peer>();
  readonly #mailboxes: Mailboxes;
  readonly #metrics: Metrics;

  constructor(limits: MailboxLimits, metrics: Metrics) {
    this.#metrics = metrics;
    this.#mailboxes = new Mailboxes(limits, (destination, senders, count) => {
      metrics.count('peer_messages_expired', count);
      for (const sender of senders) this.#tell(sender, expired(destination, sender));
    });
  }

  /** The ids of the clients that are there. */
  get ids(): string[] {
    return [...this.#peers.keys()];
  }

  /** How many clients are there. */
  get size(): number {
    return this.#peers.size;
  }

  /** How many messages wait for clients that are not. */
  get waiting(): number {
    return this.#mailboxes.count;
  }

  /** An id that nobody has. */
  freshId(): string {
    let id: string;
    do id = randomUUID();
    while (this.#peers.has(id));
    return id;
  }

  /**
   * Registers a client and answers `OPEN`, or ends it because its id is taken. A client that
   * connects again (same id and token) replaces its own ghost at once: the network that broke its
   * old connection has not told the server, and may not for minutes.
   */
  register({ id, token }: PeerCredentials, outlet: PeerOutlet): boolean {
    const ghost = this.#peers.get(id);
    if (ghost !== undefined && !sameSecret(token, ghost.token)) {
      outlet.deliver(encode(refusal('ID-TAKEN', 'Another client has this id.')));
      return false;
    }
    this.#peers.set(id, { token, outlet });
    ghost?.outlet.end(CLOSE_CODES.superseded);
    outlet.deliver(encode({ type: 'OPEN' }));
    for (const frame of this.#mailboxes.take(id)) this.#hand(outlet, frame);
    return true;
  }

  /** Takes a verified message of the client that `outlet` speaks for. */
  receive(src: string, message: PeerMessage, outlet: PeerOutlet): void {
    if (message.type === 'HEARTBEAT') return;
    if (message.dst === undefined) {
      this.remove(src, outlet);
      return outlet.end(CLOSE_CODES.done);
    }
    const { type, dst } = message;
    const frame = encode({ ...message, src, dst });
    const target = this.#peers.get(dst);
    if (target === undefined) {
      // That somebody left is no news to who comes later.
      if (type === 'LEAVE' || this.#mailboxes.keep(dst, src, frame)) return;
      this.#metrics.count('peer_messages_dropped');
      outlet.deliver(encode(expired(dst, src)));
    } else if (!this.#hand(target.outlet, frame)) {
      // Its socket is about to end, and the sender need not wait for that.
      outlet.deliver(encode({ type: 'LEAVE', src: dst, dst: src }));
    }
  }

  /** Removes a client, unless another connection speaks for it by now. */
  remove(id: string, outlet: PeerOutlet): void {
    if (this.#peers.get(id)?.outlet === outlet) this.#peers.delete(id);
  }

  /** Forgets what waits. */
  close(): void {
    this.#mailboxes.clear();
  }

  #hand(outlet: PeerOutlet, frame: string): boolean {
    const sent = outlet.deliver(frame);
    if (sent) this.#metrics.count('peer_messages_relayed');
    return sent;
  }

  #tell(id: string, message: PeerAnswer): void {
    this.#peers.get(id)?.outlet.deliver(encode(message));
  }
}

/** The frame of an answer. */
export function encode(answer: PeerAnswer): string {
  return JSON.stringify(answer);
}

function expired(missing: string, sender: string): PeerAnswer {
  return { type: 'EXPIRE', src: missing, dst: sender };
}

/** Both were verified to be ASCII. */
function sameSecret(given: string, kept: string): boolean {
  return given.length === kept.length && timingSafeEqual(Buffer.from(given), Buffer.from(kept));
}
