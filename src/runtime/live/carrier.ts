/** What carries a link: a connection that a transport negotiates, or a relay through the server. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import type { Channels } from '../../net/channel.ts';
import { closed, endedNegotiation } from '../../net/rtc/endings.ts';
import type { Certificates, Negotiation, NegotiationEvents } from '../../net/rtc/transport.ts';

/** The ways to another node. */
export type Way = 'direct' | 'relay';

/** A relay is taken for a negotiation that has nothing to negotiate. */
export type Carrier = Negotiation;

/** What a carrier tells about itself. */
export type CarrierEvents = Pick<NegotiationEvents, 'doubtful' | 'closed'>;

/**
 * Makes a link through the server to one other node, where there is no direct way. Both sides call it with the same attempt, as soon as the
 * other may have: the side that dials first.
 */
export type RelayFactory = (node: NodeId, attempt: string, isInitiator: boolean) => RelayedLink;

/** One end of a relayed link. */
export interface RelayedLink {
  /** For the worker: the far ends of channels like those of any link. */
  readonly ports: Channels<MessagePort>;
  /** Fulfilled when it is encrypted from end to end: with hashes of both sides' keys, which the identity proof is bound to. */
  readonly secured: Promise<Certificates>;
  /** Fulfilled with the reason when it is gone, whoever ended it. Neither promise is ever rejected. */
  readonly closed: Promise<string>;
  /** Ends it, and the ports with it. Harmless when called again. */
  close(): void;
}

/** What becomes of a relay's ports and keys. */
export interface RelayEvents extends Pick<CarrierEvents, 'closed'> {
  ports(ports: Channels<MessagePort>): void;
  secured(certificates: Certificates): void;
}

/** Begins a relayed link and keeps it. */
export function relayCarrier(make: () => RelayedLink, events: RelayEvents): Carrier {
  let relayed: RelayedLink;
  try {
    relayed = make();
  } catch (error) {
    return endedNegotiation(closed(messageOf(error)), events);
  }
  events.ports(relayed.ports);
  void relayed.secured.then((certificates) => events.secured(certificates));
  void relayed.closed.then((reason) => events.closed(closed(reason)));
  return {
    isAnswered: true,
    signal: () => {},
    restart: () => false,
    close: () => relayed.close(),
  };
}
