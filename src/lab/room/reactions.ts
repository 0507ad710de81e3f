/** What follows from what is said in a room. */

import type { RoomEnding } from '../lab-service.ts';
import type { Conversation } from './conversation.ts';
import type { Direction } from './direction.ts';
import type { Gathering } from './gathering.ts';
import type { Lessons } from './lesson.ts';
import { bodyOf } from './messages.ts';
import type { Reception } from './reception.ts';
import { calledBy } from './room-members.ts';
import type { RoomRuns } from './room-runs.ts';
import type { Statement } from './statement.ts';

/** What reactions need of their room. */
export interface ReactionsHost {
  readonly self: string;
  readonly gathering: Gathering;
  readonly conversation: Conversation;
  readonly runs: RoomRuns;
  readonly direction: Direction;
  readonly lessons: Lessons;
  readonly reception: Reception;
  /** Remembers whose room it is. */
  rememberCharter(charter: Statement): void;
  /** A run has begun: what went wrong before is no news any more. */
  begun(): void;
  readonly warn: (text: string) => void;
  readonly attempt: (deed: Promise<unknown>) => void;
  readonly end: (kind: RoomEnding['kind'], text: string) => void;
}

/** Deals with one statement after the other. */
export class Reactions {
  readonly #host: ReactionsHost;

  constructor(host: ReactionsHost) {
    this.#host = host;
  }

  /** Takes a genuine statement, as `from` passed it on; true when it was news. */
  heard(statement: Statement, from: string, isOverLink: boolean): boolean {
    const { self, gathering, runs, reception } = this.#host;
    const { kind, by } = statement;
    const isOwn = by === self;
    if (kind === 'about') {
      return !isOwn && this.#heardAbout({ ...statement, kind }, !isOverLink && from === by);
    }
    if (kind === 'welcome') return !isOwn && this.#heardWelcome({ ...statement, kind });
    if (kind === 'events' || kind === 'result' || kind === 'declined') {
      return gathering.isWelcome(by) && runs.heard(statement);
    }
    if (kind === 'answer') return !isOwn && this.#host.lessons.heard(statement);
    // What stands where the one who manages the room is, stands: over its own link it says so now.
    const isVouched = isOverLink && from === gathering.manager;
    // Before it was welcomed, a newcomer cannot tell what was said just now from what is played to it again.
    const isOfRun = ['choice', 'run', 'control', 'lesson'].includes(kind);
    if (isOfRun && !isVouched && reception.isWaiting) return false;
    return this.enter(statement, from, isVouched);
  }

  /** Enters a statement that is to stand, and does what follows from it. */
  enter(statement: Statement, from: string, isVouched: boolean): boolean {
    const { gathering, conversation, direction, runs, warn } = this.#host;
    const { ledger } = gathering;
    const entered = ledger.enter(statement, isVouched);
    if (entered === 'other-charter') {
      const who = calledBy(gathering.people.get(from));
      warn(
        `${who} knows another charter of this room than this tab, so the two do not follow the same directors. Open a new room, or join as someone new.`,
      );
    }
    if (entered !== 'new') return false;
    if (statement.kind === 'charter') {
      this.#host.rememberCharter(statement);
      conversation.follow();
    } else if (statement.kind === 'rights') this.#rightsChanged();
    else if (statement.kind === 'choice') direction.chosen();
    else if (statement.kind === 'run') {
      this.#host.begun();
      runs.begin(statement, ledger.body('run')!);
    } else if (statement.kind === 'control') runs.apply(ledger.body('control')!);
    return true;
  }

  /** Everything that a member should know who may have missed something. */
  whatStands(): readonly Statement[] {
    return [...this.#host.gathering.ledger.statements(), ...this.news()];
  }

  /** What members say of themselves, and what nodes of the current run came to. */
  news(): readonly Statement[] {
    const abouts = this.#host.gathering.people
      .present()
      .flatMap(({ aboutStatement }) => aboutStatement ?? []);
    return [...abouts, ...this.#host.runs.outcomes];
  }

  /** Whoever was sent away and comes back is told so, and nothing else. */
  sendAway(member: string): void {
    const { self, gathering, conversation } = this.#host;
    if (gathering.hostFor(member) !== self) return;
    const told = gathering.ledger
      .statements()
      .filter(({ kind }) => kind === 'charter' || kind === 'rights');
    conversation.tell(member, told);
  }

  /** @param isFresh it came from its author just now, so its clock shows what it says */
  #heardAbout(statement: Statement & { readonly kind: 'about' }, isFresh: boolean): boolean {
    const { gathering, runs, reception, attempt } = this.#host;
    const about = bodyOf(statement);
    if (about === undefined || !gathering.isWelcome(statement.by)) return false;
    if (!gathering.people.tells(statement, about)) return false;
    if (about.nonce !== undefined) {
      if (isFresh) runs.noteClock(statement.by, about.clockMs);
      attempt(reception.welcome(statement.by, about.nonce));
    }
    return true;
  }

  #heardWelcome(statement: Statement & { readonly kind: 'welcome' }): boolean {
    const { reception, runs } = this.#host;
    const welcome = bodyOf(statement);
    if (welcome === undefined || !reception.welcomed(statement, welcome)) return false;
    runs.noteClock(statement.by, welcome.clockMs);
    if (welcome.isRunOver) for (const stand of welcome.stands) runs.noteOver(stand);
    return true;
  }

  #rightsChanged(): void {
    const { self, gathering, conversation, runs, end } = this.#host;
    if (gathering.isKicked(self)) {
      const by = calledBy(gathering.people.get(gathering.ledger.author('rights')!));
      end('kicked', `${by} sent this tab away. It can come back when it is let in again.`);
      return;
    }
    for (const { member } of gathering.rights.kicked) {
      conversation.exchange.lost(member);
      runs.part?.memberKicked(member);
      // The link may have ended before it has heard it.
      if (gathering.people.isPresent(member)) this.sendAway(member);
    }
    conversation.follow();
  }
}
