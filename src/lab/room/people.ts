/** Who is in a room, and who was: as signaling says, and as they say of themselves. */

import { LOST_MEMBER_GRACE_MS } from '../../net/limits.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Departure } from '../../net/signaling/signaling.ts';
import type { Heir } from './charter.ts';
import type { About } from './messages.ts';
import type { Statement } from './statement.ts';

/** Somebody who is or was in the room. */
export interface Person {
  readonly description: MemberDescription;
  readonly isPresent: boolean;
  /** It is away, and not for long yet: a tab that is reloaded comes back within seconds. */
  readonly isMissed: boolean;
  /** What it says of itself, and the statement that says so. */
  readonly about?: About;
  readonly aboutStatement?: Statement;
}

/** Everyone, by order of joining. */
export class People {
  readonly #everyone = new Map<string, Person>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #stayedAway: (member: string) => void;

  /** `stayedAway` is called when somebody who left has not come back for a while. */
  constructor(stayedAway: (member: string) => void) {
    this.#stayedAway = stayedAway;
  }

  get(member: string): Person | undefined {
    return this.#everyone.get(member);
  }

  /** Everyone who is or was here, by order of joining. */
  all(): readonly Person[] {
    return [...this.#everyone.values()].toSorted(
      (a, b) => a.description.order - b.description.order,
    );
  }

  /** Those who are here, by order of joining. */
  present(): readonly Person[] {
    return this.all().filter(({ isPresent }) => isPresent);
  }

  isPresent(member: string): boolean {
    return this.#everyone.get(member)?.isPresent === true;
  }

  /** The members, as they are: what somebody does is judged by it. */
  heirs(): readonly Heir[] {
    return this.#heirs(({ isPresent }) => isPresent);
  }

  /** The members, where one who has only just gone counts as present: nobody takes over from a tab that is reloaded. */
  patientHeirs(): readonly Heir[] {
    return this.#heirs(({ isPresent, isMissed }) => isPresent || isMissed);
  }

  /** Somebody came, came back, or is described anew. */
  came(description: MemberDescription): void {
    const { member } = description;
    clearTimeout(this.#timers.get(member));
    const known = this.#everyone.get(member);
    this.#everyone.set(member, { ...known, description, isPresent: true, isMissed: false });
  }

  /** Somebody left; false when it had gone already, or is replaced by itself. */
  left({ member, reason }: Departure): boolean {
    const known = this.#everyone.get(member);
    if (known?.isPresent !== true || reason === 'superseded') return false;
    const isMissed = reason !== 'left';
    this.#everyone.set(member, { ...known, isPresent: false, isMissed });
    if (!isMissed) {
      this.#stayedAway(member);
      return true;
    }
    clearTimeout(this.#timers.get(member));
    const timer = setTimeout(() => this.#giveUp(member), LOST_MEMBER_GRACE_MS);
    this.#timers.set(member, timer);
    return true;
  }

  /** Somebody says something of itself; false when it is older than what is known. */
  tells(statement: Statement, about: About): boolean {
    const known = this.#everyone.get(statement.by);
    if (known === undefined) return false;
    if ((known.aboutStatement?.number ?? 0) >= statement.number) return false;
    this.#everyone.set(statement.by, { ...known, about, aboutStatement: statement });
    return true;
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #giveUp(member: string): void {
    const known = this.#everyone.get(member);
    if (known?.isMissed !== true) return;
    this.#everyone.set(member, { ...known, isMissed: false });
    this.#stayedAway(member);
  }

  #heirs(isHere: (person: Person) => boolean): readonly Heir[] {
    return [...this.#everyone.values()].map((person) => ({
      member: person.description.member,
      order: person.description.order,
      isPresent: isHere(person),
    }));
  }
}
