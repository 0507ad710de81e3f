/** Who runs which node: pinned ones first, the others evenly over the tabs that are here, in the order of joining. */

import type { NodeId } from '../../core/id.ts';
import { LINKS_PER_NODE_MAX, NODES_PER_PAGE_MAX } from '../../net/limits.ts';

/** A node that needs a seat. */
export interface SeatlessNode {
  readonly id: NodeId;
  /** How many other nodes it is linked to. */
  readonly links: number;
  /** The key that it must have, by the configuration. */
  readonly publicKey?: string;
}

/** A tab that can hold nodes. */
export interface Candidate {
  readonly member: string;
  readonly key: string;
  /** For people. */
  readonly name: string;
}

/** Where a node is. */
export interface AssignedSeat {
  readonly node: NodeId;
  readonly member: string;
  readonly key: string;
}

/** No run can be made of this; the message says why and what to do. */
export class SeatingError extends Error {
  override readonly name = 'SeatingError';
}

/**
 * Gives every node a seat.
 *
 * @param candidates in the order of joining
 * @param pins members by node
 * @throws {SeatingError}
 */
export function seatNodes(
  nodes: readonly SeatlessNode[],
  candidates: readonly Candidate[],
  pins: Readonly<Record<NodeId, string>> = {},
): readonly AssignedSeat[] {
  checkSize(nodes, candidates.length);
  const taken = new Map(candidates.map(({ member }) => [member, 0]));
  const seats = new Map<NodeId, Candidate>();
  const sit = (node: NodeId, candidate: Candidate) => {
    const count = taken.get(candidate.member)! + 1;
    if (count > NODES_PER_PAGE_MAX) {
      throw new SeatingError(
        `${candidate.name} would run more than ${NODES_PER_PAGE_MAX} nodes, which is what a page holds: pin some of them elsewhere.`,
      );
    }
    taken.set(candidate.member, count);
    seats.set(node, candidate);
  };
  for (const node of nodes) {
    const pinned = pinnedSeat(node, candidates, pins[node.id]);
    if (pinned !== undefined) sit(node.id, pinned);
  }
  for (const { id } of nodes) {
    if (!seats.has(id)) sit(id, emptiest(candidates, taken));
  }
  return nodes.map(({ id }) => {
    const { member, key } = seats.get(id)!;
    return { node: id, member, key };
  });
}

function checkSize(nodes: readonly SeatlessNode[], tabs: number): void {
  if (tabs === 0) {
    throw new SeatingError(
      'No tab here holds nodes: all of them observe, or cannot connect. Open the link in another tab.',
    );
  }
  const crowded = nodes.find(({ links }) => links > LINKS_PER_NODE_MAX);
  if (crowded !== undefined) {
    throw new SeatingError(
      `${crowded.id} would have ${crowded.links} links, and a node has at most ${LINKS_PER_NODE_MAX}: give it fewer neighbours, or use the simulator.`,
    );
  }
  const lacking = Math.ceil(nodes.length / NODES_PER_PAGE_MAX) - tabs;
  if (lacking <= 0) return;
  const here = tabs === 1 ? '1 tab is' : `${tabs} tabs are`;
  const more = lacking === 1 ? 'one more tab' : `${lacking} more tabs`;
  throw new SeatingError(
    `The configuration has ${nodes.length} nodes and ${here} here, with at most ${NODES_PER_PAGE_MAX} nodes each: open the link in ${more}, or take out nodes.`,
  );
}

function pinnedSeat(
  { id, publicKey }: SeatlessNode,
  candidates: readonly Candidate[],
  pin: string | undefined,
): Candidate | undefined {
  if (publicKey === undefined && pin === undefined) return undefined;
  const found = candidates.find(
    ({ member, key }) =>
      (pin === undefined || member === pin) && (publicKey === undefined || key === publicKey),
  );
  if (found !== undefined) return found;
  if (publicKey === undefined) {
    throw new SeatingError(
      `${id} is given to a tab that is not here, or holds no nodes: give it to another, or to nobody.`,
    );
  }
  throw new SeatingError(
    `${id} needs the key ${publicKey.slice(0, 8)}… (public_key in the configuration), and no tab here that may run it has that key.`,
  );
}

/** The tab with the fewest nodes; of several, the one that joined first. */
function emptiest(candidates: readonly Candidate[], taken: ReadonlyMap<string, number>): Candidate {
  return candidates.reduce((best, one) =>
    taken.get(one.member)! < taken.get(best.member)! ? one : best,
  );
}
