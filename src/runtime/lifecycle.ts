/**
 * Start and termination barriers that survive loss, without a coordinator and without a full mesh.
 *
 * Every node keeps a table of all nodes' standings. Tables are merged like a join-semilattice (the newest incarnation wins, then the
 * further status), so messages may be lost, doubled or reordered. A node sends its table to its neighbours in the overlay
 * when it has changed, and again until they are known to have it. `ready` is passed when every node of the table is ready, so it
 * is a barrier, and the table says whom it waits for.
 */

import type { NodeId } from '../core/id.ts';
import type { Timer } from '../core/ports.ts';
import {
  hasEnded,
  hasReached,
  isNewer,
  missing,
  NODE_STATUSES,
  type NodeStatus,
  type Standing,
} from '../core/status.ts';

/** One row of the table as it travels. */
export type StandingRow = readonly [
  id: NodeId,
  incarnation: number,
  status: NodeStatus,
  error: string,
];

/** A table, its version at the sender, and the version of the receiver's that the sender has seen. */
export interface LifecycleMessage {
  readonly version: number;
  readonly seen: number;
  readonly rows: readonly StandingRow[];
}

/** Changes within this time travel together: n nodes that become ready at once cost n² messages, not n³. */
const GATHER_MS = 1;

/** An unacknowledged table is sent again after this time; links are slower than that only when they are broken. */
const RESEND_MS = 250;

/**
 * Versions of an incarnation begin behind those of the one before: a neighbour that has not heard of the reload acknowledges versions of
 * the old table, and none of ours may be among them. No run changes a table so often.
 */
const VERSIONS_PER_INCARNATION = 1_000_000;

/** What the barriers need of the node around them. */
export interface LifecycleHost {
  send(to: NodeId, message: LifecycleMessage): void;
  after(delayMs: number, callback: () => void): Timer;
  /** A standing changed, our own included. */
  changed(id: NodeId, standing: Standing): void;
}

interface Neighbour {
  /** Highest version of ours that it is known to have. */
  acknowledged: number;
  /** Highest version of its that we have. */
  seen: number;
  /** It waits for an acknowledgement. */
  owed: boolean;
  /** It is none in the overlay, and was met on a link that there was anyway; forgotten when neither has anything to learn. */
  readonly isGuest: boolean;
}

/** The barriers of one node. */
export class Lifecycle {
  readonly #id: NodeId;
  readonly #incarnation: number;
  readonly #all: readonly NodeId[];
  readonly #host: LifecycleHost;
  readonly #table = new Map<NodeId, Standing>();
  readonly #neighbours = new Map<NodeId, Neighbour>();
  #version: number;
  #gathering: Timer | undefined;
  #resending: Timer | undefined;

  constructor(
    id: NodeId,
    incarnation: number,
    all: readonly NodeId[],
    overlay: readonly NodeId[],
    host: LifecycleHost,
  ) {
    this.#id = id;
    this.#incarnation = incarnation;
    this.#version = incarnation * VERSIONS_PER_INCARNATION;
    this.#all = all;
    this.#host = host;
    for (const neighbour of overlay) {
      this.#neighbours.set(neighbour, newNeighbour(false));
    }
  }

  /**
   * There is a link to a node that need not be a neighbour in the overlay: it may know what this node waits for, when those beside it in the
   * overlay are gone.
   */
  meet(id: NodeId): void {
    if (id === this.#id || this.#neighbours.has(id) || !this.#all.includes(id)) return;
    this.#neighbours.set(id, newNeighbour(true));
    this.#gather();
  }

  /** What is known of every node. */
  get standings(): ReadonlyMap<NodeId, Standing> {
    return this.#table;
  }

  /** The nodes that have not come as far as `status`. */
  missing(status: NodeStatus): NodeId[] {
    return missing(this.#all, this.#table, status);
  }

  /** True when nobody in the overlay still has to hear from us. */
  get isQuiet(): boolean {
    return ![...this.#neighbours].some(([id, neighbour]) => this.#lacks(id, neighbour));
  }

  /** Announces how far this node has come. */
  set(status: NodeStatus, error = ''): void {
    this.#learn(this.#id, this.#incarnation, status, error);
  }

  /** The runtime saw that this node's tab was closed or its worker died. */
  depart(id: NodeId, error: string): void {
    const known = this.#table.get(id);
    if (known !== undefined && hasEnded(known.status)) return;
    this.#learn(id, known?.incarnation ?? 0, 'departed', error);
  }

  /** Takes a message of a neighbour. Rows about unknown nodes are ignored. */
  receive(from: NodeId, message: LifecycleMessage): void {
    const neighbour = this.#neighbours.get(from);
    if (neighbour === undefined) return;
    const before = this.#table.get(from)?.incarnation;
    for (const [id, incarnation, status, error] of message.rows) {
      // Nobody else can tell how far this very incarnation of us has come.
      if (id === this.#id && incarnation >= this.#incarnation) continue;
      if (this.#all.includes(id)) this.#learn(id, incarnation, status, error);
    }
    if (before !== undefined && this.#table.get(from)!.incarnation > before) {
      neighbour.acknowledged = 0;
      neighbour.seen = 0;
    }
    if (message.seen > neighbour.acknowledged) neighbour.acknowledged = message.seen;
    if (message.version > neighbour.seen) neighbour.seen = message.version;
    if (message.rows.length > 0) {
      neighbour.owed = true;
      if (this.#knowsAllOfUs(message.rows)) neighbour.acknowledged = this.#version;
      this.#gather();
    }
  }

  /** Stops sending. */
  close(): void {
    this.#gathering?.cancel();
    this.#resending?.cancel();
    this.#neighbours.clear();
  }

  #learn(id: NodeId, incarnation: number, status: NodeStatus, error: string): void {
    const standing: Standing =
      error === '' ? { incarnation, status } : { incarnation, status, error };
    if (!isNewer(standing, this.#table.get(id))) return;
    this.#table.set(id, standing);
    this.#version++;
    this.#gather();
    this.#host.changed(id, standing);
  }

  #gather(): void {
    this.#gathering ??= this.#host.after(GATHER_MS, () => {
      this.#gathering = undefined;
      this.#flush();
    });
  }

  /** Sends to those who are not known to have it, and acknowledges what came. */
  #flush(): void {
    let waiting = false;
    for (const [id, neighbour] of this.#neighbours) {
      const isBehind = this.#lacks(id, neighbour);
      if (isBehind || neighbour.owed) {
        const { seen } = neighbour;
        this.#host.send(id, { version: this.#version, seen, rows: isBehind ? this.#rows() : [] });
      }
      neighbour.owed = false;
      waiting ||= isBehind;
      if (neighbour.isGuest && !isBehind && this.#isUnderWay(id)) this.#neighbours.delete(id);
    }
    if (!waiting) return;
    this.#resending?.cancel();
    this.#resending = this.#host.after(RESEND_MS, () => this.#flush());
  }

  /** Whether it has something to learn from us. Who has ended knows all that mattered to it. */
  #lacks(id: NodeId, { acknowledged }: Neighbour): boolean {
    const status = this.#table.get(id)?.status;
    return acknowledged < this.#version && !(status !== undefined && hasEnded(status));
  }

  /** Whether both, this node and the other, are past the first barrier. */
  #isUnderWay(other: NodeId): boolean {
    return [this.#id, other].every((id) => hasReached(this.#table.get(id), 'running'));
  }

  #rows(): StandingRow[] {
    return Array.from(this.#table, ([id, { incarnation, status, error }]) => [
      id,
      incarnation,
      status,
      error ?? '',
    ]);
  }

  #knowsAllOfUs(rows: readonly StandingRow[]): boolean {
    let equal = 0;
    for (const [id, incarnation, status] of rows) {
      const ours = this.#table.get(id);
      if (ours?.incarnation === incarnation && ours.status === status) equal++;
    }
    return equal === this.#table.size;
  }
}

function newNeighbour(isGuest: boolean): Neighbour {
  return { acknowledged: 0, seen: 0, owed: false, isGuest };
}

/** True for anything that has the form of a lifecycle message; bounded by the number of nodes. */
export function isLifecycleMessage(input: unknown, nodesMax: number): input is LifecycleMessage {
  if (typeof input !== 'object' || input === null) return false;
  const { version, seen, rows } = input as Record<string, unknown>;
  return (
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(seen) &&
    Array.isArray(rows) &&
    rows.length <= nodesMax &&
    rows.every(isRow)
  );
}

/** An error's text in a table; the whole text with its stack stays at the node that failed. */
export const STANDING_ERROR_LENGTH_MAX = 300;

function isRow(row: unknown): row is StandingRow {
  return (
    Array.isArray(row) &&
    row.length === 4 &&
    typeof row[0] === 'string' &&
    Number.isSafeInteger(row[1]) &&
    (NODE_STATUSES as readonly unknown[]).includes(row[2]) &&
    typeof row[3] === 'string' &&
    row[3].length <= STANDING_ERROR_LENGTH_MAX
  );
}

/**
 * The overlay that lifecycle messages travel on: the neighbour lists, both ways, and a ring through all nodes in the order of the configuration.
 * So it is connected whatever the lists are, and stays so when any one node leaves, be it the centre of a star.
 */
export function lifecycleOverlay(
  neighbours: ReadonlyMap<NodeId, readonly NodeId[]>,
): Map<NodeId, Set<NodeId>> {
  const overlay = new Map<NodeId, Set<NodeId>>();
  for (const id of neighbours.keys()) overlay.set(id, new Set());
  const join = (a: NodeId, b: NodeId) => {
    if (a === b) return;
    overlay.get(a)!.add(b);
    overlay.get(b)!.add(a);
  };
  for (const [id, list] of neighbours) for (const other of list) join(id, other);
  const ids = [...overlay.keys()];
  for (const [at, id] of ids.entries()) join(id, ids[(at + 1) % ids.length]!);
  return overlay;
}
