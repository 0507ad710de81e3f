/** In a worker: a node of a cluster whose others are workers of the same page, and a client that measures. */

import type { StateMachineDefinition } from '../src/lab/raft/defined-machine.ts';
import { createRaft } from '../src/lab/raft/create-raft.ts';
import { TabNetwork } from '../src/net/parcels/tab-network.ts';
import { NodeStorage } from '../src/storage/indexed-db/node-storage.ts';
import { MemoryStore } from '../src/storage/memory.ts';

/** What the cluster stores in. */
export type BenchStorage = 'strict' | 'relaxed' | 'memory';

/** Which node it is. */
export interface BenchJob {
  readonly id: string;
  readonly run: string;
  readonly storage: BenchStorage;
}

/** What the leader's client saw. */
export interface RaftFigures {
  /** Milliseconds of each command, the next begun when it was applied. */
  readonly commitMs: readonly number[];
  /** Commands a second with {@link UNDER_WAY} of them under way. */
  readonly pipelined: number;
  readonly messagesPerCommit: number;
  /** Reads a second, by ReadIndex, as many under way. */
  readonly reads: number;
  /** Milliseconds of a transaction that stores as much as an entry, in the same worker. */
  readonly writeMs: readonly number[];
}

const MEMBERS = ['n1', 'n2', 'n3'];
const ONE_BY_ONE = 200;
const PIPELINED = 4000;
const UNDER_WAY = 256;

/** Commands of 64 bytes that are counted. */
const machine: StateMachineDefinition<{ count: number }, Uint8Array, number, null, number> = {
  initial: () => ({ count: 0 }),
  apply: (state) => ++state.count,
  query: ({ count }) => count,
};

globalThis.onmessage = async ({ data }: MessageEvent<BenchJob>) => {
  const { id, run, storage } = data;
  const database =
    storage === 'memory'
      ? undefined
      : await NodeStorage.open(`${run}/${id}`, { durability: storage });
  const store = database?.store('raft') ?? new MemoryStore();
  const network = new TabNetwork(run);
  const raft = await createRaft({ id, members: MEMBERS, machine, network, store });
  // The client is the leader's: what is measured is the cluster, not the way to it.
  await new Promise<void>((resolve) => {
    const end = raft.on(() => {
      if (raft.status.role !== 'leader') return;
      end();
      resolve();
    });
  });
  const command = crypto.getRandomValues(new Uint8Array(64));
  for (let i = 0; i < 20; i++) await raft.propose(command);
  const commitMs = await oneByOne(ONE_BY_ONE, () => raft.propose(command));
  const before = raft.metrics;
  const pipelined = await together(PIPELINED, () => raft.propose(command));
  const { metrics } = raft;
  const messages = (of: typeof metrics) => of.messagesSent + of.messagesReceived;
  const commits = metrics.commandsApplied - before.commandsApplied;
  const reads = await together(PIPELINED, () => raft.read(null));
  const writes = database?.store('bench') ?? new MemoryStore();
  let next = 0;
  const writeMs = await oneByOne(ONE_BY_ONE, () => writes.put(`key ${next++}`, command));
  const figures: RaftFigures = {
    commitMs,
    pipelined,
    messagesPerCommit: (messages(metrics) - messages(before)) / commits,
    reads,
    writeMs,
  };
  postMessage(figures);
};

async function oneByOne(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const beganMs = performance.now();
    await act();
    times.push(performance.now() - beganMs);
  }
  return times;
}

/** How many there are in a second. */
async function together(count: number, act: () => Promise<unknown>): Promise<number> {
  let left = count;
  const beganMs = performance.now();
  const lane = async (): Promise<void> => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, lane));
  return (count / (performance.now() - beganMs)) * 1000;
}
