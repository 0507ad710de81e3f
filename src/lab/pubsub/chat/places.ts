/** Who has a place in a chat: as many members as its code says, and guests. */

import type { NodeId } from '../../../core/id.ts';

/** Places beside the members, for those who come later. */
const GUESTS_MAX = 5;

/** The places of a chat that begins with so many. */
export function chatPlaces(members: number): {
  readonly members: readonly NodeId[];
  readonly others: readonly NodeId[];
} {
  const named = (letter: string, count: number): NodeId[] =>
    Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
  return { members: named('p', members), others: named('g', GUESTS_MAX) };
}

/** With how many the chat of a room's code begins; undefined for a room that is none of a chat. */
export function chatSizeOf(code: string): number | undefined {
  const [, members] = /^T([235])-/.exec(code) ?? [];
  return members === undefined ? undefined : Number(members);
}
