/**
 * What the one who relays sees: a kind, the attempt that a packet belongs to, and bytes.
 *
 *     kind (1) | length of the attempt (1) | attempt | body
 *
 * `key`: whether the sender has our key (1), its ephemeral public key (32). `sealed`: its number (6), then what only the two ends can read
 * (see `relay-cipher.ts`). `bye`: the reason. All of it comes from strangers, so reading it never throws.
 */

import { ATTEMPT_LENGTH_MAX } from './limits.ts';

/** The kinds of packets. */
export const PACKET_KIND = { key: 1, sealed: 2, bye: 3 } as const;

/** One of the {@link PACKET_KIND}s. */
export type PacketKind = (typeof PACKET_KIND)[keyof typeof PACKET_KIND];

/** A packet, apart. */
export interface RelayPacket {
  readonly kind: PacketKind;
  readonly attempt: string;
  readonly body: Uint8Array;
}

/** Puts a packet together. */
export function packetOf(
  kind: PacketKind,
  attempt: string,
  ...body: readonly Uint8Array[]
): Uint8Array {
  const name = new TextEncoder().encode(attempt);
  const length = body.reduce((sum, part) => sum + part.length, 2 + name.length);
  const packet = new Uint8Array(length);
  packet.set([kind, name.length]);
  packet.set(name, 2);
  let at = 2 + name.length;
  for (const part of body) {
    packet.set(part, at);
    at += part.length;
  }
  return packet;
}

/** Takes a packet apart; undefined when it is none. */
export function readPacket(packet: Uint8Array): RelayPacket | undefined {
  const [kind, length] = packet;
  if (kind !== PACKET_KIND.key && kind !== PACKET_KIND.sealed && kind !== PACKET_KIND.bye) {
    return undefined;
  }
  if (length === undefined || length > ATTEMPT_LENGTH_MAX || packet.length < 2 + length) {
    return undefined;
  }
  const attempt = String.fromCharCode(...packet.subarray(2, 2 + length));
  return isAttempt(attempt) ? { kind, attempt, body: packet.subarray(2 + length) } : undefined;
}

/** Whether this can be the name of an attempt: visible ASCII, so that it has one writing. */
export function isAttempt(name: string): boolean {
  return name.length <= ATTEMPT_LENGTH_MAX && /^[!-~]+$/.test(name);
}
