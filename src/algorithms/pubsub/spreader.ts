/**
 * How batches get around, fast and without a promise: what is lost here, anti-entropy brings.
 *
 * The layer below spreads over whatever neighbours there are. Where everybody is linked to everybody that would bring each batch several
 * times and sign it twice; there an author sends its own to all, names those that it does not reach, and whoever does hands it on.
 */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Logger } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import type { Gossip } from './gossip.ts';
import type { Batch } from './messages.ts';

/** The one topic of the layer below: every member carries every message, so that what depends on it can be told. */
export const EVERYTHING = 'everything';

/** The node that spreads. */
export interface SpreaderOwner {
  readonly id: NodeId;
  readonly log: Logger;
  readonly gossip: Gossip;
  readonly settings: { readonly spread: 'layer' | 'direct' };
  readonly peers: ReadonlyMap<NodeId, { said(fields: Said): Promise<void> }>;
  readonly membership: { readonly out: ReadonlyMap<NodeId, NodeId> };
  readonly reach: { readonly unreachable: ReadonlySet<NodeId> };
  readonly audience: { needs(node: NodeId, topic: string): boolean };
  readonly children: {
    readonly dissemination: {
      call(name: 'join', fields: { readonly topic: string }): Promise<unknown>;
      call(
        name: 'publish',
        fields: { readonly topic: string; readonly payloads: Value[] },
      ): Promise<unknown>;
    };
  };
}

interface Said {
  readonly batch: Batch;
  readonly missed: NodeId[];
}

/** Spreads the batches of one node. */
export class Spreader {
  readonly #owner: SpreaderOwner;
  /** Whether the link to a node takes more now; a program that knows says so. */
  hasRoom: (node: NodeId) => boolean = () => true;

  constructor(owner: SpreaderOwner) {
    this.#owner = owner;
  }

  /** Takes part in the layer below, if that is what spreads. */
  async join(): Promise<void> {
    const { settings, children } = this.#owner;
    if (settings.spread === 'layer')
      await children.dissemination.call('join', { topic: EVERYTHING });
  }

  /** Sends a batch of its own on its way; fulfilled when it is signed and on the links. */
  async spread(batch: Batch): Promise<void> {
    const { settings, children, log, gossip, reach, peers, membership } = this.#owner;
    if (settings.spread === 'layer') {
      const payloads = [batch as unknown as Value];
      await children.dissemination
        .call('publish', { topic: EVERYTHING, payloads })
        .catch((error: unknown) => log.warn(`not spread: ${messageOf(error)}`));
      return;
    }
    const { out } = membership;
    const missed = [...reach.unreachable].filter((id) => !out.has(id));
    // Those that are not reached as well: they may be, and then they need not wait.
    const needed = this.#needed(batch);
    const members = [...peers]
      .filter(([id]) => !out.has(id) && (needed.has(id) || this.hasRoom(id)))
      .toSorted(([a], [b]) => Number(needed.has(b)) - Number(needed.has(a)));
    gossip.sends(batch, members.length);
    await Promise.all(members.map(([, peer]) => peer.said({ batch, missed })));
  }

  /** Those whom something in it concerns. */
  #needed({ messages }: Batch): ReadonlySet<NodeId> {
    const { audience, peers } = this.#owner;
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    return new Set([...peers.keys()].filter((id) => topics.some((one) => audience.needs(id, one))));
  }

  /** Hands a batch that is new here, and came from its author, to those whom that does not reach. */
  handOn(batch: Batch, from: NodeId, missed: readonly NodeId[]): void {
    if (from !== batch.signer) return;
    const { peers, reach, gossip } = this.#owner;
    for (const id of new Set(missed)) {
      const peer = peers.get(id);
      if (peer === undefined || id === from || reach.unreachable.has(id)) continue;
      gossip.sends(batch, 1);
      void peer.said({ batch, missed: [] });
    }
  }
}
