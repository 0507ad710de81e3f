/** A run of a room, as pictures see it: the run itself, and what directors did to it. */

import type { NodeId } from '../../core/id.ts';
import type { RoomRun } from '../lab-service.ts';
import { RunRecord } from '../run-record.ts';

/** The writable side of a {@link RoomRun}. */
export class RoomRunRecord extends RunRecord implements RoomRun {
  readonly seats: ReadonlyMap<NodeId, string>;
  isHeld = false;
  heldSinceMs: number | undefined;
  cut: readonly (readonly NodeId[])[] = [];
  isOneWay = false;
  hiddenEvents = 0;

  constructor(
    algorithm: string,
    seed: number,
    seats: ReadonlyMap<NodeId, string>,
    stop: () => void,
  ) {
    super('room', algorithm, seed, stop);
    this.seats = seats;
  }
}
