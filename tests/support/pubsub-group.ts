/** A group of members within one process, for tests: a network that can be cut, stores that outlive a member, real signatures. */

import { onTestFinished } from 'vitest';
import { Random } from '../../src/core/random.ts';
import type { Store } from '../../src/core/ports.ts';
import { createPubSub, type PubSub } from '../../src/lab/pubsub/create-pubsub.ts';
import type { BarePubSubOptions } from '../../src/lab/pubsub/pubsub-options.ts';
import type { Subscription, TopicMessage } from '../../src/lab/pubsub/subscription.ts';
import { syncSigners } from '../../src/net/ed25519.ts';
import { MemoryNetwork } from '../../src/net/parcels/memory-network.ts';
import { MemoryStore } from '../../src/storage/memory.ts';

/** A group. */
export interface Group {
  readonly network: MemoryNetwork;
  readonly ids: readonly string[];
  /** Starts a member, or starts it again with what it had stored. */
  start(id: string, options?: Partial<BarePubSubOptions>): Promise<PubSub>;
  signerOf: ReturnType<typeof syncSigners>;
}

/** Key of all groups of tests. */
export const KEY = new Uint8Array(32).fill(7);

/** Makes a group of so many members; they are stopped when the test is over. */
export function newGroup(size = 3): Group {
  const ids = Array.from({ length: size }, (_, i) => `n${i + 1}`);
  const network = new MemoryNetwork();
  const stores = new Map<string, Store>();
  const signerOf = syncSigners(1, ids);
  return {
    ...{ network, ids, signerOf },
    async start(id, options = {}) {
      const member = await createPubSub({
        ...{ id, network, members: ids, signer: signerOf(id) },
        security: { authentication: false, key: KEY },
        store: (path) => {
          const store = stores.get(`${id} ${path}`) ?? new MemoryStore();
          stores.set(`${id} ${path}`, store);
          return store;
        },
        ...options,
      });
      onTestFinished(() => member.kill());
      return member;
    },
  };
}

/** Waits for so many messages of a subscription. */
export async function read(subscription: Subscription, count: number): Promise<TopicMessage[]> {
  const messages: TopicMessage[] = [];
  for await (const message of subscription) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

/** A random stream for tests of one seed. */
export const random = (seed: number): Random => Random.stream(seed, 'pubsub tests');
