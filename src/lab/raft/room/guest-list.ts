/**
 * Whoever comes to a room beside the members is a guest: it is told everything, as a learner, and asks the leader for what it wants. Guests count
 * for no majority, so they come and go as they like. Whoever leads makes them learners.
 */

import type { Outcome } from '../../../algorithms/raft/messages.ts';
import type { MemberChange } from '../create-raft.ts';
import type { RaftStatus } from '../status.ts';
import type { RoomPlace } from './room-place.ts';

/** As much of a node as is needed. */
export interface GuestHost {
  readonly status: RaftStatus;
  change(changes: readonly MemberChange[]): Promise<Outcome>;
}

/** Milliseconds between looks: nobody notices them, and a change that was refused is asked for again. */
const LOOK_MS = 500;

/** Watches who comes. */
export class GuestList {
  readonly #raft: GuestHost;
  readonly #room: RoomPlace;
  #isChanging = false;

  constructor(raft: GuestHost, room: RoomPlace) {
    this.#raft = raft;
    this.#room = room;
  }

  /** Looks now and then until `signal` is aborted. */
  watch(signal: AbortSignal): void {
    const look = (): void => {
      if (signal.aborted) return;
      this.#admit();
      this.#room.clock.after(LOOK_MS, look);
    };
    look();
  }

  #admit(): void {
    const { role, voters, learners, witnesses, isStopped } = this.#raft.status;
    if (role !== 'leader' || isStopped || this.#isChanging) return;
    const known = new Set([...voters, ...learners, ...witnesses]);
    const node = this.#room.view.linked.find((id) => this.#room.isGuest(id) && !known.has(id));
    if (node === undefined) return;
    this.#isChanging = true;
    const done = (): void => void (this.#isChanging = false);
    this.#raft.change([{ make: 'learner', node }]).then(done, done);
  }
}
