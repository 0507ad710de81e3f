/**
 * Who may do what in a room. Its creator signs a charter, which newcomers get and keep; the creator, or who follows it, manages the room and
 * gives others the right to direct.
 *
 * Everybody works this out alone, from the same statements: there is no vote, and nothing to be agreed upon.
 */

import type { Charter, Rights } from './messages.ts';

/** A member, as far as the order of succession wants to know it. */
export interface Heir {
  readonly member: string;
  readonly order: number;
  readonly isPresent: boolean;
}

/** What the room knows about who may do what. */
export interface Authority {
  readonly charter: Charter | undefined;
  readonly rights: Rights;
  /** Everybody; those who were sent away inherit nothing. */
  readonly members: Iterable<Heir>;
}

/** Nobody has been given or denied anything. */
export const NO_RIGHTS: Rights = { directors: [], kicked: [] };

/** What a new room's charter says. */
export function newCharter(
  creator: string,
  key: string,
  access: Charter['access'],
  createdAtMs: number,
): Charter {
  // An open room belongs to whoever is in it; in a closed one those come first whom its creator trusted.
  const succession = access === 'open' ? 'first' : 'directors-first';
  return { creator, key, createdAtMs, access, succession };
}

/** Whether the creator, or who manages in its place, keeps this member out. */
export function isKicked({ kicked }: Rights, member: string, key: string | undefined): boolean {
  return kicked.some((one) => one.member === member || (key !== undefined && one.key === key));
}

/**
 * Who manages the room: its creator while it is present, otherwise the first who remains, by the order of joining; undefined when nobody may.
 */
export function managerOf({ charter, rights, members }: Authority): string | undefined {
  if (charter === undefined) return undefined;
  const present = [...members]
    .filter(({ isPresent, member }) => isPresent && !isKicked(rights, member, undefined))
    .toSorted((a, b) => a.order - b.order);
  if (present.some(({ member }) => member === charter.creator)) return charter.creator;
  const trusted = present.find(({ member }) => rights.directors.includes(member));
  const isTrustedFirst = charter.succession === 'directors-first';
  return ((isTrustedFirst ? trusted : undefined) ?? present[0])?.member;
}

/** Whether a member may choose, start and command. */
export function mayDirect(authority: Authority, member: string): boolean {
  const { charter, rights } = authority;
  if (charter === undefined || isKicked(rights, member, undefined)) return false;
  return (
    member === charter.creator ||
    rights.directors.includes(member) ||
    member === managerOf(authority)
  );
}

/** Whether a member may send others away, and give and take rights. */
export function mayManage(authority: Authority, member: string): boolean {
  return authority.charter !== undefined && member === managerOf(authority);
}
