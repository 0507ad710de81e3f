/**
 * The worker of a tab that is one node of a cluster of demos (`parley raft`): the other nodes are tabs of the same browser, what it stores
 * is in the browser's IndexedDB. In the tab itself a hidden node's timers would go off once a second, all at the same moment, and every
 * election would be a tie.
 */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { TabNetwork } from '../../net/parcels/tab-network.ts';
import { NodeStorage } from '../../storage/indexed-db/node-storage.ts';
import type { Durability } from '../../storage/indexed-db/writing.ts';
import type { Outcome } from '../../algorithms/raft/messages.ts';
import { createRaft, type MemberChange, type RaftNode } from './create-raft.ts';
import { demos } from './demos/demos.ts';
import type { RaftMetrics, RaftStatus } from './status.ts';

/** Which node a tab is. */
export interface RaftJob {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  readonly others: readonly NodeId[];
  readonly demo: string;
  readonly durability: Durability;
}

/** What a tab is asked. */
export type RaftRequest =
  | { readonly do: 'status' }
  | { readonly do: 'propose'; readonly command: unknown }
  | { readonly do: 'read'; readonly query: unknown }
  | { readonly do: 'change'; readonly changes: readonly MemberChange[] }
  | { readonly do: 'transfer'; readonly to?: NodeId }
  | { readonly do: 'snapshot' };

/** What it answers. */
export type RaftAnswer =
  | { readonly kind: 'status'; readonly status: RaftStatus; readonly metrics: RaftMetrics }
  | Outcome;

/** A question of the page, with a number that the answer bears. */
export type Asked = { readonly number: number } & (
  | { readonly job: RaftJob }
  | { readonly request: RaftRequest }
);

/** An answer: `problem` when the node could not be started. */
export interface Answered {
  readonly number: number;
  readonly answer?: RaftAnswer;
  readonly problem?: string;
}

let node: RaftNode<unknown, unknown, unknown, unknown> | undefined;

globalThis.onmessage = ({ data }: MessageEvent<Asked>) => {
  const { number } = data;
  const reply = (answered: Omit<Answered, 'number'>): void => postMessage({ number, ...answered });
  const done = 'job' in data ? start(data.job) : ask(data.request);
  done.then(
    (answer) => reply(answer === undefined ? {} : { answer }),
    (error: unknown) => reply({ problem: messageOf(error) }),
  );
};

async function start({ id, members, others, demo, durability }: RaftJob): Promise<undefined> {
  const storage = await NodeStorage.open(`raft/${id}`, { durability });
  node = await createRaft<unknown, unknown, unknown, unknown, unknown>({
    ...{ id, members, others, machine: demos[demo]! },
    network: new TabNetwork('raft'),
    store: storage.journal('raft'),
  });
}

async function ask(request: RaftRequest): Promise<RaftAnswer> {
  const raft = node!;
  switch (request.do) {
    case 'status':
      return { kind: 'status', status: raft.status, metrics: raft.metrics };
    case 'propose':
      return outcomeOf(raft.propose(request.command));
    case 'read':
      return outcomeOf(raft.read(request.query));
    case 'change':
      return raft.change(request.changes);
    case 'transfer':
      return raft.transfer(request.to);
    case 'snapshot':
      return raft.snapshot();
  }
}

/** What a client was told, as an outcome again. */
async function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'result', value: (await promise) as never };
  } catch (error) {
    const isUnknown = (error as { readonly kind?: unknown }).kind === 'timeout';
    return { kind: isUnknown ? 'timeout' : 'error', reason: messageOf(error) };
  }
}
