/**
 * How newcomers learn what stands in a room. A newcomer says who it is, with a number that was never used before; one of those who are here
 * answers with what stands, and signs the number: so nobody can show it the room as it was at another time.
 */

import type { Conversation } from './conversation.ts';
import type { Gathering } from './gathering.ts';
import type { KeyRing } from './key-ring.ts';
import type { About, Bodies } from './messages.ts';
import type { Statement } from './statement.ts';
import type { Voice } from './voice.ts';
import { toHex } from '../../net/hex.ts';

/** What a reception needs of its room. */
export interface ReceptionHost {
  readonly self: string;
  readonly voice: Voice;
  readonly keys: KeyRing;
  readonly gathering: Gathering;
  readonly conversation: Pick<Conversation, 'say' | 'tell'>;
  /** What this member says of itself. */
  readonly about: () => Omit<About, 'nonce' | 'clockMs'>;
  /** What else a newcomer is told: what members say of themselves, and results of the run. */
  readonly news: () => readonly Statement[];
  readonly isRunOver: () => boolean;
  readonly nowMs: () => number;
}

/** Milliseconds until a newcomer asks again, the first time; a tab in the background answers late. */
const ASK_AGAIN_MS = 3_000;

/** The longest wait. */
const ASK_AGAIN_MS_MAX = 30_000;

/** Comes in, and lets others in. */
export class Reception {
  readonly #host: ReceptionHost;
  #nonce: string | undefined;
  #isWaiting = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReceptionHost) {
    this.#host = host;
  }

  /** True while this member waits to be told what stands. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Says who this member is, and asks what stands if there is anybody to answer. */
  async introduce(waitMs = ASK_AGAIN_MS): Promise<Statement> {
    const { gathering, conversation, nowMs, about } = this.#host;
    clearTimeout(this.#timer);
    const asks = gathering.others().length > 0;
    this.#isWaiting = asks;
    this.#nonce = asks ? toHex(crypto.getRandomValues(new Uint8Array(16))) : undefined;
    if (asks) {
      const next = Math.min(2 * waitMs, ASK_AGAIN_MS_MAX);
      this.#timer = setTimeout(() => void this.introduce(next), waitMs);
    }
    return conversation.say('about', {
      ...about(),
      clockMs: nowMs(),
      ...(this.#nonce === undefined ? {} : { nonce: this.#nonce }),
    });
  }

  /** Says who this member is, to those who have told it what stands. */
  describe(): Promise<Statement> {
    const { conversation, nowMs, about } = this.#host;
    const nonce = this.#nonce === undefined ? {} : { nonce: this.#nonce };
    return conversation.say('about', { ...about(), clockMs: nowMs(), ...nonce });
  }

  /** Somebody asks what stands. */
  async welcome(to: string, nonce: string): Promise<void> {
    const { gathering, self, voice, keys, conversation, nowMs, isRunOver, news } = this.#host;
    if (gathering.hostFor(to) !== self) return;
    const [charter, ...others] = gathering.ledger.statements();
    if (charter === undefined) return;
    const stands = others.flatMap(({ by, number }) => {
      const key = by === self ? voice.publicKey : keys.keyOf(by);
      return key === undefined ? [] : [{ by, number, key }];
    });
    const body = { to, nonce, clockMs: nowMs(), stands, isRunOver: isRunOver() };
    const welcome = await voice.say('welcome', body);
    // In this order: each is believed because of those before it.
    conversation.tell(to, [charter, welcome, ...others, ...news()]);
  }

  /** This member is told what stands; false when that is not believed. */
  welcomed({ by }: Statement, { to, nonce, stands }: Bodies['welcome']): boolean {
    const { self, gathering, keys } = this.#host;
    if (to !== self || nonce !== this.#nonce || !gathering.isHost(by)) return false;
    this.#nonce = undefined;
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    for (const stand of stands) if (stand.by !== self) keys.bind(stand.by, stand.key);
    gathering.ledger.vouch(stands);
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
