/**
 * Raft for a program of one's own: a state machine that all members keep alike, and a client to it.
 *
 * ```ts
 * const raft = await createRaft({ room: '7KQ2MX', members: ['n1', 'n2', 'n3'], machine: counter });
 * await raft.propose({ add: 1 });
 * raft.subscribe({}, (total) => show(total));
 * ```
 */

import { driven } from '../../core/machine-driver.ts';
import { encodeCanonical, equalBytes } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Store } from '../../core/ports.ts';
import { StorageError, StorageTaken } from '../../core/storage-error.ts';
import { toValue, type Value } from '../../core/value.ts';
import type { Network } from '../../net/parcels/network.ts';
import { LoneHost, type MessageProblem } from '../../runtime/lone-host.ts';
import type { Outcome } from '../../algorithms/raft/messages.ts';
import { raftOver } from '../../algorithms/raft/raft.ts';
import type { Raft as RaftAlgorithm } from '../../algorithms/raft/raft.ts';
import type { RaftState } from '../../algorithms/raft/state.ts';
import { RaftClient, type TryOptions } from './client.ts';
import { DefinedMachine, type StateMachineDefinition } from './defined-machine.ts';
import { GuestList } from './room/guest-list.ts';
import type { RoomOptions } from './room/enter-room.ts';
import type { RoomPlace } from './room/room-place.ts';
import { Together } from './together.ts';
import { statusOf, type RaftMetrics, type RaftStatus } from './status.ts';

/** What every node is made of. */
interface NodeOptions<State, Command, Result, Query, Answer> {
  /** The first voters; every node has to be told the same. Later changes are in the log. */
  readonly members: readonly NodeId[];
  /** Nodes that may become members later. */
  readonly others?: readonly NodeId[];
  readonly machine: StateMachineDefinition<State, Command, Result, Query, Answer>;
  /** Settings of the chapter, as in its configuration files: `election_timeout`, `reads`, `snapshot_entries`, … */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly log?: (level: LogLevel, text: string) => void;
}

/** A node in the room of a signaling server: links over WebRTC, and a log in IndexedDB. It needs a page. */
export interface RoomRaftOptions<State, Command, Result, Query, Answer>
  extends NodeOptions<State, Command, Result, Query, Answer>, RoomOptions {
  readonly members: readonly NodeId[];
  readonly others?: readonly NodeId[];
}

/** A node over a network and a store of one's own. */
export interface BareRaftOptions<State, Command, Result, Query, Answer> extends NodeOptions<
  State,
  Command,
  Result,
  Query,
  Answer
> {
  /** This node: one of `members`, or of `others`. */
  readonly id: NodeId;
  readonly network: Network;
  /** Where term, vote and log are; its `survives` says what this node's word is worth. */
  readonly store: Store;
  /** Real time unless given. */
  readonly clock?: Clock;
}

/** What makes a node: a room, or a network and a store. */
export type RaftOptions<State, Command, Result, Query, Answer> =
  | RoomRaftOptions<State, Command, Result, Query, Answer>
  | BareRaftOptions<State, Command, Result, Query, Answer>;

/** Something that happened at this node; the kinds are listed in `docs/raft.md`. */
export interface RaftEvent {
  readonly kind: string;
  readonly detail: Value;
}

/** Changes of the members, one of the calls of the chapter. */
export interface MemberChange {
  readonly make: 'voter' | 'learner' | 'witness' | 'removed';
  readonly node: NodeId;
}

/**
 * Starts a node. It takes part until it is stopped. In a room it begins when the cluster is complete for the first time.
 *
 * @throws {StorageError} when its store cannot be read
 * @throws {RoomError} when there is no place in the room; {@link SignalingError} when its server cannot be reached
 */
export async function createRaft<State, Command, Result, Query = null, Answer = State>(
  options: RaftOptions<State, Command, Result, Query, Answer>,
): Promise<RaftNode<Command, Result, Query, Answer>> {
  if (!('room' in options)) {
    const node = new RaftNode<Command, Result, Query, Answer>(options);
    await node.start();
    return node;
  }
  // Whoever has a network of their own needs none of what makes connections.
  const { enterRoom } = await import('./room/enter-room.ts');
  const place = await enterRoom(options);
  try {
    const { id, network, store, clock } = place;
    const node = new RaftNode<Command, Result, Query, Answer>(
      {
        ...options,
        ...{ id, network, store, clock },
      },
      place,
    );
    await node.start();
    return node;
  } catch (error) {
    place.close();
    throw error;
  }
}

/** A node, and a client of the cluster. */
export class RaftNode<Command, Result, Query, Answer> {
  readonly id: NodeId;
  /** Its place in a room; undefined for a node over a network of one's own. */
  readonly room: RoomPlace | undefined;
  readonly #host: LoneHost<typeof RaftAlgorithm>;
  readonly #client: RaftClient;
  readonly #proposals: Together<object, Outcome>;
  readonly #queries: Together<object, Outcome>;
  readonly #listeners = new Set<(event: RaftEvent) => void>();
  readonly #views = new Set<() => void>();
  /** What the client waits for, and might wait for in vain when there is another leader. */
  readonly #asked = new Set<() => void>();
  readonly #store: Store;
  /** The node's own state, to be looked at: what it shows of itself includes its whole log. */
  #state: RaftState | undefined;
  readonly #leaving = new AbortController();
  #applied = 0;
  #isShowing = false;

  /** @throws {SchemaError} when settings do not fit, {RangeError} when they contradict each other */
  constructor(
    options: BareRaftOptions<unknown, Command, Result, Query, Answer>,
    place?: RoomPlace,
  ) {
    const { id, members, others = [], machine, network, store, settings = {} } = options;
    this.id = id;
    this.#store = store;
    this.room = place;
    const raft = raftOver(() => new DefinedMachine(machine));
    this.#host = new LoneHost({
      algorithm: driven({
        ...raft,
        init: (seat, random) => (this.#state = raft.init(seat, random)),
      }),
      id,
      nodes: [...new Set([...members, ...others])],
      settings: { ...settings, voters: members },
      network,
      store,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.log === undefined ? {} : { log: options.log }),
      deliver: (type, message) => {
        if (type === 'event') this.#happened(message as RaftEvent);
      },
      failed: (error) =>
        this.#happened({ kind: 'error', detail: { what: 'stopped', detail: messageOf(error) } }),
    });
    const { algorithm } = this.#host;
    this.#client = new RaftClient(`${id}/${randomName()}`, {
      clock: { now: () => algorithm.now(), after: (ms, run) => algorithm.after(ms, run) },
      propose: (command) => this.#orNews(this.#proposals.ask(command)),
      read: (query) => this.#orNews(this.#queries.ask({ query })),
    });
    this.#proposals = new Together((commands) => this.#callAll('propose', commands));
    this.#queries = new Together((queries) => this.#callAll('read', queries));
  }

  /** Called by {@link createRaft}. */
  async start(): Promise<void> {
    await this.#host.start();
    const { room } = this;
    if (room === undefined) return;
    const { signal } = this.#leaving;
    room.attach(
      (level, text) => this.#host.log(level, text),
      () => this.#host.fail(new StorageTaken(`another tab is ${this.id} now`)),
    );
    // Whoever leaves asks another to lead while it still can, in the last task of the page.
    addEventListener('pagehide', () => void this.transfer(), { capture: true, signal });
    new GuestList(this, room).watch(signal);
  }

  /** Has a command applied by the cluster, once, however often it has to be sent. @throws {RaftError} when it will not be, or nobody knows */
  async propose(command: Command, options?: TryOptions): Promise<Result> {
    return (await this.#client.propose(toValue(command), options)) as unknown as Result;
  }

  /** Puts a command to the cluster once, without the care of a client: what became of it, with the meanings of raftengine. */
  attempt(command: Command): Promise<Outcome> {
    return this.#call('propose', { client: '', serial: 0, lowest: 0, command: toValue(command) });
  }

  /** Asks the state machine, linearizably: the answer is not older than the question. @throws {RaftError} */
  async read(query: Query, options?: TryOptions): Promise<Answer> {
    return (await this.#client.read(toValue(query), options)) as unknown as Answer;
  }

  /** What this node's own copy answers now: at once, and perhaps not the latest. */
  peek(query: Query): Answer {
    return this.#state!.machine.query(toValue(query)) as unknown as Answer;
  }

  /** Shows the answer of this node's own copy, now and whenever it has changed. Returns how to end it. */
  subscribe(query: Query, listener: (answer: Answer) => void): () => void {
    let shown: Uint8Array | undefined;
    const show = (): void => {
      const answer = this.peek(query);
      const bytes = encodeCanonical(answer);
      if (shown !== undefined && equalBytes(shown, bytes)) return;
      shown = bytes;
      listener(answer);
    };
    this.#views.add(show);
    show();
    return () => void this.#views.delete(show);
  }

  /** Tells what happens at this node. Returns how to end it. */
  on(listener: (event: RaftEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds, promotes, demotes or removes members; answered when the change is committed. */
  change(changes: readonly MemberChange[]): Promise<Outcome> {
    return this.#call('change', { changes, joint: false });
  }

  /** Hands leadership over; a result says that this node leads no more. */
  async transfer(to?: NodeId): Promise<Outcome> {
    const outcome = await this.#call('transfer', to === undefined ? {} : { to });
    // Whoever hands over is deposed by the heir's election, before it can know who has won it.
    const isOver = outcome.kind === 'retry' && this.status.role !== 'leader';
    return isOver ? { kind: 'result', value: null } : outcome;
  }

  /** Takes a snapshot now, and forgets the log before it. */
  snapshot(): Promise<Outcome> {
    return this.#call('snapshot', {});
  }

  /** Changes settings of the whole cluster. */
  update(settings: Readonly<Record<string, unknown>>): Promise<Outcome> {
    return this.#call('update', { settings });
  }

  /** Takes part again after its state machine failed, when the reason was seen to. */
  repair(): Promise<Outcome> {
    return this.#call('repair', {});
  }

  /** What this node knows of itself and of the cluster. */
  get status(): RaftStatus {
    const { kind, survives } = this.#store;
    return statusOf(this.#state!, { kind, survives }, this.#host.isStopped);
  }

  /** What it cost so far. */
  get metrics(): RaftMetrics {
    const { traffic } = this.#host;
    const per = (count: number): number => (this.#applied === 0 ? 0 : count / this.#applied);
    return {
      ...traffic,
      commandsApplied: this.#applied,
      messagesPerCommit: per(traffic.messagesSent + traffic.messagesReceived),
      bytesPerCommit: per(traffic.bytesSent + traffic.bytesReceived),
    };
  }

  /** Messages that were none, the latest hundred. */
  problems({ clear = false } = {}): readonly MessageProblem[] {
    const found = [...this.#host.problems];
    if (clear) this.#host.clearProblems();
    return found;
  }

  /** Takes part no more. Before, a leader offers its place to another, so that nobody has to wait for an election. */
  async stop(): Promise<void> {
    if (!this.#host.isStopped && this.status.role === 'leader') await this.transfer();
    this.kill();
  }

  /** Ends at once, as a crash does. */
  kill(): void {
    this.#leaving.abort();
    this.#host.stop();
    this.room?.close();
  }

  /** Who leads no more answers nothing: then the client asks again, under the same serial. */
  #orNews(asked: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve) => {
      const give = (outcome: Outcome): void => {
        this.#asked.delete(news);
        resolve(outcome);
      };
      const news = (): void => give({ kind: 'timeout', reason: 'another leader was elected' });
      this.#asked.add(news);
      void asked.then(give);
    });
  }

  #call(type: string, message: object): Promise<Outcome> {
    return this.#callAll(type, [message])[0]!;
  }

  #callAll(type: string, messages: readonly object[]): readonly Promise<Outcome>[] {
    if (this.#host.isStopped) {
      const reason = `${this.id} is stopped`;
      return messages.map(() => Promise.resolve({ kind: 'error', reason }));
    }
    const answers = this.#host.algorithm.callAll(type as never, messages as never);
    return (answers as readonly Promise<Outcome>[]).map((answer) =>
      answer.catch((error: unknown) => {
        if (error instanceof StorageError) this.#host.fail(error);
        return { kind: 'error', reason: messageOf(error) };
      }),
    );
  }

  #happened(event: RaftEvent): void {
    for (const listener of this.#listeners) listener(event);
    if (event.kind === 'applied') this.#applied++;
    if (event.kind === 'leader' && (event.detail as { leader: unknown }).leader !== null) {
      for (const news of [...this.#asked]) news();
    }
    if (event.kind !== 'applied' && event.kind !== 'snapshot') return;
    if (this.#isShowing) return;
    this.#isShowing = true;
    // Once for everything that one step has applied, and when the step is over.
    queueMicrotask(() => {
      this.#isShowing = false;
      for (const show of this.#views) show();
    });
  }
}

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36)).join(
    '',
  );
}
