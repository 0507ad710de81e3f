/**
 * Data channels negotiated by simple-peer. It needs a page: workers have no RTCPeerConnection.
 *
 * simple-peer negotiates and keeps the connection; Parley opens a channel of its own on it, with a fixed id, so that the channel can
 * be transferred into a worker in the task that made it.
 */

import SimplePeer from 'simple-peer';
import { CHANNEL_LABEL, CHANNEL_OPTIONS } from './channel-link.ts';

/** What a negotiation tells. */
export interface NegotiationEvents {
  /** Something to be handed to the other side's {@link Negotiation.signal}, in order. */
  signal(data: SimplePeer.SignalData): void;
  /** The connection is gone, once, whoever ended it. */
  closed(reason: string): void;
}

/** A connection in the making, and what keeps it once it is made. */
export interface Negotiation {
  /** Parley's channel. Take it or transfer it before the current task ends. */
  readonly channel: RTCDataChannel;
  /** Takes what the other side signalled; junk closes the negotiation and throws nothing. */
  signal(data: unknown): void;
  close(): void;
}

/** One of the two sides begins: it makes the offer. */
export function negotiate(
  isInitiator: boolean,
  iceServers: readonly RTCIceServer[],
  events: NegotiationEvents,
): Negotiation {
  const peer = new SimplePeer({
    initiator: isInitiator,
    trickle: true,
    config: { iceServers: [...iceServers] },
  }) as SimplePeer.Instance & { readonly _pc: RTCPeerConnection };
  const channel = peer._pc.createDataChannel(CHANNEL_LABEL, CHANNEL_OPTIONS);
  let reason = 'the connection was closed';
  peer.on('signal', (data) => events.signal(data));
  peer.on('error', (error) => {
    reason = describe(error);
  });
  peer.on('close', () => events.closed(reason));
  return {
    channel,
    signal: (data) => {
      try {
        if (typeof data === 'object' && data !== null) peer.signal(data as SimplePeer.SignalData);
      } catch (error) {
        peer.destroy(error as Error);
      }
    },
    close: () => {
      peer.destroy();
    },
  };
}

function describe(error: Error & { code?: string }): string {
  if (error.code === 'ERR_ICE_CONNECTION_FAILURE' || error.code === 'ERR_CONNECTION_FAILURE') {
    return 'no way to the other side was found: are both on the same network? Otherwise a TURN server is needed';
  }
  return error.message;
}
