/**
 * Anti-entropy (Demers et al. 1987): now and then a node tells a neighbour by chance how far it has come, and is sent what it lacks. This is what the
 * promise of delivery rests on; what spreads batches fast may lose them.
 */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import { Given } from './given.ts';
import type { Gossip } from './gossip.ts';
import type { Journal } from './journal.ts';
import type { LastValues } from './retained.ts';
import { BATCH_MESSAGES_MAX, type Batch } from './messages.ts';
import { streamOf, type StreamId } from './streams.ts';

type Vector = Record<StreamId, number>;

/** The node that repairs. */
export interface RepairOwner {
  readonly id: NodeId;
  readonly settings: { readonly sync_bytes: number; readonly sync_interval: number };
  readonly random: Random;
  readonly journal: Journal;
  readonly gossip: Gossip;
  readonly author: { readonly life: number; readonly said: number };
  readonly lastValues: LastValues;
  readonly membership: { readonly out: ReadonlyMap<NodeId, NodeId> };
  readonly reach: {
    awaited(other: NodeId): ReadonlySet<NodeId>;
    isHealing(node: NodeId): boolean;
    backSinceMs(node: NodeId): number;
    heard(node: NodeId, have: Readonly<Vector>): void;
  };
  readonly peers: ReadonlyMap<NodeId, Neighbour>;
  readonly isNew: boolean;
  readonly hasStarted: boolean;
  now(): number;
}

interface Neighbour {
  digest(fields: Digest): Promise<void>;
  missing(fields: { batches: Batch[]; floors: Vector; is_all: boolean }): Promise<void>;
  welcome(fields: { have: Vector; retained: Batch[] }): Promise<void>;
}

interface Digest {
  readonly have: Vector;
  readonly asks: boolean;
  readonly is_new?: boolean | undefined;
  readonly is_back?: boolean | undefined;
}

/** What one node does to have what the others have. */
export class Repair {
  readonly #owner: RepairOwner;
  readonly #given: Given;
  /** What others keep no more, by stream. */
  readonly floors: Vector = {};

  constructor(owner: RepairOwner) {
    this.#owner = owner;
    this.#given = new Given(2 * owner.settings.sync_interval);
  }

  /** A round, with a neighbour by chance and those of whom a word is awaited. */
  round(): void {
    const { peers, reach, random } = this.#owner;
    const others = [...peers.keys()];
    if (others.length === 0) return;
    for (const node of reach.awaited(random.pick(others))) this.ask(node);
  }

  /** Says how far this node has come, and asks for what it lacks. */
  ask(node: NodeId): void {
    const { peers, journal, isNew, reach } = this.#owner;
    const is_back = reach.isHealing(node);
    void peers.get(node)?.digest({ have: journal.have(), asks: true, is_new: isNew, is_back });
  }

  /** A neighbour says how far it has come. */
  answer(src: NodeId, digest: Digest): void {
    const { have, asks, is_new } = digest;
    const { hasStarted, membership, journal, reach, isNew, lastValues } = this.#owner;
    if (!hasStarted || membership.out.has(src)) return;
    const peer = this.#owner.peers.get(src)!;
    const mine = journal.have();
    reach.heard(src, have);
    if (is_new === true && !isNew) {
      const retained = [...new Set(Array.from(lastValues, ([, value]) => value.batch))];
      void peer.welcome({ have: mine, retained });
    }
    const isComplete = this.#give(src, peer, digest);
    const lacks = Object.entries(have).some(([stream, number]) => number > (mine[stream] ?? 0));
    // Whoever asks a node that it had lost wants to know that it has everything.
    if (asks && (lacks || isComplete)) void peer.digest({ have: mine, asks: false });
  }

  /** A neighbour has sent what this node lacked; what it did not send is asked for at once. */
  taken(src: NodeId, floors: Readonly<Vector>, isAll: boolean): void {
    for (const [stream, floor] of Object.entries(floors)) {
      this.floors[stream] = Math.max(floor, this.floors[stream] ?? 0);
    }
    const { hasStarted, journal, peers } = this.#owner;
    if (!isAll && hasStarted) void peers.get(src)?.digest({ have: journal.have(), asks: false });
  }

  /** Sends a neighbour what it lacks, unless it was given that a moment ago. True when it lacks nothing. */
  #give(src: NodeId, peer: Neighbour, { have, asks, is_back }: Digest): boolean {
    const { settings, journal, gossip, id, author, reach } = this.#owner;
    const nowMs = this.#owner.now();
    const { sync_bytes: bytesMax, sync_interval } = settings;
    // What came a moment ago may be on its way, unless the neighbour was away then.
    const beforeMs =
      is_back === true ? nowMs : Math.max(nowMs - sync_interval, reach.backSinceMs(src));
    const { batches, floors, isAll } = journal.missingFrom(
      asks ? this.#given.stuckAt(src, have, nowMs) : have,
      { bytesMax, countMax: BATCH_MESSAGES_MAX, beforeMs },
      { stream: streamOf(id, author.life), end: author.said },
    );
    const isNews = batches.length > 0 || Object.keys(floors).length > 0;
    // Whoever is given more than it can take in asks for the same again: it has it soon.
    if (isNews && this.#given.mayGive(src, have, nowMs)) {
      for (const batch of batches) gossip.sends(batch, 1);
      void peer.missing({ batches, floors, is_all: isAll });
    }
    return batches.length === 0;
  }
}
