/**
 * A cluster of Raft machines in one hand: messages are delivered, held, lost and doubled one at a time or by the clock, disks take their
 * time and crash. What the simulator does to whole nodes this does to the bare machines, so that a test can stop between any two
 * messages, and a thousand runs take a second.
 */

import { Raft, raft } from '../../src/algorithms/raft/raft.ts';
import type { Outcome } from '../../src/algorithms/raft/messages.ts';
import type { RaftRules } from '../../src/algorithms/raft/rules.ts';
import type { State } from '../../src/algorithms/raft/state.ts';
import { loadConfig } from '../../src/core/config/load-config.ts';
import type { NodeId } from '../../src/core/id.ts';
import type { Effect } from '../../src/core/machine.ts';
import { Random } from '../../src/core/random.ts';
import { parse } from '../../src/core/schema.ts';
import { toValue, type Value } from '../../src/core/value.ts';
import { RaftChecker } from './raft-checker.ts';
import { nodeIds } from './simulate.ts';

/** A message under way. */
export interface Flying {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly type: string;
  readonly message: any;
  /** Grows with every message. */
  readonly number: number;
}

/** Something that was asked. */
export interface Asked {
  outcome: Outcome | undefined;
  onAnswer?: () => void;
}

/** A node, up or down. */
export interface Member {
  readonly id: NodeId;
  state: State;
  readonly disk: Map<string, Value>;
  writes: { readonly ticket: number; readonly entries: [string, Value | undefined][] }[];
  readonly timers: Map<string, number>;
  isUp: boolean;
  lives: number;
  readonly asked: Map<number, Asked>;
}

/** What happened, as the machine tells it. */
export interface Told {
  readonly node: NodeId;
  readonly kind: string;
  readonly detail: any;
}

/** How a cluster is made. */
export interface ClusterOptions {
  readonly nodes?: number | readonly NodeId[];
  /** For all, or by node. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly own?: Readonly<Record<NodeId, Readonly<Record<string, unknown>>>>;
  readonly seed?: number;
  /** Writes wait for {@link RaftCluster.sync}; otherwise they are durable at once. */
  readonly slowDisks?: boolean;
  readonly rules?: Partial<RaftRules>;
  /** Messages need not fit their schemas: quicker. */
  readonly unchecked?: boolean;
}

/** The cluster. */
export class RaftCluster {
  readonly ids: readonly NodeId[];
  readonly members = new Map<NodeId, Member>();
  readonly checker = new RaftChecker();
  readonly told: Told[] = [];
  readonly logs: string[] = [];
  readonly random: Random;
  /** Messages under way, the oldest first. */
  flying: Flying[] = [];
  /** Called for each message that leaves; what it returns flies. */
  onSend: (message: Flying) => readonly Flying[] = (message) => [message];
  /** Called when something is to happen later: a timer, a disk. */
  onTimer: ((member: Member, name: string, dueMs: number) => void) | undefined;
  onWrite: ((member: Member) => void) | undefined;
  nowMs = 0;
  readonly sent = new Map<string, number>();
  readonly #options: ClusterOptions;
  readonly #machine: typeof raft;
  readonly #settings: ReadonlyMap<NodeId, any>;
  readonly #cuts = new Set<string>();
  #tickets = 0;
  #numbers = 0;

  constructor(options: ClusterOptions = {}) {
    const { nodes = 3, seed = 1, rules } = options;
    this.#options = options;
    this.ids = typeof nodes === 'number' ? nodeIds(nodes) : nodes;
    this.random = Random.stream(seed, 'cluster');
    this.#machine = rules === undefined ? raft : raft.withRules(rules);
    this.#settings = this.#load();
    for (const id of this.ids) {
      const disk = new Map<string, Value>();
      const rest = { writes: [], timers: new Map(), isUp: false, lives: 0, asked: new Map() };
      this.members.set(id, { id, disk, state: undefined!, ...rest });
      this.restart(id);
    }
  }

  #load(): ReadonlyMap<NodeId, unknown> {
    const { settings = {}, own = {} } = this.#options;
    const text = JSON.stringify(
      Object.fromEntries(this.ids.map((id) => [id, { ...settings, ...own[id] }])),
    );
    const { nodes } = loadConfig(text, Raft.definition, { file: 'cluster' });
    return new Map(nodes.map((node) => [node.id, node.settings.own]));
  }

  // Looking.

  /** The rules in force. */
  get rules(): RaftRules {
    return this.#machine.rules;
  }

  member(id: NodeId): Member {
    return this.members.get(id)!;
  }

  state(id: NodeId): State {
    return this.member(id).state;
  }

  /** The leader of the newest term among those that are up. */
  get leader(): NodeId | undefined {
    const leaders = [...this.members.values()].filter(
      ({ isUp, state }) => isUp && state.role === 'leader',
    );
    return leaders.toSorted((a, b) => b.state.term - a.state.term)[0]?.id;
  }

  /** Terms of a node's entries, from index 1. */
  terms(id: NodeId): number[] {
    return this.state(id).log.map(({ term }) => term);
  }

  /** What a node's state machine holds. */
  machine(id: NodeId): Record<string, string> {
    return this.state(id).machine.canonical() as Record<string, string>;
  }

  /** Details of what a node told, of one kind. */
  details(id: NodeId, kind: string): any[] {
    return this.told
      .filter((each) => each.node === id && each.kind === kind)
      .map(({ detail }) => detail);
  }

  // Doing.

  /** Asks a node something; the answer may come later. */
  ask(id: NodeId, type: string, message: Record<string, unknown> = {}): Asked {
    const ticket = ++this.#tickets;
    const asked: Asked = { outcome: undefined };
    this.member(id).asked.set(ticket, asked);
    const schema = (this.#machine.calls as Record<string, any>)[type].schema;
    this.step(id, { kind: 'call', type, ticket, message: parse(schema, message, type) });
    return asked;
  }

  /** A command of the key-value store. */
  put(id: NodeId, key: string, value: string, session: Record<string, unknown> = {}): Asked {
    return this.ask(id, 'propose', { command: { do: 'put', key, value }, ...session });
  }

  read(id: NodeId, key: string): Asked {
    return this.ask(id, 'read', { query: { key } });
  }

  /** One input for one node, and everything that follows at once. */
  step(id: NodeId, input: Record<string, unknown>): void {
    const member = this.member(id);
    if (!member.isUp) return;
    const effects = this.#machine.step(member.state, { ...input, now: this.nowMs } as any, {
      path: 'raft',
      id,
    });
    for (const effect of effects) this.#perform(member, effect);
    const up = [...this.members.values()].filter(({ isUp }) => isUp);
    this.checker.look(
      member.state,
      up.map(({ state }) => state),
    );
    if (this.#options.slowDisks !== true) this.sync(id);
  }

  #perform(member: Member, effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(member, effect);
        return;
      case 'timer':
        member.timers.set(effect.name, this.nowMs + effect.delayMs);
        this.onTimer?.(member, effect.name, this.nowMs + effect.delayMs);
        return;
      case 'write': {
        const entries = Object.entries(effect.entries).map(
          ([key, value]): [string, Value | undefined] => [
            key,
            value === undefined ? undefined : toValue(value),
          ],
        );
        member.writes.push({ ticket: effect.ticket, entries });
        this.onWrite?.(member);
        return;
      }
      case 'answer': {
        const asked = member.asked.get(effect.ticket)!;
        asked.outcome = effect.reply as Outcome;
        asked.onAnswer?.();
        return;
      }
      case 'deliver':
        if (effect.type === 'event')
          this.told.push({ node: member.id, ...(effect.message as any) });
        return;
      case 'log':
        this.logs.push(`${member.id} ${effect.text}`);
        break;
      case 'terminate':
      case 'put':
        break;
      default:
        throw new Error(`a machine of Raft does not ${effect.kind}`);
    }
  }

  #send({ id, disk }: Member, { to, type, message }: Extract<Effect, { kind: 'send' }>): void {
    this.checker.sent(id, to, type, message, disk);
    this.sent.set(type, (this.sent.get(type) ?? 0) + 1);
    const { schema } = (this.#machine.messages as Record<string, any>)[type];
    const checked =
      this.#options.unchecked === true ? message : parse(schema, toValue(message), type);
    const flying = { from: id, to, type, message: checked, number: ++this.#numbers };
    if (!this.#cuts.has(`${id}->${to}`)) this.flying.push(...this.onSend(flying));
  }

  /** What was written becomes durable: all of it, or the first writes. */
  sync(id: NodeId, count = Infinity): void {
    const member = this.member(id);
    for (let i = 0; i < count && member.writes.length > 0 && member.isUp; i++) {
      const { ticket, entries } = member.writes.shift()!;
      for (const entry of entries) store(member.disk, entry);
      this.step(id, { kind: 'written', ticket });
    }
  }

  /** A message arrives. */
  deliver(message: Flying): void {
    this.flying = this.flying.filter((other) => other !== message);
    this.arrive(message);
  }

  /** It arrives, and may arrive again. */
  arrive({ from, to, type, message }: Flying): void {
    this.step(to, { kind: 'message', type, from, message, ticket: 0 });
  }

  /** Delivers what matches, and what that leads to, until nothing is under way that does. */
  settle(matches: (message: Flying) => boolean = () => true): void {
    for (let i = 0; i < 100_000; i++) {
      const next = this.flying.find(matches);
      if (next === undefined) return;
      this.deliver(next);
    }
    throw new Error('messages never end');
  }

  /** Loses what matches. */
  lose(matches: (message: Flying) => boolean = () => true): void {
    this.flying = this.flying.filter((message) => !matches(message));
  }

  /** From now on nothing passes between these and the others; what is under way arrives. */
  isolate(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      for (const other of this.ids) {
        if (ids.includes(other)) continue;
        this.cut(id, other);
        this.cut(other, id);
      }
    }
  }

  /** One way. */
  cut(from: NodeId, to: NodeId): void {
    this.#cuts.add(`${from}->${to}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** A node's timer goes off, whatever the time. */
  timer(id: NodeId, name: 'election' | 'heartbeat'): void {
    const member = this.member(id);
    const due = Math.max(
      this.nowMs,
      member.timers.get(name) ?? this.nowMs,
      name === 'election' ? member.state.electionDueMs : 0,
    );
    this.nowMs = due;
    member.timers.delete(name);
    this.step(id, { kind: 'timer', name });
  }

  /** Long enough that nobody hears a leader any more; whoever led notices that it stood still. */
  forget(): void {
    this.nowMs += 10_000;
    for (const { id, isUp, state } of this.members.values()) {
      if (isUp && state.role === 'leader') this.step(id, { kind: 'timer', name: 'heartbeat' });
    }
  }

  /** Stands for election and wins, all messages delivered. */
  elect(id: NodeId): void {
    this.forget();
    this.ask(id, 'campaign');
    this.settle();
    if (this.state(id).role !== 'leader') throw new Error(`${id} was not elected`);
  }

  /** The leader says that it is there; everybody hears it. */
  beat(id: NodeId = this.leader!): void {
    this.nowMs += this.state(id).settings.heartbeat_interval;
    this.step(id, { kind: 'timer', name: 'heartbeat' });
    this.settle();
  }

  /** Time passes: timers go off, messages arrive at once. */
  run(ms: number): void {
    const until = this.nowMs + ms;
    for (let i = 0; i < 1_000_000; i++) {
      this.settle();
      const next = this.#nextTimer();
      if (next === undefined || next.dueMs > until) {
        this.nowMs = until;
        return;
      }
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.member.timers.delete(next.name);
      this.step(next.member.id, { kind: 'timer', name: next.name });
    }
    throw new Error('timers never end');
  }

  #nextTimer() {
    let next: { member: Member; name: string; dueMs: number } | undefined;
    for (const member of this.members.values()) {
      if (!member.isUp) continue;
      for (const [name, dueMs] of member.timers) {
        if (next === undefined || dueMs < next.dueMs) next = { member, name, dueMs };
      }
    }
    return next;
  }

  /** A node goes down. What was not durable is lost, or of each write a beginning is left. */
  crash(id: NodeId, how: 'unsynced' | 'torn' = 'unsynced'): void {
    const member = this.member(id);
    member.isUp = false;
    member.timers.clear();
    member.asked.clear();
    if (how === 'torn') {
      for (const { entries } of member.writes) {
        const kept = this.random.integer(0, entries.length);
        for (const entry of entries.slice(0, kept)) store(member.disk, entry);
      }
    }
    member.writes = [];
  }

  /** It comes back, with what its disk has; with an empty one when asked, or with records that cannot be read. */
  restart(
    id: NodeId,
    { empty = false, damaged = [] }: { empty?: boolean; damaged?: readonly string[] } = {},
  ): void {
    const member = this.member(id);
    if (empty) member.disk.clear();
    const { ids } = this;
    const settings = this.#settings.get(id);
    const seat = { id, nodes: [...ids], neighbours: ids.filter((other) => other !== id), settings };
    const seed = this.#options.seed ?? 1;
    member.lives++;
    member.state = this.#machine.init(seat, Random.stream(seed, `${id}/${member.lives}`));
    member.isUp = true;
    this.checker.restarted(id, damaged.length > 0 ? new Map() : member.disk);
    const whole = [...member.disk].filter(([key]) => !damaged.includes(key));
    const stored = new Map(whole.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    this.step(id, { kind: 'start', restarted: member.lives > 1, stored, damaged });
  }
}

function store(disk: Map<string, Value>, [key, value]: [string, Value | undefined]): void {
  if (value === undefined) disk.delete(key);
  else disk.set(key, value);
}
