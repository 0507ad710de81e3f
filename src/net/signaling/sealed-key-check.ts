/**
 * Finds out whether this member's key is the one of the room: it asks those who are there, and answers those who come.
 *
 * Whoever asks shows a MAC over both members and a fresh nonce under its membership key; whoever is asked says yes, with a MAC of its own
 * over both nonces, or no. Nobody else can make either MAC, and neither says anything about the key to somebody who has not already paid
 * for a guess with scrypt (see `../rooms/passphrase.ts`). "No" is said a few times a minute only, and to strangers nothing else, so asking
 * is no faster way to guess. HMAC commits to its key: one question tries one key (see `sealed-box.ts`).
 */

import { encodeCanonical, equalBytes } from '../../core/canonical.ts';
import { isMembershipMac, membershipMac } from '../rooms/membership.ts';
import type { RoomKeys } from '../rooms/room-key.ts';
import { CHECK_NONCE_BYTES, type SealedMessage, type SealedMessageOf } from './sealed-messages.ts';

/** What is known of a key; `KEY_STATE_TEXTS` says it to people. */
export type KeyState = 'unchecked' | 'alone' | 'asking' | 'confirmed' | 'wrong' | 'unanswered';

/** The same in sentences. */
export const KEY_STATE_TEXTS: Readonly<Record<KeyState, string>> = {
  unchecked: 'The key is checked when the room is entered.',
  alone: 'Nobody is here yet to check the key or passphrase.',
  asking: 'The others are asked whether the key is right.',
  confirmed: 'The key is the one of this room.',
  wrong: 'The key or passphrase is not the one of this room. Leave, and enter it again.',
  unanswered:
    'Nobody here says whether the key is right. Perhaps they entered without one, or too many wrong ones were tried: wait a minute.',
};

/** How a check proceeds. */
export interface KeyCheckTiming {
  /** Milliseconds for the others to answer: they do at once, unless a tab sleeps. */
  readonly answerMs: number;
  /** Milliseconds in which at most {@link REFUSALS_MAX} wrong keys are told so. */
  readonly refusalsMs: number;
}

/** What the times are when nothing else is said. */
export const KEY_CHECK_TIMING: KeyCheckTiming = { answerMs: 5_000, refusalsMs: 60_000 };

/** A few slips of a class that types a passphrase; far too few to guess one. */
export const REFUSALS_MAX = 5;

/** Members that are asked: one answer is enough, and a few of them may be asleep. */
const ASKED_MAX = 5;

/** How many must say no until it is believed: one of them may have typed it wrong itself. */
const NOES = 2;

/** A member, as both sides know it. */
export interface Party {
  readonly member: string;
  readonly incarnation: number;
  readonly publicKey?: string;
}

/** What a check needs, and what it calls. */
export interface KeyCheckHost {
  readonly keys: RoomKeys;
  send(to: string, message: SealedMessage): void;
  changed(state: KeyState): void;
  /** A clock that does not run backwards. */
  nowMs(): number;
}

/** The check of one member's key, and its answers to others. */
export class KeyCheck {
  readonly #host: KeyCheckHost;
  readonly #timing: KeyCheckTiming;
  /** Those who were asked, and with which nonce. */
  readonly #asked = new Map<string, Uint8Array>();
  readonly #noes = new Set<string>();
  #refusedAtMs: number[] = [];
  #state: KeyState = 'unchecked';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(host: KeyCheckHost, timing: KeyCheckTiming) {
    this.#host = host;
    this.#timing = timing;
  }

  get state(): KeyState {
    return this.#state;
  }

  /** Asks those who are in the room, the oldest members first. */
  begin(self: Party, others: readonly Party[]): void {
    if (this.#state !== 'unchecked' || this.#isClosed) return;
    if (others.length === 0) return this.#become('alone');
    this.#become('asking');
    this.#timer = setTimeout(() => this.#timedOut(), this.#timing.answerMs);
    for (const other of others.slice(0, ASKED_MAX)) {
      const nonce = newNonce();
      this.#asked.set(other.member, nonce);
      const proof = this.#mac('parley.key-check.v1', self, other, nonce);
      this.#host.send(other.member, { parley: 'key-check', nonce, proof });
    }
  }

  /** Somebody asks. */
  takeCheck(self: Party, from: Party, { nonce: check, proof }: SealedMessageOf<'key-check'>): void {
    const nonce = newNonce();
    if (this.#isMac(proof, 'parley.key-check.v1', from, self, check)) {
      const answer = this.#mac('parley.key-verdict.v1', self, from, check, nonce);
      this.#host.send(from.member, { parley: 'key-verdict', check, nonce, proof: answer });
      return this.opened();
    }
    const nowMs = this.#host.nowMs();
    this.#refusedAtMs = this.#refusedAtMs.filter((atMs) => nowMs - atMs < this.#timing.refusalsMs);
    if (this.#refusedAtMs.length >= REFUSALS_MAX) return;
    this.#refusedAtMs.push(nowMs);
    this.#host.send(from.member, { parley: 'key-verdict', check, nonce });
  }

  /** Somebody answers. */
  takeVerdict(self: Party, from: Party, verdict: SealedMessageOf<'key-verdict'>): void {
    const { check, nonce, proof } = verdict;
    const asked = this.#asked.get(from.member);
    if (asked === undefined || !equalBytes(asked, check)) return;
    const isYes =
      proof !== undefined && this.#isMac(proof, 'parley.key-verdict.v1', from, self, check, nonce);
    if (isYes) this.opened();
    else this.otherKey(from.member);
  }

  /** Something of another member opened: both have the same key. */
  opened(): void {
    if (this.#state === 'unchecked') return;
    this.#become('confirmed');
  }

  /** A member has another key, or says so. Whoever was here before us is right. */
  otherKey(member: string): void {
    if (this.#asked.size === 0 || this.#state === 'confirmed') return;
    this.#noes.add(member);
    if (this.#noes.size >= Math.min(NOES, this.#asked.size)) this.#become('wrong');
  }

  /** Nobody waits for it any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #timedOut(): void {
    if (this.#state === 'asking') this.#become(this.#noes.size > 0 ? 'wrong' : 'unanswered');
  }

  #become(state: KeyState): void {
    if (state !== 'asking') clearTimeout(this.#timer);
    if (state === this.#state) return;
    this.#state = state;
    this.#host.changed(state);
  }

  #isMac(mac: Uint8Array, ...about: About): boolean {
    const { keys } = this.#host;
    return isMembershipMac(keys.membership, contentOf(keys.room, ...about), mac);
  }

  #mac(...about: About): Uint8Array {
    const { keys } = this.#host;
    return membershipMac(keys.membership, contentOf(keys.room, ...about));
  }
}

/** What a MAC is over: a tag, who makes it, for whom, and the nonces. */
type About = readonly [tag: string, by: Party, to: Party, ...nonces: readonly Uint8Array[]];

/** Who makes a MAC stands first in it, so that none can be sent back to where it came from. */
function contentOf(room: string, ...[tag, by, to, ...nonces]: About): Uint8Array {
  const fields = (party: Party) => [party.member, party.incarnation, party.publicKey ?? ''];
  return encodeCanonical([tag, room, ...fields(by), ...fields(to), ...nonces]);
}

function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(CHECK_NONCE_BYTES));
}
