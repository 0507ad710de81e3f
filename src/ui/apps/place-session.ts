/** This tab's part in the room of an application, whichever it is: on the way in, in it, and out of it again. */

import type { RoomWaiting } from '../../lab/raft/room/enter-room.ts';
import type { RoomView } from '../../lab/raft/room/room-place.ts';
import type { AppCode } from './app-code.ts';

/** What a tab sees; tells of its changes. */
export abstract class PlaceSession {
  readonly code: AppCode;
  readonly #listeners = new Set<() => void>();
  protected readonly leaving = new AbortController();
  #waiting: RoomWaiting | undefined;
  #problem: string | undefined;
  #isTelling = false;

  constructor(code: AppCode) {
    this.code = code;
  }

  /** Whether there is something to be shown beside what is waited for. */
  abstract get isIn(): boolean;

  /** The room; undefined while this tab is not in it. */
  abstract get view(): RoomView | undefined;

  /** Who is waited for. */
  get waiting(): RoomWaiting | undefined {
    return this.#waiting;
  }

  /** Why this tab takes no part, or no more. */
  get problem(): string | undefined {
    return this.#problem;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Leaves. What this browser has stored stays, and so does its place. */
  leave(): void {
    this.#listeners.clear();
    this.leaving.abort(new Error('left'));
    this.stop();
  }

  /** Ends what takes part. */
  protected abstract stop(): void;

  protected waits(waiting: RoomWaiting): void {
    this.#waiting = waiting;
    this.tell();
  }

  protected failed(problem: string): void {
    this.#problem = problem;
    this.tell();
  }

  /** Once for all that one turn has changed. */
  protected tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** The places of a room: members with whom it begins, and those for whoever comes later. */
export function placesOf(
  { members }: AppCode,
  member: string,
  guests: number,
): { readonly members: readonly string[]; readonly others: readonly string[] } {
  return {
    members: Array.from({ length: members }, (_, i) => `${member}${i + 1}`),
    others: Array.from({ length: guests }, (_, i) => `g${i + 1}`),
  };
}
