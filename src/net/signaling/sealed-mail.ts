/** What members of a closed room say to each other: sealed for one receiver or for all, opened once and in order. */

import { encodeCanonical } from '../../core/canonical.ts';
import type { RoomKeys } from '../rooms/room-key.ts';
import { openBox, sealBox } from './sealed-box.ts';
import { sealedPayload, type SealedMessageOf } from './sealed-messages.ts';
import { PartReader, PartWriter } from './sealed-stream.ts';

/** A member in one of its lives. */
export interface Correspondent {
  readonly member: string;
  readonly incarnation: number;
}

/** In the place of a receiver: everybody. No member id is as short. */
export const EVERYBODY: Correspondent = { member: '*', incarnation: 0 };

/** Why something was dropped. */
export type DropReason =
  | 'not-sealed'
  | 'other-key'
  | 'altered'
  | 'replayed'
  | 'malformed'
  | 'stale';

/** What became of a sealed message: it completed a payload, more of it will come, or it is dropped. */
export type Opened =
  | { readonly kind: 'payload'; readonly payload: unknown }
  | { readonly kind: 'partial' }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** Members whose progress is remembered, so that nothing of theirs is taken twice: more than a room remembers. */
const MEMBERS_REMEMBERED = 2_048;

/** How far one member has come. Signals and broadcasts keep their order each by itself: signaling may hold back signals alone. */
interface Speaker {
  readonly incarnation: number;
  readonly signals: PartReader;
  readonly broadcasts: PartReader;
}

/** Seals and opens for one member of one room. */
export class SealedMail {
  readonly #keys: RoomKeys;
  readonly #signals: PartWriter;
  readonly #broadcasts: PartWriter;
  readonly #speakers = new Map<string, Speaker>();

  /** `nowMs`: milliseconds since 1970. */
  constructor(keys: RoomKeys, nowMs: number) {
    this.#keys = keys;
    this.#signals = new PartWriter(nowMs);
    this.#broadcasts = new PartWriter(nowMs);
  }

  /** The messages that carry a payload; all of them are to be sent, one right after the other. */
  *seal(from: Correspondent, to: Correspondent, payload: unknown): Iterable<unknown> {
    const context = contextOf(this.#keys.room, from, to);
    const writer = to === EVERYBODY ? this.#broadcasts : this.#signals;
    for (const part of writer.partsOf(payload)) {
      const box = sealBox(this.#keys, context, part);
      yield sealedPayload({ parley: 'sealed', to: to.incarnation, box });
    }
  }

  /** Opens a message that was carried from one member to another, or to everybody. */
  open(from: Correspondent, to: Correspondent, message: SealedMessageOf<'sealed'>): Opened {
    if (message.to !== to.incarnation) return dropped('stale');
    const part = openBox(this.#keys, contextOf(this.#keys.room, from, to), message.box);
    if (typeof part === 'string') return dropped(part);
    const speaker = this.#speakerOf(from);
    if (speaker === undefined) return dropped('replayed');
    const outcome = (to === EVERYBODY ? speaker.broadcasts : speaker.signals).take(part);
    if (outcome.kind === 'payload' || outcome.kind === 'partial') return outcome;
    return dropped(outcome.kind);
  }

  /** How far this sender has come; undefined when a newer incarnation of it has spoken already. */
  #speakerOf({ member, incarnation }: Correspondent): Speaker | undefined {
    const known = this.#speakers.get(member);
    if (known !== undefined && known.incarnation > incarnation) return undefined;
    const isSame = known?.incarnation === incarnation;
    const speaker = isSame
      ? known
      : { incarnation, signals: new PartReader(), broadcasts: new PartReader() };
    // Whoever spoke last stands last, and is forgotten last.
    this.#speakers.delete(member);
    this.#speakers.set(member, speaker);
    for (const oldest of this.#speakers.keys()) {
      if (this.#speakers.size <= MEMBERS_REMEMBERED) break;
      this.#speakers.delete(oldest);
    }
    return speaker;
  }
}

/** What a box is bound to. */
function contextOf(room: string, from: Correspondent, to: Correspondent): Uint8Array {
  const ends = [from, to].flatMap(({ member, incarnation }) => [member, incarnation]);
  return encodeCanonical(['parley.sealed.v1', room, ...ends]);
}

function dropped(reason: DropReason): Opened {
  return { kind: 'dropped', reason };
}
