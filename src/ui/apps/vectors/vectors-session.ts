/** This tab's part in averaging: its numbers, and the rounds that it takes part in. */

import { messageOf } from '../../../core/errors.ts';
import type { NodeId } from '../../../core/id.ts';
import type { Clock } from '../../../core/ports.ts';
import { DIMENSIONS, type RoundKindName } from '../../../lab/averaging/kinds.ts';
import { Rounds } from '../../../lab/averaging/rounds.ts';
import { enterRoom } from '../../../lab/raft/room/enter-room.ts';
import type { RoomPlace, RoomView } from '../../../lab/raft/room/room-place.ts';
import type { Network } from '../../../net/parcels/network.ts';
import type { AppCode } from '../app-code.ts';
import { placesOf, PlaceSession } from '../place-session.ts';

/** Places beside the members, for those who come later. */
const GUESTS_MAX = 7;

/** Milliseconds in which several come or go before one round begins for all of them. */
const SETTLE_MS = 600;

/** What a tab sees. */
export class VectorsSession extends PlaceSession {
  #place: RoomPlace | undefined;
  #rounds: Rounds | undefined;
  #others: readonly NodeId[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** Enters the room of a code. */
  static enter(code: AppCode): VectorsSession {
    const session = new VectorsSession(code);
    enterRoom({
      ...{ purpose: 'averaging', room: code.room, ...placesOf(code, 'n', GUESTS_MAX) },
      signal: session.leaving.signal,
      onWaiting: (waiting) => session.waits(waiting),
    }).then(
      (place) => session.#enter(place),
      (error: unknown) => session.failed(messageOf(error)),
    );
    return session;
  }

  /** Takes part over a network of its own. */
  static over(
    code: AppCode,
    part: { id: NodeId; network: Network; clock: Clock; others: readonly NodeId[] },
  ): VectorsSession {
    const session = new VectorsSession(code);
    session.#others = part.others;
    session.#begin(part.id, part.network, part.clock);
    return session;
  }

  override get isIn(): boolean {
    return this.problem === undefined && this.#rounds !== undefined;
  }

  override get view(): RoomView | undefined {
    return this.#place?.view;
  }

  get id(): NodeId {
    return this.#place?.id ?? 'n1';
  }

  /** Undefined until this tab is in the room. */
  get rounds(): Rounds | undefined {
    return this.#rounds;
  }

  /** Begins the next round for all. */
  begin(kind: RoundKindName, numbers: readonly number[]): void {
    this.#rounds?.begin(kind, numbers);
    write(this.#key, numbers);
    this.tell();
  }

  protected override stop(): void {
    clearTimeout(this.#settling);
    this.#rounds?.stop();
    this.#place?.close();
  }

  get #key(): string {
    return `parley.vectors.${this.code.code}.${this.id}`;
  }

  #enter(place: RoomPlace): void {
    if (this.leaving.signal.aborted) {
      place.close();
      return;
    }
    this.#place = place;
    place.attach(
      () => {},
      () => this.failed(`another tab is ${place.id} now`),
    );
    this.#begin(place.id, place.network, place.clock);
    place.on(() => this.#changed());
    this.#changed();
  }

  #begin(id: NodeId, network: Network, clock: Clock): void {
    this.#rounds = new Rounds({
      ...{ id, network, clock },
      others: () => this.#others,
      numbers: read(this.#key) ?? Array.from({ length: DIMENSIONS }, randomNumber),
      changed: () => this.tell(),
    });
    this.tell();
  }

  /** Whoever comes or goes makes another mean: the first of those who are left begins the next round. */
  #changed(): void {
    const linked = this.#place!.view.linked.filter((id) => id !== this.id);
    const isOther = linked.join() !== this.#others.join();
    this.#others = linked;
    this.tell();
    const isFirst = linked.every((id) => this.id < id);
    if (!isOther || !isFirst || linked.length === 0) return;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#rounds?.begin(), SETTLE_MS);
  }
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint8Array(1))[0]! % 101;
}

function read(key: string): readonly number[] | undefined {
  try {
    const numbers = JSON.parse(localStorage.getItem(key) ?? 'null') as unknown;
    return Array.isArray(numbers) ? (numbers as readonly number[]) : undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, numbers: readonly number[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(numbers));
  } catch {
    // Then a reloaded tab draws others.
  }
}
