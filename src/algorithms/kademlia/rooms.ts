/**
 * Rooms: a node that is in one says so under the room's name, again and again, and looks for the others who do. Nobody has to leave: a record that
 * is not renewed expires, and whoever is not found any more is no peer.
 */

import type { NodeId } from '../../core/id.ts';
import { positionOf } from './positions.ts';
import { search } from './searching.ts';
import type { Effects, State } from './state.ts';

/** Rooms that a node may be in: each costs two lookups at every refresh. */
export const ROOMS_MAX = 16;

/** Peers of a room to which links are wanted; the others are found, and reported. */
const LINKED_PEERS_MAX = 8;

/** Refreshes that a record outlives: a lookup that came to nothing, or two, must not make a node disappear. */
const REFRESHES_KEPT = 3;

/** The key under which those who are in a room are found. */
export function roomKey(room: string): string {
  return `room:${room}`;
}

/** Says once more where this node is, and looks for those who are there too. */
export function refreshRooms(state: State, now: number, out: Effects): void {
  const lifetimeMs = REFRESHES_KEPT * state.parameters.roomRefreshMs;
  for (const room of state.rooms.keys()) {
    const key = roomKey(room);
    const target = positionOf(key);
    search(state, target, { kind: 'provide', key, ticket: 0, lifetimeMs }, out);
    // What this node keeps itself, nobody else may know any more.
    const own = [...(state.providers.get(key) ?? [])];
    const found = own.flatMap(([id, untilMs]) => (untilMs > now ? [id] : []));
    search(state, target, { kind: 'room', key, room }, out, found);
  }
}

/** To whom links are wanted: those in the same rooms. */
export function roomPeers(rooms: ReadonlyMap<string, readonly NodeId[]>): NodeId[] {
  const peers = Array.from(rooms.values(), (ids) => ids.slice(0, LINKED_PEERS_MAX));
  return [...new Set(peers.flat())];
}
