/**
 * What may pass from a PeerServer to the PeerJS client. The client believes whatever it is told: it makes a connection for every offer, keeps
 * messages of unknown connections for ever, and drops a living connection because the other side has lost the server. So each message is read
 * here first.
 */

import { readCandidate, readRtcSignal } from './signals.ts';

/** A message that says something about one connection. */
export interface ConnectionMessage {
  readonly type: 'OFFER' | 'ANSWER' | 'CANDIDATE';
  /** Name of the sender; the server vouches for it. */
  readonly from: string;
  readonly connectionId: string;
  /** What the sender attached to its offer. */
  readonly metadata: unknown;
}

/** A message that was read. */
export type PeerServerMessage =
  | ConnectionMessage
  /** Nobody of that name came in time. */
  | { readonly type: 'EXPIRE'; readonly from: string }
  /** Whether this client is welcome. */
  | { readonly type: 'OPEN' | 'ID-TAKEN' | 'INVALID-KEY' | 'ERROR' };

/** Longest name, number of a connection, or text of an error. */
const TEXT_CHARACTERS_MAX = 256;

/** Reads a message; undefined for one that must not pass. */
export function readPeerServerMessage(data: unknown): PeerServerMessage | undefined {
  if (!isRecord(data)) return undefined;
  const { type, src: from, payload } = data;
  switch (type) {
    case 'OPEN':
    case 'ID-TAKEN':
    case 'INVALID-KEY':
      return { type };
    case 'ERROR':
      return isRecord(payload) && isShort(payload['msg']) ? { type } : undefined;
    case 'EXPIRE':
      return isShort(from) ? { type, from } : undefined;
    case 'OFFER':
    case 'ANSWER':
    case 'CANDIDATE': {
      if (!isShort(from) || !isRecord(payload) || !isGenuine(type, payload)) return undefined;
      const { connectionId, metadata } = payload;
      return isShort(connectionId) ? { type, from, connectionId, metadata } : undefined;
    }
    // LEAVE among them: a link ends when its connection does, and not before.
    default:
      return undefined;
  }
}

function isGenuine(type: ConnectionMessage['type'], payload: Record<string, unknown>): boolean {
  if (payload['type'] !== 'data') return false;
  if (type === 'CANDIDATE') return readCandidate(payload['candidate']) !== undefined;
  if (readRtcSignal(payload['sdp'])?.type !== type.toLowerCase()) return false;
  return type === 'ANSWER' || (payload['serialization'] === 'raw' && isShort(payload['label']));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_CHARACTERS_MAX;
}
