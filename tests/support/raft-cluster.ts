/** A cluster of nodes that a program made itself, in one process: quick elections, links that can be cut, disks that stay. */

import { onTestFinished } from 'vitest';
import { createRaft, type RaftNode, type RaftOptions } from '../../src/lab/raft/create-raft.ts';
import { MemoryNetwork } from '../../src/net/parcels/memory-network.ts';
import { MemoryStore } from '../../src/storage/memory.ts';

/** As short as a busy machine allows. */
const QUICK = { election_timeout: 200, heartbeat_interval: 30 };

/** Any options but those that the cluster decides. */
export type ClusterOptions<S, C, R, Q, A> = Pick<
  RaftOptions<S, C, R, Q, A>,
  'machine' | 'settings' | 'others'
> & { readonly size?: number };

/** A cluster of n1, n2, … */
export class RaftCluster<S, C, R, Q, A> {
  readonly network = new MemoryNetwork();
  readonly stores = new Map<string, MemoryStore>();
  readonly nodes = new Map<string, RaftNode<C, R, Q, A>>();
  readonly members: readonly string[];
  readonly #options: ClusterOptions<S, C, R, Q, A>;

  constructor(options: ClusterOptions<S, C, R, Q, A>) {
    this.#options = options;
    this.members = Array.from({ length: options.size ?? 3 }, (_, i) => `n${i + 1}`);
    onTestFinished(() => {
      for (const node of this.nodes.values()) node.kill();
    });
  }

  /** Starts every member. */
  async start(): Promise<readonly RaftNode<C, R, Q, A>[]> {
    return Promise.all(this.members.map((id) => this.startNode(id)));
  }

  /** Starts a node, or starts it again on its disk. */
  async startNode(id: string): Promise<RaftNode<C, R, Q, A>> {
    const store = this.stores.get(id) ?? new MemoryStore();
    this.stores.set(id, store);
    const { machine, settings, others } = this.#options;
    const node = await createRaft<S, C, R, Q, A>({
      ...{ id, members: this.members, machine, network: this.network, store },
      settings: { ...QUICK, ...settings },
      ...(others === undefined ? {} : { others }),
    });
    this.nodes.set(id, node);
    return node;
  }

  /** The leader, as soon as there is one that its followers know. */
  async leader(): Promise<RaftNode<C, R, Q, A>> {
    for (;;) {
      const leading = [...this.nodes.values()].filter(
        ({ status }) => status.role === 'leader' && !status.isStopped,
      );
      if (leading.length === 1) return leading[0]!;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Fulfilled when a node's own copy answers so that `isThere`. */
export function until<A>(
  node: Pick<RaftNode<never, never, null, A>, 'subscribe'>,
  isThere: (answer: A) => boolean,
): Promise<A> {
  return new Promise((resolve) => {
    const end = node.subscribe(null, (answer) => {
      if (!isThere(answer)) return;
      // The first answer comes before one can end it.
      queueMicrotask(() => end());
      resolve(answer);
    });
  });
}
