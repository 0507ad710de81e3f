/** Why connections end, in words that say what to do. */

import type { Ending, Negotiation, NegotiationEvents } from './transport.ts';

/** This side ended it. */
export const CLOSED_HERE = closed('the connection was closed');

/** The other side ended it. */
export const CLOSED_THERE = closed('the other side closed it');

/** A negotiation takes so many signals, and no more. */
export const FLOODED = closed('too many signals came');

/** It was up and is not any more. */
export const LOST = closed('the way to the other side was lost');

/** There is a way, but not to whom signaling promised. */
export const NOT_ENCRYPTED = closed(
  'it could not be encrypted: the certificate is not the one that was announced',
);

/** ICE failed. */
export const NO_WAY: Ending = {
  kind: 'no-way',
  reason:
    'no way to the other side was found: are both on the same network, and does it let its devices talk to each other? Otherwise a TURN server is needed',
};

/** There is nothing to try. */
export const UNSUPPORTED: Ending = {
  kind: 'unsupported',
  reason:
    'this browser has no WebRTC, or it is switched off: use a current Chrome, Edge, Firefox or Safari, and look for extensions and settings that block WebRTC',
};

/** An ending like most. */
export function closed(reason: string): Ending {
  return { kind: 'closed', reason };
}

/** Why the browser refused to make a connection. */
export function refusal(error: unknown): Ending {
  if (typeof RTCPeerConnection === 'undefined') return UNSUPPORTED;
  const text = error instanceof Error ? error.message : String(error);
  return { kind: 'busy', reason: `the browser makes no connection at the moment (${text})` };
}

/** A negotiation that could not begin. */
export function endedNegotiation(
  ending: Ending,
  events: Pick<NegotiationEvents, 'closed'>,
): Negotiation {
  queueMicrotask(() => events.closed(ending));
  return { isAnswered: false, signal: () => {}, restart: () => false, close: () => {} };
}
