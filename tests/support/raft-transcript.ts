/**
 * Transcripts of etcd’s raft library, played by our machines: the same commands in the same order, and the same states and logs. Messages and the
 * words of its log are not compared: ours are others.
 */

import { encodeCanonical } from '../../src/core/canonical.ts';
import { fold, type Entry } from '../../src/algorithms/raft/entry.ts';
import { configurationOf } from '../../src/algorithms/raft/configuration.ts';
import type { RaftRules } from '../../src/algorithms/raft/rules.ts';
import { configurationIn } from '../../src/algorithms/raft/state.ts';
import { toValue } from '../../src/core/value.ts';
import { RaftCluster, type Flying } from './raft-by-hand.ts';
import type { TranscriptStep } from './transcript-file.ts';

/** Ids of etcd are numbers. */
type Id = string;

/** A command: its name, its words, and what is given by name. */
interface Command {
  readonly name: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** What a transcript says, and what came here instead. */
export interface Difference {
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}

const PROGRESS = { probe: 'StateProbe', replicate: 'StateReplicate', snapshot: 'StateSnapshot' };
const ROLES = {
  follower: 'StateFollower',
  'pre-candidate': 'StatePreCandidate',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
};
const MAKES = { v: 'voter', l: 'learner', r: 'removed' } as const;

/** Names of their messages, where one is asked for. */
const TYPES: Readonly<Record<string, string>> = { MsgApp: 'appendEntries' };

const SETTINGS = { election_timeout: 300, heartbeat_interval: 100 };

/** Plays one transcript. */
export class TranscriptPlayer {
  readonly #cluster: RaftCluster;
  /** Nodes that were added so far. */
  readonly #ids: Id[] = [];
  /** Sent, and not handed to the network: their nodes send when they are told to go on. */
  #outbox: Flying[] = [];
  #network: Flying[] = [];
  readonly #clocks = new Map<Id, number>();
  readonly #isAsync: boolean;
  readonly #isLeaseKept: boolean;
  /** Writes that each node has handed to its thread, together as they were handed over. */
  readonly #batches = new Map<Id, number[]>();
  /** What the library last said that a node has stored. */
  readonly #hardStates = new Map<Id, string>();

  /** @param rules others than Raft’s, for a test of this player */
  constructor(steps: readonly TranscriptStep[], rules?: Partial<RaftRules>) {
    const adding = steps
      .map(({ command }) => read(command))
      .filter(({ name }) => name === 'add-nodes');
    const [first] = adding as [Command];
    const count = adding.reduce((sum, { words }) => sum + Number(words[0]), 0);
    const ids = Array.from({ length: count }, (_, i) => String(i + 1));
    this.#isAsync = first.options.get('async-storage-writes') === 'true';
    this.#isLeaseKept = first.options.get('checkquorum') === 'true';
    const inflight = first.options.get('inflight');
    this.#cluster = new RaftCluster({
      nodes: ids,
      ...(rules === undefined ? {} : { rules }),
      slowDisks: true,
      settings: {
        ...SETTINGS,
        voters: idsIn(first.options.get('voters')),
        learners: idsIn(first.options.get('learners')),
        pre_vote: first.options.get('prevote') === 'true',
        check_quorum: first.options.get('checkquorum') === 'true',
        reads: first.options.get('read-only') === 'lease-based' ? 'lease' : 'index',
        eager_commit: true,
        forward: true,
        snapshot_entries: 1_000_000,
        ...(inflight === undefined ? {} : { max_inflight: Number(inflight), max_entries: 1 }),
      },
    });
    for (const id of ids) this.#clocks.set(id, 0);
    for (const { id, timers } of this.#cluster.members.values()) {
      timers.clear();
      this.#cluster.crash(id);
    }
    this.#cluster.onSend = (message) => {
      this.#outbox.push(message);
      return [];
    };
  }

  /** Does one step; what differs from the transcript. */
  play(step: TranscriptStep): Difference[] {
    const command = read(step.command);
    const { line } = step;
    const found = this.#do(command, step);
    for (const text of step.output) this.#noteHardState(text);
    if (found === undefined) return this.#settled(command, line);
    const expected = step.output.map((text) =>
      text.replace(/ (?:inflight|paused|recentActive).*$/, ''),
    );
    const theirs = expected.filter((text) => !text.startsWith('INFO'));
    return theirs.flatMap((text, i) =>
      text === found[i] ? [] : [{ line: line + i, expected: text, found: found[i] ?? 'nothing' }],
    );
  }

  #noteHardState(text: string): void {
    const handling = /^> (\d+) handling Ready/.exec(text);
    if (handling !== null) this.#handling = handling[1];
    const hard = /^ *HardState Term:(\d+)(?: Vote:(\d+))? Commit:(\d+)/.exec(text);
    if (hard === null || this.#handling === undefined) return;
    this.#hardStates.set(this.#handling, `term ${hard[1]} vote ${hard[2] ?? 0} commit ${hard[3]}`);
  }

  #handling: Id | undefined;

  /** When everything has come to rest, nodes have stored the same. */
  #settled({ name, words, options }: Command, line: number): Difference[] {
    // What is not shown is not known.
    if (options.get('log-level') === 'none') this.#hardStates.clear();
    if (name !== 'stabilize' || words.length > 0) return [];
    return [...this.#hardStates].flatMap(([id, expected]) => {
      const { term, vote, commit } = this.#cluster.state(id);
      const found = `term ${term} vote ${vote ?? 0} commit ${commit}`;
      return found === expected
        ? []
        : [{ line, expected: `${id}: ${expected}`, found: `${id}: ${found}` }];
    });
  }

  /** Lines to compare; undefined where nothing is shown. */
  #do(command: Command, { input }: TranscriptStep): string[] | undefined {
    const { name, words, options } = command;
    const [id = ''] = words;
    switch (name) {
      case 'add-nodes':
        this.#add(command);
        return;
      case 'campaign':
        this.#campaign(id);
        return;
      case 'propose':
        this.#ask(id, 'propose', {
          command: { do: 'put', key: 'x', value: words[1]!.replaceAll('"', '') },
        });
        return;
      case 'propose-conf-change':
        this.#change(id, input, options);
        return;
      case 'forget-leader':
        this.#ask(id, 'forgetLeader');
        return;
      case 'transfer-leadership':
        this.#ask(options.get('from')!, 'transfer', { to: options.get('to') });
        return;
      case 'tick-heartbeat':
        this.#tickHeartbeat(id);
        return;
      case 'set-randomized-election-timeout':
        this.#setTimeout(id, Number(options.get('timeout')));
        return;
      case 'tick-election':
        this.#tickElection(id);
        return;
      case 'compact':
        this.#ask(id, 'snapshot');
        return;
      case 'process-ready':
        for (const each of words) this.#ready(each);
        return;
      case 'process-append-thread':
        for (const each of words) this.#append(each);
        return;
      case 'deliver-msgs':
        this.#deliver(command);
        return;
      case 'stabilize':
        this.#stabilize(words.length > 0 ? words : this.#ids);
        return;
      case 'raft-state':
        return this.#ids.map((each) => this.#roleOf(each));
      case 'raft-log':
        return this.#logOf(id);
      case 'status':
        return this.#progressOf(id);
      default:
        // What has no counterpart: levels of its log, threads that apply, reports of the transport.
        return undefined;
    }
  }

  #add({ words, options }: Command): void {
    const cluster = this.#cluster;
    const index = Number(options.get('index') ?? 0);
    const count = Number(words[0]);
    for (let i = 0; i < count; i++) {
      const id = String(this.#ids.length + 1);
      this.#ids.push(id);
      if (index > 0) {
        const { settings } = cluster.state(id);
        const bytes = encodeCanonical({ cluster: '', machine: [], sessions: [], settings });
        const configuration = configurationOf(idsIn(options.get('voters')), {
          learners: idsIn(options.get('learners')),
        });
        const snapshot = { index, term: 0, chain: 0, configuration, bytes, checksum: fold(bytes) };
        cluster.member(id).disk.set('snapshot', toValue(snapshot));
      }
      this.#at(id, () => cluster.restart(id));
      // Nobody waits for a leader of an earlier life.
      this.#clocks.set(id, 2 * SETTINGS.election_timeout);
    }
  }

  #change(id: Id, input: readonly string[], options: ReadonlyMap<string, string>): void {
    const changes = input
      .flatMap((line) => line.split(' '))
      .filter((word) => word !== '')
      .map((word) => ({ make: MAKES[word[0] as keyof typeof MAKES], node: word.slice(1) }));
    // Ours says who leads, where the library passes it on.
    const leader = this.#cluster.state(id).leader ?? id;
    if (changes.length === 0) this.#ask(leader, 'leaveJoint');
    else {
      const joint =
        options.get('transition') === 'explicit' || options.get('transition') === 'implicit';
      this.#ask(leader, 'change', { changes, joint, catch_up: false });
    }
  }

  #ask(id: Id, type: string, message: Record<string, unknown> = {}): void {
    this.#at(id, () => this.#cluster.ask(id, type, message));
  }

  #timer(id: Id, name: string, laterMs: number): void {
    this.#clocks.set(id, this.#clocks.get(id)! + laterMs);
    this.#at(id, () => this.#cluster.step(id, { kind: 'timer', name }));
  }

  /**
   * With pre-vote alone the library’s voters do not mind whether they hear a leader, ours do (section 9.6): here none of them has for a
   * while.
   */
  #campaign(id: Id): void {
    if (!this.#isLeaseKept) {
      for (const each of this.#ids) {
        if (this.#cluster.state(each).role === 'leader') continue;
        this.#clocks.set(each, this.#clocks.get(each)! + SETTINGS.election_timeout);
      }
    }
    this.#ask(id, 'campaign');
  }

  #setTimeout(id: Id, ticks: number): void {
    const state = this.#cluster.state(id);
    state.electionDueMs = this.#clocks.get(id)! + ticks * SETTINGS.heartbeat_interval;
    state.alarmMs = state.electionDueMs;
  }

  /** A heartbeat’s time passes at one node. */
  #tickHeartbeat(id: Id): void {
    if (this.#cluster.state(id).role === 'leader') {
      this.#timer(id, 'heartbeat', 0);
      return;
    }
    this.#clocks.set(id, this.#clocks.get(id)! + SETTINGS.heartbeat_interval);
    if (this.#clocks.get(id)! >= this.#cluster.state(id).electionDueMs)
      this.#timer(id, 'election', 0);
  }

  /** An election timeout passes at one node: a leader looks whom it has heard, the others stand for election. */
  #tickElection(id: Id): void {
    const ticks = SETTINGS.election_timeout / SETTINGS.heartbeat_interval;
    if (this.#cluster.state(id).role !== 'leader') {
      for (let i = 0; i < ticks; i++) this.#tickHeartbeat(id);
    } else
      for (let i = 0; i <= ticks; i++) this.#timer(id, 'heartbeat', SETTINGS.heartbeat_interval);
  }

  /** Each node has a clock of its own, as in the transcripts. */
  #at(id: Id, act: () => void): void {
    this.#cluster.nowMs = this.#clocks.get(id)!;
    act();
  }

  /** A node stores what it has to, and its messages leave. */
  #ready(id: Id): void {
    if (this.#isAsync) this.#handOver(id);
    else this.#at(id, () => this.#cluster.sync(id));
    this.#network.push(...this.#outbox.filter(({ from }) => from === id));
    this.#outbox = this.#outbox.filter(({ from }) => from !== id);
  }

  #handOver(id: Id): void {
    // A candidate of ours asks for votes when its own is durable: let its disk be quick.
    if (this.#cluster.state(id).role === 'candidate') this.#at(id, () => this.#cluster.sync(id));
    const batches = this.#batches.get(id) ?? [];
    const known = batches.reduce((sum, count) => sum + count, 0);
    const { writes } = this.#cluster.member(id);
    if (writes.length > known) batches.push(writes.length - known);
    this.#batches.set(id, batches);
  }

  /** A node’s thread has stored what was handed to it first. */
  #append(id: Id): void {
    const count = this.#batches.get(id)?.shift();
    if (count === undefined) return;
    const before = this.#outbox.length;
    this.#at(id, () => this.#cluster.sync(id, count));
    // What was promised leaves by itself.
    this.#network.push(...this.#outbox.splice(before));
  }

  #deliver({ words, options }: Command): void {
    const dropped = idsIn(options.get('drop'));
    const wanted = TYPES[options.get('type') ?? ''];
    const all = this.#network;
    this.#network = [];
    for (const message of all) {
      if (dropped.includes(message.to)) continue;
      const isMeant = words.includes(message.to) && (wanted ?? message.type) === message.type;
      if (isMeant) this.#at(message.to, () => this.#cluster.arrive(message));
      else this.#network.push(message);
    }
  }

  #stabilize(ids: readonly Id[]): void {
    for (let i = 0; i < 1000; i++) {
      const before = this.#network.length + this.#outbox.length;
      const writes = ids.reduce((sum, id) => sum + this.#cluster.member(id).writes.length, 0);
      for (const id of ids) {
        this.#at(id, () => this.#cluster.sync(id));
        this.#batches.delete(id);
        this.#ready(id);
      }
      const sent = this.#network.filter(({ to }) => ids.includes(to)).length;
      this.#deliver({ name: 'deliver-msgs', words: ids, options: new Map() });
      if (sent === 0 && writes === 0 && before === this.#network.length + this.#outbox.length)
        return;
    }
    throw new Error('it does not come to rest');
  }

  #roleOf(id: Id): string {
    const { role, term, leader } = this.#cluster.state(id);
    const { voters, outgoing } = configurationIn(this.#cluster.state(id));
    const part = voters.includes(id) || outgoing.includes(id) ? 'Voter' : 'Non-Voter';
    return `${id}: ${ROLES[role]} (${part}) Term:${term} Lead:${leader ?? 0}`;
  }

  #logOf(id: Id): string[] {
    const prefix = (term: number, index: number, kind: string) => `${term}/${index} ${kind}`;
    // What is stored: an asynchronous disk is behind what the node knows.
    const { base } = this.#cluster.state(id).log;
    const records = [...this.#cluster.member(id).disk].filter(([key]) => key.startsWith('log/'));
    if (records.length === 0) {
      return [`log is empty: first index=${base.index + 1}, last index=${base.index}`];
    }
    return records
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, record]) => {
        const { term, kind, data } = record as unknown as Entry;
        const index = Number(key.slice('log/'.length));
        if (kind === 'configuration') return prefix(term, index, 'EntryConfChangeV2');
        const { command } = data as { readonly command?: { readonly value: string } };
        return prefix(term, index, `EntryNormal "${command?.value ?? ''}"`);
      });
  }

  #progressOf(id: Id): string[] {
    const { lead } = this.#cluster.state(id);
    return Array.from(lead?.peers ?? [], ([peer, progress]) => {
      return `${peer}: ${PROGRESS[progress.state]} match=${progress.match} next=${progress.next}`;
    }).toSorted();
  }
}

function read(text: string): Command {
  const [name = '', ...rest] = text.split(/\s+/);
  const options = new Map(
    rest.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
  );
  return { name, words: rest.filter((word) => !word.includes('=')), options };
}

/** `(1,2)` or `1`. */
function idsIn(list = ''): Id[] {
  return list
    .replaceAll(/[()]/g, '')
    .split(',')
    .filter((id) => id !== '');
}
