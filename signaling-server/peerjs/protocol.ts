/**
 * The protocol of PeerServer, as the stock `peerjs` client speaks it: JSON text frames with a
 * `type`. A client names itself in the address of its socket and is answered `OPEN`; after that
 * it sends messages with a `dst`, which arrive there with its own id as `src`.
 */
import * as v from 'valibot';
import {
  isShallow,
  PAYLOAD_DEPTH_MAX,
  PROBLEM_LENGTH_MAX,
} from '../../src/net/signaling/protocol.ts';

/** The key that stock clients use, and the only one here. */
export const PEERJS_KEY = 'peerjs';

/** Where sockets of PeerJS clients are accepted, and below which are the two HTTP routes. */
export const PEERJS_PATH = '/peerjs';

/** Longer ones are nobody's name; PeerJS's own are 36 characters. */
export const PEER_ID_LENGTH_MAX = 128;

/** PeerJS makes tokens of about ten characters; somebody may hand in a longer secret. */
export const PEER_TOKEN_LENGTH_MAX = 256;

/** Who a client says it is. */
export interface PeerCredentials {
  readonly id: string;
  /** Proves, when the client connects again, that it is the same one. */
  readonly token: string;
}

/** What a client may say. */
export type PeerMessage = v.InferOutput<typeof peerMessage>;

/** What it is told. */
export type PeerAnswer =
  | { readonly type: 'OPEN' }
  | {
      readonly type: 'ERROR' | 'ID-TAKEN' | 'INVALID-KEY';
      readonly payload: { readonly msg: string };
    }
  /** `src` was not there within the time, or is no longer; `dst` is who hears it. */
  | { readonly type: 'EXPIRE' | 'LEAVE'; readonly src: string; readonly dst: string }
  | (Extract<PeerMessage, { dst: string }> & { readonly src: string });

// A stock client allows letters and digits joined by spaces, hyphens and underscores.
const ID = new RegExp(`^[!-~](?:[ -~]{0,${PEER_ID_LENGTH_MAX - 2}}[!-~])?$`);
const TOKEN = new RegExp(`^[ -~]{1,${PEER_TOKEN_LENGTH_MAX}}$`);

const destination = v.pipe(v.string(), v.maxLength(PEER_ID_LENGTH_MAX), v.minLength(1));
// Clients read into it without looking, so it has to be an object; what is in it is between them.
const payload = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && isShallow(value),
  `must be an object nested at most ${PAYLOAD_DEPTH_MAX} deep`,
);
const peerMessage = v.variant('type', [
  v.object({ type: v.picklist(['OFFER', 'ANSWER', 'CANDIDATE']), dst: destination, payload }),
  v.object({ type: v.literal('LEAVE'), dst: v.exactOptional(destination) }),
  v.object({ type: v.literal('HEARTBEAT') }),
]);

/** Reads a frame of a client; undefined when it is none. Never throws. */
export function parsePeerMessage(frame: string): PeerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return undefined;
  }
  const result = v.safeParse(peerMessage, value, { abortEarly: true, abortPipeEarly: true });
  return result.success ? result.output : undefined;
}

/** Reads the address of a client's socket: who it is, or what it is answered instead. */
export function readCredentials(url: URL): PeerCredentials | PeerAnswer {
  const [id, token, key] = ['id', 'token', 'key'].map((name) => url.searchParams.get(name) ?? '');
  if (!id || !token || !key) return refusal('ERROR', 'The address lacks a key, an id or a token.');
  if (key !== PEERJS_KEY) return refusal('INVALID-KEY', `The key of this server is ${PEERJS_KEY}.`);
  if (!ID.test(id)) {
    const rule = `1 to ${PEER_ID_LENGTH_MAX} ASCII characters, without spaces around them`;
    return refusal('ERROR', `The id cannot be used: it must be ${rule}.`);
  }
  if (TOKEN.test(token)) return { id, token };
  return refusal('ERROR', `The token must be 1 to ${PEER_TOKEN_LENGTH_MAX} ASCII characters.`);
}

/** An answer that refuses something, with a sentence for a person. */
export function refusal(type: 'ERROR' | 'ID-TAKEN' | 'INVALID-KEY', msg: string): PeerAnswer {
  return { type, payload: { msg: msg.slice(0, PROBLEM_LENGTH_MAX) } };
}
