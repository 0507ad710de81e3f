/**
 * Broadcast in batches along a tree: what is new is gathered for a while, sent to the neighbours in the tree as one message, and sent again
 * until it is acknowledged. Few messages, and none is lost when a partition has healed.
 */

import * as v from 'valibot';
import { defineAlgorithm, request } from '../../src/index.ts';

const messages = {
  topology: request({ topology: v.record(v.string(), v.array(v.string())) }, v.object({})),
  broadcast: request({ message: v.number() }, v.object({})),
  read: request({}, v.object({ messages: v.array(v.number()) })),
  batch: request({ messages: v.array(v.number()) }, v.object({})),
};

const settings = {
  /** Milliseconds for which new messages are gathered: fewer messages, later. */
  gather_ms: v.optional(v.number(), 50),
  /** Milliseconds after which a batch without acknowledgement is sent again. */
  retry_ms: v.optional(v.number(), 1000),
  /** Children of each node in the tree. */
  branches: v.optional(v.number(), 4),
};

/** The topology that the workload proposes is ignored: with a tree each message comes to each node once. */
export class TreeBroadcast extends defineAlgorithm('tree_broadcast', {
  messages,
  settings,
  service: true,
}) {
  readonly seen = new Set<number>();
  /** What each neighbour in the tree has not acknowledged, and is not on its way. */
  readonly unsent = new Map<string, Set<number>>();

  override onStart() {
    const nodes = [...this.nodes];
    const { branches, gather_ms } = this.settings;
    const parent = (at: number) => Math.floor((at - 1) / branches);
    const own = nodes.indexOf(this.id);
    for (const [at, id] of nodes.entries()) {
      if ((own > 0 && parent(own) === at) || (at > 0 && parent(at) === own)) {
        this.unsent.set(id, new Set());
      }
    }
    this.every(gather_ms, () => this.flush());
  }

  handlers = this.on({
    topology: () => ({}),
    broadcast: (src, { message }) => {
      this.learn(src, [message]);
      return {};
    },
    read: () => ({ messages: [...this.seen] }),
    batch: (src, batch) => {
      this.learn(src, batch.messages);
      return {};
    },
  });

  learn(from: string, batch: readonly number[]): void {
    for (const message of batch) {
      if (this.seen.has(message)) continue;
      this.seen.add(message);
      for (const [neighbour, unsent] of this.unsent) if (neighbour !== from) unsent.add(message);
    }
  }

  flush(): void {
    for (const [neighbour, unsent] of this.unsent) {
      if (unsent.size === 0) continue;
      const batch = [...unsent];
      unsent.clear();
      void this.pass(neighbour, batch);
    }
  }

  /** What is not acknowledged in time goes into a later batch. */
  async pass(neighbour: string, batch: readonly number[]): Promise<void> {
    try {
      const { retry_ms: timeoutMs } = this.settings;
      await this.peer(neighbour).batch({ messages: [...batch] }, { timeoutMs });
    } catch {
      const unsent = this.unsent.get(neighbour)!;
      for (const message of batch) unsent.add(message);
    }
  }
}
