/** Who is in a room that is reached in two ways at once: over a server, and between the tabs of this browser. */

import type { MemberDescription } from './protocol.ts';
import type { RosterChange } from './roster.ts';
import type { Departure } from './signaling.ts';

/** Through a server, or between the tabs of one browser. */
export type SignalingWay = 'server' | 'tabs';

interface Known {
  readonly description: MemberDescription;
  readonly ways: Set<SignalingWay>;
}

/** The members of a room, however each of them is reached. */
export class BothWays {
  readonly #known = new Map<string, Known>();

  /** The members by id, as they were described first. */
  get members(): ReadonlyMap<string, MemberDescription> {
    return new Map(Array.from(this.#known, ([id, { description }]) => [id, description]));
  }

  /** Whether this member is reached that way. */
  isReached(member: string, way: SignalingWay): boolean {
    return this.#known.get(member)?.ways.has(way) === true;
  }

  /** Whether somebody is reached between tabs and not over the server. */
  get needsTabs(): boolean {
    return [...this.#known.values()].some(({ ways }) => !ways.has('server'));
  }

  /** A member was seen there; returns what is news. */
  came(way: SignalingWay, member: MemberDescription): RosterChange[] {
    const known = this.#known.get(member.member);
    if (known !== undefined && known.description.incarnation > member.incarnation) return [];
    if (known?.description.incarnation === member.incarnation) {
      known.ways.add(way);
      // Each way ranks members by its own first joins: on both, the rank that was seen first stays.
      const { order } = known.ways.size > 1 ? known.description : member;
      const description = { ...member, order };
      if (isSame(known.description, description)) return [];
      this.#known.set(member.member, { description, ways: known.ways });
      return [{ name: 'joined', event: description }];
    }
    this.#known.set(member.member, { description: member, ways: new Set([way]) });
    const news: RosterChange = { name: 'joined', event: member };
    if (known === undefined) return [news];
    const { incarnation } = known.description;
    const event: Departure = { member: member.member, incarnation, reason: 'superseded' };
    return [{ name: 'left', event }, news];
  }

  /** A member was seen to leave there; returns what is news. */
  left(way: SignalingWay, event: Departure): RosterChange[] {
    const known = this.#known.get(event.member);
    if (known?.description.incarnation !== event.incarnation) return [];
    // Its newer incarnation is announced next.
    if (event.reason === 'superseded') return [];
    known.ways.delete(way);
    // A tab that was closed is gone for everybody. Whoever has only left one of the ways, or was lost there, is still on the other.
    if (event.reason !== 'closed' && known.ways.size > 0) return [];
    this.#known.delete(event.member);
    return [{ name: 'left', event }];
  }

  /** One of the ways is used no more. */
  forget(way: SignalingWay): void {
    for (const { ways } of this.#known.values()) ways.delete(way);
  }

  /** Forgets everybody. */
  clear(): void {
    this.#known.clear();
  }
}

function isSame(a: MemberDescription, b: MemberDescription): boolean {
  return (
    a.order === b.order && a.node === b.node && a.name === b.name && a.publicKey === b.publicKey
  );
}
