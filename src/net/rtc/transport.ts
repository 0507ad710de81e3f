/**
 * Transports: ways in which a page negotiates connections. Each gives the same three channels; what flows on them is the same whichever
 * negotiated them. They need a page: workers have no RTCPeerConnection.
 *
 * ```ts
 * const transport = openTransport('simple-peer', { localName, iceServers: () => [], peerServer: undefined });
 * const negotiation = transport.negotiate(request, events);   // 1. the same attempt at both sides
 * negotiation.signal(data);                                   // 2. whatever the other side's `events.signal` said, in order
 * negotiation.close();                                        // 3. `events.closed` follows, once
 * ```
 *
 * One suite (`tests/browser/net/transport.suite.ts`) runs over all of them.
 */

import type { Channels } from '../channel.ts';

/** The ways, as `--link` names them. */
export const LINK_KINDS = ['simple-peer', 'peerjs', 'native'] as const;

/** One of the {@link LINK_KINDS}. */
export type LinkKind = (typeof LINK_KINDS)[number];

/** What makes a transport. */
export interface TransportOptions {
  /**
   * The node whose connections these are: unique on the signaling server, at most 64 letters and digits, a new one for every load of the
   * page.
   */
  readonly localName: string;
  /**
   * STUN and TURN, asked for at every connection, as credentials expire. None unless configured: an unreachable STUN server delays every
   * connection of an offline LAN by 40 s.
   */
  readonly iceServers: () => readonly RTCIceServer[];
  /** Where a server speaks the PeerServer protocol; `peerjs` needs it, the others do not. */
  readonly peerServer: PeerServer | undefined;
}

/** A server that speaks the PeerServer protocol, at the path and with the key that are usual. */
export interface PeerServer {
  readonly host: string;
  readonly port: number;
  /** TLS. */
  readonly secure: boolean;
}

/** Begins connections of one node of this page. */
export interface Transport {
  /** Begins one side of one connection. The other side begins as well, with the same attempt and the names exchanged. Throws nothing. */
  negotiate(request: NegotiationRequest, events: NegotiationEvents): Negotiation;
  /** Ends whatever it keeps beside its negotiations. */
  close(): void;
}

/** One side of one attempt to connect two nodes. */
export interface NegotiationRequest {
  /** Exactly one of the two sides makes the offer, and only that one: there is no glare. */
  readonly isInitiator: boolean;
  /** Names the attempt, the same at both sides and never used again between the two. */
  readonly attempt: string;
  /** The other side's {@link TransportOptions.localName}. */
  readonly remoteName: string;
}

/** What a negotiation tells. None of them may throw. */
export interface NegotiationEvents {
  /** The channels, once, perhaps before `negotiate` returns. Take them or transfer them before the current task ends. */
  channels(channels: Channels<RTCDataChannel>): void;
  /** Something to be handed to the other side's {@link Negotiation.signal}, in order. Plain JSON. */
  signal(data: unknown): void;
  /** The connection is encrypted: what both certificates hash to. Once, before a frame of this side can arrive at the other. */
  secured(certificates: Certificates): void;
  /** The way to the other side is doubtful (true), or good again (false). */
  doubtful(isDoubtful: boolean): void;
  /** The connection is gone, once, whoever ended it; never before `negotiate` has returned. */
  closed(ending: Ending): void;
}

/** SHA-256 of both sides' DTLS certificates: what binds an identity to this very connection. */
export interface Certificates {
  readonly own: Uint8Array;
  readonly other: Uint8Array;
}

/** Why a connection is gone. */
export interface Ending {
  readonly kind: EndingKind;
  /** For people; says what to do where there is something to do. */
  readonly reason: string;
}

/**
 * What an ending means for the next attempt: `no-way` no path between the two was found (ICE failed), `busy` the browser makes no more
 * connections at the moment, `unsupported` it makes none at all, `closed` everything else.
 */
export type EndingKind = 'closed' | 'no-way' | 'busy' | 'unsupported';

/** A connection in the making, and what keeps it once it is made. */
export interface Negotiation {
  /** The other side takes part: what may still be missing is a way to it. */
  readonly isAnswered: boolean;
  /**
   * Takes what the other side signalled; throws nothing. What is no signal, or none that is awaited, is dropped. A description that the
   * browser refuses closes the negotiation, and so do more signals than a negotiation takes.
   */
  signal(data: unknown): void;
  /** Looks for a new way on the same connection (an ICE restart), its channels stay open; false where this side cannot. */
  restart(): boolean;
  /** Ends the connection. Harmless when called again. */
  close(): void;
}
