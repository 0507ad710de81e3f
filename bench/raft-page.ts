/** In a tab: a node of a cluster of three tabs over WebRTC, and what the bench asks of it. */

import { createRaft, type RaftNode } from '../src/lab/raft/create-raft.ts';
import type { StateMachineDefinition } from '../src/lab/raft/defined-machine.ts';
import { enterRoom } from '../src/lab/raft/room/enter-room.ts';
import type { Network } from '../src/net/parcels/network.ts';
import { NodeStorage } from '../src/storage/indexed-db/node-storage.ts';
import { MemoryStore } from '../src/storage/memory.ts';
import type { Store } from '../src/core/ports.ts';

/** What the cluster stores in. */
export type BenchStorage = 'strict' | 'relaxed' | 'memory';

/** What one tab can be asked. Times are milliseconds, rates are a second. */
export interface RaftBench {
  start(room: string, storage: BenchStorage): Promise<void>;
  isLeading(): boolean;
  /** Sends 64 bytes to the two others, who store them before they answer, stores them itself, and waits for itself and the first of them. */
  bare(count: number): Promise<readonly number[]>;
  /** Commands one by one: how long each takes, and how many messages each costs. */
  oneByOne(count: number): Promise<{ readonly ms: readonly number[]; readonly messages: number }>;
  pipelined(count: number, underWay: number): Promise<number>;
  reads(count: number, underWay: number, by: 'index' | 'lease'): Promise<number>;
  /** Milliseconds until a command that is proposed now is applied. */
  next(): Promise<number>;
}

declare global {
  interface Window {
    raftBench: RaftBench;
  }
}

const MEMBERS = ['n1', 'n2', 'n3'];

/** What a parcel of the bare exchange begins with: canonical lists, which Raft's parcels are, begin with another byte. */
const QUESTION = 0xf0;
const ANSWER = 0xf1;

/** Commands of 64 bytes that are counted. */
const machine: StateMachineDefinition<{ count: number }, Uint8Array, number, null, number> = {
  initial: () => ({ count: 0 }),
  apply: (state) => ++state.count,
  query: ({ count }) => count,
};

const command = crypto.getRandomValues(new Uint8Array(64));

let raft: RaftNode<Uint8Array, number, null, number>;
let ask: () => Promise<void>;

window.raftBench = {
  async start(room, storage) {
    const durability = storage === 'memory' ? 'relaxed' : storage;
    const place = await enterRoom({ room, members: MEMBERS, durability });
    const bench = await NodeStorage.open(`bench/${room}/${place.id}`, { durability });
    const [store, bare] =
      storage === 'memory'
        ? [new MemoryStore(), new MemoryStore()]
        : [place.store, bench.journal('bare')];
    const { id, clock } = place;
    const network = besides(place.network, id, bare);
    raft = await createRaft({ id, members: MEMBERS, machine, network, store, clock });
  },
  isLeading: () => raft.status.role === 'leader',
  bare: (count) => timed(count, () => ask()),
  async oneByOne(count) {
    const before = raft.metrics;
    const ms = await timed(count, () => raft.propose(command));
    const after = raft.metrics;
    const messages =
      after.messagesSent + after.messagesReceived - before.messagesSent - before.messagesReceived;
    return { ms, messages: messages / (after.commandsApplied - before.commandsApplied) };
  },
  pipelined: (count, underWay) => together(count, underWay, () => raft.propose(command)),
  async reads(count, underWay, by) {
    await raft.update({ reads: by });
    return together(count, underWay, () => raft.read(null));
  },
  async next() {
    const [took] = await timed(1, () => raft.propose(command, { timeoutMs: 60_000 }));
    return took!;
  },
};

/** A network that carries the bare exchange as well. */
function besides(network: Network, id: string, store: Store): Network {
  return {
    join(_, receive) {
      let waiting: (() => void) | undefined;
      let next = 0;
      const keep = () => store.put(`key ${next++ % 16}`, command);
      const attachment = network.join(id, (from, bytes) => {
        if (bytes[0] === QUESTION) {
          void keep().then(() => attachment.send(from, new Uint8Array([ANSWER])));
        } else if (bytes[0] === ANSWER) waiting?.();
        else void receive(from, bytes);
      });
      ask = async () => {
        const answered = new Promise<void>((resolve) => (waiting = resolve));
        const question = new Uint8Array(65);
        question[0] = QUESTION;
        for (const other of MEMBERS) if (other !== id) attachment.send(other, question);
        await Promise.all([answered, keep()]);
      };
      return attachment;
    },
  };
}

async function timed(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const beganMs = performance.now();
    await act();
    times.push(performance.now() - beganMs);
  }
  return times;
}

/** How many there are in a second. */
async function together(
  count: number,
  underWay: number,
  act: () => Promise<unknown>,
): Promise<number> {
  let left = count;
  const beganMs = performance.now();
  const lane = async (): Promise<void> => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: underWay }, lane));
  return (count / (performance.now() - beganMs)) * 1000;
}
