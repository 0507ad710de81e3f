/**
 * The lower layer: whatever it is given reaches every neighbour and its own node. CGR 2011,
 * Algorithm 3.1, with acknowledgements.
 */

import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { delivers, messages } from './messages.ts';
import { lowerRules as rules } from './rules.ts';

/**
 * Best-effort broadcast: as good as its sender. It stands under another algorithm, in a field
 * called `broadcast`.
 */
export class SimpleBroadcast extends defineAlgorithm('broadcast', { messages, delivers, rules }) {
  broadcasts = 0;
  deliveries = 0;

  /**
   * Broadcasts `payload`; fulfilled when the layer above has it here and at every neighbour.
   *
   * @returns the neighbours of which that is not known: gone, or silent for too long
   */
  async broadcast(payload: Value): Promise<NodeId[]> {
    this.broadcasts++;
    const recipients = this.rules.recipients(this.id, [...this.peers.keys()]);
    const silent = await this.rules.gather(recipients.map((id) => this.pass(id, payload)));
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

  /** Passes it to one node, which may be this one; returns its name when it did not acknowledge. */
  async pass(id: NodeId, payload: Value): Promise<NodeId | undefined> {
    if (id === this.id) {
      await this.hand(id, payload);
      return undefined;
    }
    try {
      await this.peer(id).data({ payload });
      return undefined;
    } catch (error) {
      this.log.warn(messageOf(error));
      return id;
    }
  }

  override state(): object {
    return { broadcasts: this.broadcasts, deliveries: this.deliveries };
  }
}
