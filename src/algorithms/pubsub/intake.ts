/** The door of a node: whatever anybody brings is looked at before it is believed. */

import type { NodeId } from '../../core/id.ts';
import type { Logger } from '../../core/ports.ts';
import { check } from '../../core/schema.ts';
import type { Value } from '../../core/value.ts';
import type { Conduct } from './conduct.ts';
import type { Gossip } from './gossip.ts';
import type { Journal, Reception } from './journal.ts';
import type { Limits } from './limits.ts';
import type { Membership, Way } from './membership.ts';
import { batch as batchSchema, sizeOf, type Batch } from './messages.ts';
import { streamOf } from './streams.ts';

/** A Lamport time may be so far ahead of all that was heard: an author that lies could otherwise use up all numbers at once. */
const LAMPORT_LEAP_MAX = 1e9;

/** The node. */
export interface IntakeOwner {
  readonly nodes: ReadonlySet<NodeId>;
  readonly log: Logger;
  readonly settings: { readonly replay_window: number };
  readonly author: { readonly lamport: number; hear(lamport: number): void };
  readonly journal: Journal;
  readonly membership: Membership;
  readonly conduct: Conduct;
  readonly limits: Limits;
  readonly gossip: Gossip;
  readonly counts: Record<
    'refused' | 'duplicates' | 'conflicts' | 'limited' | 'ignored' | 'replayed',
    number
  >;
  now(): number;
  tell(kind: string, detail: Value): void;
}

/** What one node takes in. */
export class Intake {
  readonly #owner: IntakeOwner;

  constructor(owner: IntakeOwner) {
    this.#owner = owner;
  }

  /** A payload of the layer below is what somebody else says it is. */
  hear(payload: Value, from: NodeId): void {
    const { counts, conduct, log } = this.#owner;
    const read = check(batchSchema, payload);
    if (read.issues === undefined) {
      this.take(read.value, from, 'spread');
      return;
    }
    counts.refused++;
    conduct.note(from, 'malformed');
    log.warn(`what ${from} spread is no batch: ${read.issues[0]?.message}`);
  }

  /** Looks at a batch from anybody. `ignored`: whoever pushed it is not listened to now. */
  take(given: Batch, from: NodeId, way: Way): Reception | 'ignored' {
    const { counts, conduct, journal, limits, author, gossip } = this.#owner;
    if (way === 'spread' && conduct.isIgnored(from)) {
      counts.ignored++;
      return 'ignored';
    }
    const reception = !this.#isSound(given, from, way)
      ? 'stale'
      : journal.take(given, this.#owner.now(), (bytes, isNext) =>
          limits.admits(given, bytes, isNext),
        );
    gossip.hears(given, reception);
    const size = sizeOf(given.messages);
    if (reception === 'new' || reception === 'ahead') author.hear(given.lamport + size - 1);
    else if (reception === 'known') this.#known(given, from, way);
    else if (reception === 'limited') this.#limited(given, from, way);
    else if (reception === 'conflict') this.#conflict(given, from);
    else counts.refused++;
    return reception;
  }

  #isSound({ signer, lamport }: Batch, from: NodeId, way: Way): boolean {
    const { author, nodes, membership } = this.#owner;
    return (
      signer !== '' &&
      lamport <= author.lamport + LAMPORT_LEAP_MAX &&
      nodes.has(signer) &&
      membership.mayTake(signer, from, way)
    );
  }

  /** A correct network brings a thing twice within a moment. Much later it is a replay. */
  #known({ signer, life, first }: Batch, from: NodeId, way: Way): void {
    const { counts, conduct, journal, settings } = this.#owner;
    counts.duplicates++;
    const kept = journal.find(streamOf(signer, life), first);
    // What is kept no more may have come a moment ago, where little is kept.
    if (way !== 'spread' || kept === undefined) return;
    if (this.#owner.now() - kept.atMs <= settings.replay_window) return;
    counts.replayed++;
    conduct.note(from, 'replayed');
  }

  /** Whoever hands on what another said too fast does nothing wrong; and what was asked for may come all at once. */
  #limited({ signer, messages }: Batch, from: NodeId, way: Way): void {
    const { counts, conduct, limits } = this.#owner;
    counts.limited += sizeOf(messages);
    if (way !== 'spread' || from !== signer) return;
    limits.say(signer);
    conduct.note(from, 'flooded');
  }

  #conflict({ signer, life, first }: Batch, from: NodeId): void {
    const { counts, log } = this.#owner;
    counts.conflicts++;
    const what = `${streamOf(signer, life)}:${first}`;
    log.warn(`${from} brought a second message ${what}: it is not delivered`);
    this.#owner.tell('conflict', { message: what, from });
  }
}
