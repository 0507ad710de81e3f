/**
 * Who is in the room, as one member knows it. The server announces changes; this decides which of
 * them are news. It matters after a reconnection: a server that was restarted knows nobody, members
 * come back one by one, and none of them ever left.
 */
import type { MemberDescription } from './protocol.ts';
import type { Departure, Welcome } from './signaling.ts';

/** What listeners are to hear. */
export type RosterChange =
  | { readonly name: 'joined'; readonly event: MemberDescription }
  | { readonly name: 'left'; readonly event: Departure };

/** The other members of a room, and those of them that a restarted server has not seen yet. */
export class Roster {
  readonly #members = new Map<string, MemberDescription>();
  readonly #missing = new Set<string>();

  /** The members by id, the missing ones included. */
  get members(): ReadonlyMap<string, MemberDescription> {
    return this.#members;
  }

  /** Whether anybody is known here and not (yet) known to the server. */
  get someMissing(): boolean {
    return this.#missing.size > 0;
  }

  /** Whether this member is known here and not (yet) known to the server. */
  isMissing(member: string): boolean {
    return this.#missing.has(member);
  }

  /** Takes the welcome of the first join, which is no news: `join` returns it. */
  begin(welcome: Welcome): void {
    this.clear();
    for (const member of welcome.members) this.#members.set(member.member, member);
  }

  /** Takes the welcome of a later join. Who is not in it becomes missing, and nothing worse. */
  resume(welcome: Welcome): RosterChange[] {
    for (const member of this.#members.keys()) this.#missing.add(member);
    return welcome.members.flatMap((member) => this.joined(member));
  }

  /** The server says that a member joined. */
  joined(member: MemberDescription): RosterChange[] {
    const known = this.#members.get(member.member);
    // A frozen ghost of a tab may find a restarted server before the tab itself does.
    if (known !== undefined && known.incarnation > member.incarnation) return [];
    this.#missing.delete(member.member);
    this.#members.set(member.member, member);
    if (known !== undefined && sameDescription(known, member)) return [];
    const news: RosterChange = { name: 'joined', event: member };
    if (known === undefined || known.incarnation === member.incarnation) return [news];
    return [departure(known, 'superseded'), news];
  }

  /** The server says that a member left. Of an incarnation that is not the known one: no news. */
  left(event: Departure): RosterChange[] {
    if (this.#members.get(event.member)?.incarnation !== event.incarnation) return [];
    this.#members.delete(event.member);
    this.#missing.delete(event.member);
    return [{ name: 'left', event }];
  }

  /** The grace is over: who is still missing was lost. */
  giveUpMissing(): RosterChange[] {
    return [...this.#missing].flatMap((member) => {
      const { incarnation } = this.#members.get(member)!;
      return this.left({ member, incarnation, reason: 'lost' });
    });
  }

  /** Forgets everybody. */
  clear(): void {
    this.#members.clear();
    this.#missing.clear();
  }
}

function departure(of: MemberDescription, reason: Departure['reason']): RosterChange {
  return { name: 'left', event: { member: of.member, incarnation: of.incarnation, reason } };
}

function sameDescription(a: MemberDescription, b: MemberDescription): boolean {
  return (
    a.incarnation === b.incarnation &&
    a.order === b.order &&
    a.node === b.node &&
    a.name === b.name &&
    a.publicKey === b.publicKey
  );
}
