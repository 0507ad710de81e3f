/**
 * Hears what members say: whatever is not genuine, or from somebody who is kept out, ends here. Statements are dealt with one after the other,
 * in the order in which they came.
 */

import type { Charter } from './messages.ts';
import { bodyOf, readPayload } from './messages.ts';
import type { KeyRing } from './key-ring.ts';
import type { Statement } from './statement.ts';
import type { Voice } from './voice.ts';

/** What an ear needs of its room. None of them may throw. */
export interface EarHost {
  /** Whether anything is to be heard of this member. */
  isWelcome(member: string): boolean;
  /** A genuine statement. */
  heard(statement: Statement, from: string, isOverLink: boolean): void;
  /** A member's page speaks another version. */
  otherVersion(from: string): void;
  /** Something that the one it names did not say. */
  forged(statement: Statement, from: string): void;
  /** A charter that is signed with another key than its creator is known by. */
  otherCreator(charter: Charter, from: string): void;
}

/** Payloads that wait to be checked; more at a time is a flood. */
const WAITING_MAX = 1000;

/** This member's ear. */
export class Ear {
  readonly #voice: Voice;
  readonly #keys: KeyRing;
  readonly #host: EarHost;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(voice: Voice, keys: KeyRing, host: EarHost) {
    this.#voice = voice;
    this.#keys = keys;
    this.#host = host;
  }

  /** Takes what came from a member, who may pass on what others said. Fulfilled when it is dealt with. */
  take(from: string, payload: unknown, isOverLink: boolean): Promise<void> {
    const statements = readPayload(payload);
    if (statements === 'other-version') this.#host.otherVersion(from);
    if (statements === undefined || statements === 'other-version') return Promise.resolve();
    if (this.#waiting >= WAITING_MAX) return Promise.resolve();
    this.#waiting++;
    this.#last = this.#last.then(async () => {
      for (const statement of statements) await this.#take(statement, from, isOverLink);
      this.#waiting--;
    });
    return this.#last;
  }

  async #take(statement: Statement, from: string, isOverLink: boolean): Promise<void> {
    if (!this.#host.isWelcome(from)) return;
    const isGenuine =
      statement.kind === 'charter'
        ? await this.#isFromCreator({ ...statement, kind: 'charter' }, from)
        : await this.#voice.hears(statement);
    if (!isGenuine) return this.#host.forged(statement, from);
    this.#host.heard(statement, from, isOverLink);
  }

  /** A charter brings its creator's key: it is believed the first time that it is seen. */
  async #isFromCreator(
    statement: Statement & { readonly kind: 'charter' },
    from: string,
  ): Promise<boolean> {
    const charter = bodyOf(statement);
    if (charter === undefined || charter.creator !== statement.by) return false;
    if (!(await this.#voice.hearsWith(statement, charter.key))) return false;
    const isKnown =
      statement.by === this.#voice.member
        ? charter.key === this.#voice.publicKey
        : this.#keys.bind(statement.by, charter.key) === 'bound';
    if (!isKnown) this.#host.otherCreator(charter, from);
    return isKnown;
  }
}
