/** What the pages of a run say to each other through signaling. It comes from strangers until it was read here. */

import { readCard, type CallingCard } from './calling-card.ts';

/** About one attempt to connect two nodes. */
export type AttemptSignal =
  /** From one side of its negotiation for the other; the first one makes the side that accepts begin. */
  | { readonly parley: 'link'; readonly attempt: string; readonly data: unknown }
  /** From the side that dials: no direct way was found, this attempt goes through the server. */
  | { readonly parley: 'relay'; readonly attempt: string }
  /** From the side that accepts: this attempt's link is broken here, dial again; `needsRelay` where there can be no direct one. */
  | { readonly parley: 'redial'; readonly attempt: string; readonly needsRelay: boolean };

/** From a node that wants to be known, with its card; `isAnswer` where the other has shown its own. */
export interface MeetSignal {
  readonly parley: 'meet';
  readonly card: CallingCard;
  readonly isAnswer: boolean;
}

/** About the link of two nodes. A `want`: whether the node wants one to this one; it stays as long as one of the two wants it. */
export type LinkSignal = AttemptSignal | { readonly parley: 'want'; readonly isWanted: boolean };

/**
 * Anything that is said. A `death`: the node of the page that says so is gone, although the page is not, as its worker died. `parted`: the
 * node of the page that says so has taken this one for gone while it was out of reach, and cannot take that back.
 */
export type RoomSignal =
  | LinkSignal
  | MeetSignal
  | { readonly parley: 'death' }
  | { readonly parley: 'parted' };

/** Whether it is about an attempt to connect. */
export function isOfAttempt(signal: RoomSignal): signal is AttemptSignal {
  return 'attempt' in signal;
}

/** Whether it is about a link. */
export function isOfLink(signal: RoomSignal): signal is LinkSignal {
  return signal.parley === 'want' || isOfAttempt(signal);
}

/** A signal as it travels: it belongs to one run. */
export type SentSignal = RoomSignal & { readonly runId: string };

/** When an attempt was begun, as its name says. */
export interface AttemptTime {
  /** Of the side that dials. */
  readonly incarnation: number;
  readonly number: number;
}

const ATTEMPT = /^([1-9]\d{0,15})\.([1-9]\d{0,15})$/;

/** Names an attempt; the side that dials does it, and never twice the same. */
export function attemptName({ incarnation, number }: AttemptTime): string {
  return `${incarnation}.${number}`;
}

/** Reads an attempt's name; undefined for what is none. */
export function readAttemptName(name: unknown): AttemptTime | undefined {
  const [, incarnation, number] = (typeof name === 'string' ? ATTEMPT.exec(name) : null) ?? [];
  if (incarnation === undefined) return undefined;
  return { incarnation: Number(incarnation), number: Number(number) };
}

/** Reads a signal of a run; undefined for one that is none. */
export function readSignal(payload: unknown, runId: string): RoomSignal | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { parley, runId: run, isWanted, isAnswer, ...rest } = payload as Record<string, unknown>;
  const { attempt, data, needsRelay } = rest;
  if (run !== runId) return undefined;
  if (parley === 'death' || parley === 'parted') return { parley };
  if (parley === 'want') return { parley, isWanted: isWanted === true };
  if (parley === 'meet') {
    const card = readCard(rest['card']);
    return card && { parley, card, isAnswer: isAnswer === true };
  }
  if (typeof attempt !== 'string' || readAttemptName(attempt) === undefined) return undefined;
  if (parley === 'link') return { parley, attempt, data };
  if (parley === 'redial') return { parley, attempt, needsRelay: needsRelay === true };
  return parley === 'relay' ? { parley, attempt } : undefined;
}
