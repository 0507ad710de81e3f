/** A cluster in a room, and how its places are called there. */

import type { NodeId } from '../../../core/id.ts';

/** What everybody in the room has to agree on. */
export interface RoomPlan {
  readonly code: string;
  readonly runId: string;
  readonly members: readonly NodeId[];
  readonly ids: readonly NodeId[];
  readonly membershipKey: Uint8Array | undefined;
}

/** How a place is called in the room: two clusters in one room have nothing to do with each other. */
export function memberNodeOf(plan: RoomPlan, id: NodeId): string {
  return `${id}@${plan.runId}`;
}

/** Which place somebody in the room has; undefined for one of another cluster. */
export function seatOf(plan: RoomPlan, node: string | undefined): NodeId | undefined {
  return plan.ids.find((id) => memberNodeOf(plan, id) === node);
}
