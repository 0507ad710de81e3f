/**
 * What the two sides of a negotiation signal to each other: the envelope of simple-peer, so that a side that simple-peer negotiates and one
 * that does without understand each other. It comes from another tab, through a server, and is hostile until it was read here.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from '../hex.ts';
import {
  CANDIDATE_CHARACTERS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  NEGOTIATION_SIGNALS_MAX,
} from '../limits.ts';

/** One signal. */
export type RtcSignal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: CandidateInit }
  /** From the side that makes no offers: it wishes for one. */
  | { readonly type: 'renegotiate'; readonly renegotiate: true };

/** What simple-peer sends of a candidate. */
export interface CandidateInit {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}

/** Longest name of a media section; browsers number them. */
const MID_CHARACTERS_MAX = 64;

/** Reads a signal into an object of our own; undefined for what is none. Throws nothing. */
export function readRtcSignal(data: unknown): RtcSignal | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, sdp, candidate, renegotiate } = data as Record<string, unknown>;
  if (type === 'offer' || type === 'answer') {
    return isText(sdp, DESCRIPTION_CHARACTERS_MAX) ? { type, sdp } : undefined;
  }
  if (type === 'renegotiate') return renegotiate === true ? { type, renegotiate } : undefined;
  if (type !== 'candidate') return undefined;
  const read = readCandidate(candidate);
  return read === undefined ? undefined : { type, candidate: read };
}

/** Reads a candidate; undefined for what is none. */
export function readCandidate(data: unknown): CandidateInit | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { candidate, sdpMid = null, sdpMLineIndex = null } = data as Record<string, unknown>;
  if (!isText(candidate, CANDIDATE_CHARACTERS_MAX)) return undefined;
  if (sdpMid !== null && !isText(sdpMid, MID_CHARACTERS_MAX)) return undefined;
  if (sdpMLineIndex !== null && !isLineIndex(sdpMLineIndex)) return undefined;
  // Browsers refuse one that belongs to no section.
  if (sdpMid === null && sdpMLineIndex === null) return undefined;
  return { candidate, sdpMid, sdpMLineIndex };
}

/**
 * Keeps the roles of one negotiation: only the initiator offers, and only an offer that is out is answered. So the two never offer at the
 * same time, and a signal that somebody plays again changes nothing.
 */
export class SignalGate {
  readonly #isInitiator: boolean;
  /** Of the offers that were answered: one that is played again would lead back to a way that is no more. */
  readonly #answered = new Set<string>();
  #left = NEGOTIATION_SIGNALS_MAX;
  #isAnswerAwaited = false;
  #isAnswering = false;

  constructor(isInitiator: boolean) {
    this.#isInitiator = isInitiator;
  }

  /** More signals came than a negotiation takes. */
  get isFlooded(): boolean {
    return this.#left < 0;
  }

  /** Such a signal goes to the other side. */
  sent(type: RtcSignal['type']): void {
    if (type === 'offer') this.#isAnswerAwaited = true;
    else if (type === 'answer') this.#isAnswering = false;
  }

  /** What came from the other side, if it is a signal that this side awaits. */
  take(data: unknown): RtcSignal | undefined {
    this.#left--;
    const signal = this.isFlooded ? undefined : readRtcSignal(data);
    if (signal === undefined || signal.type === 'candidate') return signal;
    if (signal.type === 'renegotiate') return this.#isInitiator ? signal : undefined;
    const isAwaited = signal.type === 'answer' ? this.#isAnswerAwaited : this.#isNew(signal.sdp);
    if (!isAwaited) return undefined;
    this.#isAnswerAwaited = false;
    this.#isAnswering = signal.type === 'offer';
    return signal;
  }

  #isNew(offer: string): boolean {
    if (this.#isInitiator || this.#isAnswering) return false;
    const hash = toHex(sha256(utf8ToBytes(offer)));
    if (this.#answered.has(hash)) return false;
    this.#answered.add(hash);
    return true;
  }

  /** The connection is up: whatever comes now belongs to a new negotiation on it. */
  connected(): void {
    this.#left = NEGOTIATION_SIGNALS_MAX;
  }
}

function isText(value: unknown, charactersMax: number): value is string {
  return typeof value === 'string' && value.length <= charactersMax;
}

function isLineIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 0xffff;
}
