/** A lesson in a room: whoever directs lets others follow, freezes their pages and asks them; everybody answers. */

import type { Lesson, RoomLessons } from '../lab-service.ts';
import type { Conversation } from './conversation.ts';
import type { Direction } from './direction.ts';
import type { Gathering } from './gathering.ts';
import { bodyOf, type Bodies } from './messages.ts';
import type { Statement } from './statement.ts';

/** What a lesson needs of its room. */
export interface LessonsHost {
  readonly self: string;
  readonly gathering: Gathering;
  readonly conversation: Pick<Conversation, 'say'>;
  readonly direction: Pick<Direction, 'mayDirect'>;
  /** Says something that stands from now on, here as well. */
  readonly stand: (kind: 'lesson', body: Bodies['lesson']) => Promise<void>;
  readonly attempt: (deed: Promise<unknown>) => void;
  changed(): void;
}

/** Nobody teaches. */
export const NO_LESSON: Lesson = { isFrozen: false };

/** The lesson of a room, as one member sees it. */
export class Lessons implements RoomLessons {
  readonly #host: LessonsHost;
  /** Of the poll that stands, by member: its newest answer. */
  readonly #answers = new Map<string, { readonly number: number; readonly option: number }>();
  #poll: string | undefined;

  constructor(host: LessonsHost) {
    this.#host = host;
  }

  get lesson(): Lesson {
    return this.#host.gathering.ledger.body('lesson') ?? NO_LESSON;
  }

  /** Which option each member chose in the poll that stands. */
  get answers(): ReadonlyMap<string, number> {
    this.#forgetOld();
    return new Map(Array.from(this.#answers, ([member, { option }]) => [member, option]));
  }

  /** Changes the lesson; for directors. */
  teach(part: Partial<Lesson>): void {
    const { direction, stand, attempt } = this.#host;
    if (!direction.mayDirect) return;
    const { follow, poll, ...others } = { ...this.lesson, ...part };
    attempt(
      stand('lesson', {
        ...others,
        ...(follow === undefined ? {} : { follow }),
        ...(poll === undefined ? {} : { poll: { ...poll, options: [...poll.options] } }),
      }),
    );
  }

  /** Answers the poll that stands, or changes the answer. */
  answer(option: number): void {
    const { poll } = this.lesson;
    if (poll?.isOpen !== true || poll.options[option] === undefined) return;
    this.#host.attempt(this.#say(poll.id, option));
  }

  /** Somebody answers; true when that is news. */
  heard(statement: Statement): boolean {
    const { gathering } = this.#host;
    const body = bodyOf({ ...statement, kind: 'answer' });
    const { poll } = this.lesson;
    if (body === undefined || !gathering.isWelcome(statement.by)) return false;
    if (poll?.id !== body.poll || !poll.isOpen || poll.options[body.option] === undefined) {
      return false;
    }
    return this.#note(statement, body.option);
  }

  async #say(poll: string, option: number): Promise<void> {
    const statement = await this.#host.conversation.say('answer', { poll, option });
    this.#note(statement, option);
    this.#host.changed();
  }

  #note({ by, number }: Statement, option: number): boolean {
    this.#forgetOld();
    if ((this.#answers.get(by)?.number ?? 0) >= number) return false;
    this.#answers.set(by, { number, option });
    return true;
  }

  /** Answers belong to one poll. */
  #forgetOld(): void {
    const { id } = this.lesson.poll ?? {};
    if (id !== this.#poll) this.#answers.clear();
    this.#poll = id;
  }
}
