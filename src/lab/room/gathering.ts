/** Who is here, by which keys, and who of them may do what. */

import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Departure } from '../../net/signaling/signaling.ts';
import { isKicked, managerOf, mayDirect, NO_RIGHTS, type Authority } from './charter.ts';
import { fingerprintOf, type KeyRing } from './key-ring.ts';
import { Ledger } from './ledger.ts';
import type { Rights } from './messages.ts';
import { People } from './people.ts';

/** What a gathering tells. */
export interface GatheringEvents {
  /** Somebody left, and has not come back for a while. */
  stayedAway(member: string): void;
  /** Somebody is kept out, because it is not who it says; the text names it. */
  refused(text: string): void;
}

/** The members of a room, as one of them sees them. */
export class Gathering {
  readonly people: People;
  readonly ledger: Ledger;
  readonly #self: string;
  readonly #keys: KeyRing;
  readonly #events: GatheringEvents;
  readonly #refused = new Set<string>();

  constructor(self: string, keys: KeyRing, events: GatheringEvents) {
    this.#self = self;
    this.#keys = keys;
    this.#events = events;
    this.people = new People((member) => events.stayedAway(member));
    this.ledger = new Ledger(() => this.people.heirs());
  }

  /** Somebody came or is described anew; false when it is not let in. */
  came(description: MemberDescription): boolean {
    const { member, publicKey } = description;
    if (member !== this.#self && publicKey !== undefined && !this.#isBound(member, publicKey)) {
      this.#refused.add(member);
      return false;
    }
    this.#refused.delete(member);
    this.people.came(description);
    return true;
  }

  /** Somebody left; false when that is no news. */
  left(departure: Departure): boolean {
    return this.people.left(departure);
  }

  get rights(): Rights {
    return this.ledger.body('rights') ?? NO_RIGHTS;
  }

  /** Whether anything is to be heard of a member. */
  isWelcome(member: string): boolean {
    return !this.#refused.has(member) && !this.isKicked(member);
  }

  isKicked(member: string): boolean {
    return isKicked(this.rights, member, this.#keys.keyOf(member));
  }

  /** Whether a member is here, or may be back at once. */
  isExpected(member: string): boolean {
    const person = this.people.get(member);
    return this.isWelcome(member) && (person?.isPresent === true || person?.isMissed === true);
  }

  /** The others who are here and are let in, by order of joining. */
  others(): readonly MemberDescription[] {
    return this.people
      .present()
      .map(({ description }) => description)
      .filter(({ member }) => member !== this.#self && this.isWelcome(member));
  }

  /** Who manages the room. Nobody takes over from a tab that is only reloaded. */
  get manager(): string | undefined {
    return managerOf(this.#patient);
  }

  /** Whether a member may choose, start and command. */
  mayDirect(member: string): boolean {
    return mayDirect(this.#patient, member);
  }

  /** Who may welcome this member: who manages the room without it. */
  isHost(member: string): boolean {
    const { charter, rights } = this.ledger.authority;
    if (charter === undefined || !this.people.isPresent(member)) return false;
    if (member === charter.creator) return true;
    const heirs = this.people.heirs().filter((heir) => heir.member !== this.#self);
    // Who has the right to manage while the creator is away, a newcomer cannot know yet.
    const isCreatorHere = heirs.some((heir) => heir.member === charter.creator && heir.isPresent);
    return !isCreatorHere && !isKicked(rights, member, this.#keys.keyOf(member));
  }

  /** Who answers a newcomer: who manages the room, or the first of those who are here. */
  hostFor(newcomer: string): string | undefined {
    const { manager } = this;
    if (manager !== undefined && manager !== newcomer && this.people.isPresent(manager)) {
      return manager;
    }
    return this.people
      .present()
      .map(({ description }) => description.member)
      .find((member) => member !== newcomer && this.isWelcome(member));
  }

  close(): void {
    this.people.close();
  }

  get #patient(): Authority {
    return { ...this.ledger.authority, members: this.people.patientHeirs() };
  }

  #isBound(member: string, publicKey: string): boolean {
    const binding = this.#keys.bind(member, publicKey);
    if (binding === 'bound') return true;
    const who = this.people.get(member)?.description.name ?? member;
    const known = this.#keys.keyOf(member);
    this.#events.refused(
      binding === 'weak' || known === undefined
        ? `${who} shows a key that anybody can sign for; it is kept out.`
        : `${who} shows another key (${fingerprintOf(publicKey)}) than before (${fingerprintOf(known)}): somebody else uses its name. It is kept out.`,
    );
    return false;
  }
}
