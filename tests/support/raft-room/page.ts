/** In a tab of a test: a node of a cluster in a room, and a client that writes and reads registers and notes what it saw. */

import {
  createRaft,
  type RaftNode,
  type RaftStatus,
  type StateMachineDefinition,
} from '../../../src/index.ts';
import type { RoomView } from '../../../src/lab/raft/room/room-place.ts';

/** An operation of the client, begun or ended. */
export interface Noted {
  /** Of the operation, unique in the test. */
  readonly id: string;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly operation: 'read' | 'write';
  readonly key: string;
  readonly value: number | null;
}

/** Which cluster a tab is to take part in. */
export interface RaftRoomJob {
  readonly room: string;
  readonly members: readonly string[];
  readonly others?: readonly string[];
}

/** What a tab can be told. */
export interface RaftRoomPage {
  start(options: RaftRoomJob): Promise<string>;
  status(): (RaftStatus & { readonly view: RoomView }) | undefined;
  /** Begins to write and read, values that nobody else writes. */
  work(client: number, keys: readonly string[]): void;
  /** Ends it when what is under way has ended. */
  rest(): Promise<void>;
  /** Whatever was ever written, in the order of the log. */
  written(): Promise<readonly number[]>;
  write(key: string, value: number): Promise<number | null>;
  stop(): Promise<void>;
  cut(nodes: readonly string[]): void;
  readonly log: readonly string[];
}

declare global {
  interface Window {
    raftRoom: RaftRoomPage;
    /** Given by the test: what the client notes has to outlive the tab. */
    raftNote?: (noted: Noted) => Promise<void>;
  }
}

type Command = { readonly key: string; readonly value: number };

interface Registers {
  readonly values: Record<string, number>;
  readonly written: number[];
}

/** Registers, and all that was ever written to them; the result of a write is the value before. */
const registers: StateMachineDefinition<
  Registers,
  Command,
  number | null,
  string | null,
  number | null | readonly number[]
> = {
  initial: () => ({ values: {}, written: [] }),
  apply({ values, written }, { key, value }) {
    const before = values[key] ?? null;
    values[key] = value;
    written.push(value);
    return before;
  },
  query: ({ values, written }, key) => (key === null ? written : (values[key] ?? null)),
};

/** Patience of the client: what takes longer has an unknown end. */
const TIMEOUT_MS = 5_000;

let raft: RaftNode<Command, number | null, string | null, unknown> | undefined;
let working: Promise<void> = Promise.resolve();
let isResting = true;
const log: string[] = [];

window.raftRoom = {
  log,
  async start(job) {
    raft = await createRaft({
      ...{ ...job, machine: registers },
      settings: { snapshot_entries: 500 },
      log: (level, text) => log.push(`${level}: ${text}`),
      onWaiting: (waiting) => log.push(`waiting: ${JSON.stringify(waiting)}`),
    });
    raft.on(({ kind, detail }) => {
      if (kind !== 'applied') log.push(`${kind}: ${JSON.stringify(detail)}`);
    });
    return raft.id;
  },
  status: () => raft && { ...raft.status, view: raft.room!.view },
  work(client, keys) {
    isResting = false;
    working = work(client, keys);
  },
  rest() {
    isResting = true;
    return working;
  },
  write: (key, value) => raft!.propose({ key, value }),
  written: async () => (await raft!.read(null)) as readonly number[],
  stop: () => raft!.stop(),
  cut: (nodes) => raft!.room!.cut(nodes),
};

async function work(client: number, keys: readonly string[]): Promise<void> {
  const random = (below: number): number => crypto.getRandomValues(new Uint32Array(1))[0]! % below;
  for (let count = 1; !isResting; count++) {
    const key = keys[random(keys.length)]!;
    // Unique: the tab's client has a number of its own, which grows with every reload.
    const value = client * 1_000_000 + count;
    const id = `${client}/${count}`;
    await operate(
      random(3) > 0
        ? { id, operation: 'write', key, value }
        : { id, operation: 'read', key, value: null },
    );
    await new Promise((resolve) => setTimeout(resolve, random(30)));
  }
}

async function operate(begun: Omit<Noted, 'type'>): Promise<void> {
  const { operation, key } = begun;
  // Noted before it begins, and its end when it has ended: the order of the notes is one that a bystander could have seen.
  await note({ ...begun, type: 'invoke' });
  const options = { timeoutMs: TIMEOUT_MS };
  try {
    if (operation === 'write') await raft!.propose({ key, value: begun.value! }, options);
    const value = operation === 'write' ? begun.value : await raft!.read(key, options);
    await note({ ...begun, value: value as number | null, type: 'ok' });
  } catch {
    // Whether a write that was given up happens, nobody knows.
    await note({ ...begun, type: operation === 'write' ? 'info' : 'fail' });
  }
}

function note(noted: Noted): Promise<void> {
  return window.raftNote!(noted);
}
