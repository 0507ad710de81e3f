/**
 * The lower layer: whatever it is given reaches every neighbour and its own node. CGR 2011,
 * Algorithm 3.1, with acknowledgements.
 */

import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Peer } from '../../core/message.ts';
import type { Value } from '../../core/value.ts';
import { delivers, messages } from './messages.ts';

/**
 * Best-effort broadcast: as good as its sender. It stands under another algorithm, in a field
 * called `broadcast`.
 */
export class SimpleBroadcast extends defineAlgorithm('broadcast', { messages, delivers }) {
  broadcasts = 0;
  deliveries = 0;

  /**
   * Broadcasts `payload`; fulfilled when the layer above has it here and at every neighbour.
   *
   * @returns the neighbours of which that is not known: gone, or silent for too long
   */
  async broadcast(payload: Value): Promise<NodeId[]> {
    this.broadcasts++;
    const passing = Array.from(this.peers.values(), (peer) => this.pass(peer, payload));
    // CGR 2011, 3.2: a broadcast goes to all processes, and the sender is one of them.
    await this.hand(this.id, payload);
    const silent = await Promise.all(passing);
    return silent.filter((id) => id !== undefined);
  }

  handlers = this.on({
    data: async (src, { payload }) => {
      await this.hand(src, payload);
      return null;
    },
  });

  /** Hands a payload up. Should the layer above refuse it, the sender hears of it. */
  async hand(from: NodeId, payload: Value): Promise<void> {
    this.deliveries++;
    await this.deliver.got({ from, payload });
  }

  /** Sends to one neighbour; returns its name when it did not acknowledge. */
  async pass(peer: Peer<typeof messages>, payload: Value): Promise<NodeId | undefined> {
    try {
      await peer.data({ payload });
      return undefined;
    } catch (error) {
      this.log.warn(messageOf(error));
      return peer.id;
    }
  }

  override state(): object {
    return { broadcasts: this.broadcasts, deliveries: this.deliveries };
  }
}
