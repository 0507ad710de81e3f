/**
 * STUN and TURN servers for clients. Accounts at TURN servers are made by the scheme that coturn
 * calls `use-auth-secret` (draft-uberti-behave-turn-rest-00): the name says until when it is good,
 * and the password follows from the name by a secret that only the two servers share.
 */
import { createHmac } from 'node:crypto';
import type { IceServer } from '../src/net/signaling/protocol.ts';

/** Which servers clients are told of. */
export interface IceConfiguration {
  /** Addresses of STUN servers. */
  readonly stunUrls?: readonly string[];
  readonly turn?: TurnConfiguration;
}

/** One TURN server, perhaps under several addresses. */
export interface TurnConfiguration {
  readonly urls: readonly string[];
  /** What coturn has as `static-auth-secret`. It never leaves this process. */
  readonly secret: string;
  /** For how long credentials can be used to begin a connection. */
  readonly ttlSeconds: number;
}

/** How long credentials are good unless said otherwise: longer than any lesson. */
export const TURN_TTL_SECONDS = 86_400;

/** The servers for one member from now on. `nowMs` is the time of day, which both servers share. */
export function iceServersFor(
  { stunUrls = [], turn }: IceConfiguration,
  member: string,
  nowMs: number,
): IceServer[] {
  const stun = stunUrls.length === 0 ? [] : [{ urls: [...stunUrls] }];
  return turn === undefined ? stun : [...stun, turnServer(turn, member, nowMs)];
}

function turnServer(
  { urls, secret, ttlSeconds }: TurnConfiguration,
  member: string,
  nowMs: number,
): IceServer {
  const expiresAt = Math.trunc(nowMs / 1000) + ttlSeconds;
  const username = `${expiresAt}:${member}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { urls: [...urls], username, credential };
}
