/**
 * What the members agree on through Raft: who has subscribed to what, and in which order messages come where somebody wants one order for
 * all. Messages themselves do not go through the log: it holds their numbers.
 */

import type { NodeContext } from '../../core/context.ts';
import { Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { toValue, type Value, type ValueMap } from '../../core/value.ts';
import { driven } from '../../core/machine-driver.ts';
import type { Outcome } from '../raft/messages.ts';
import { raftOver } from '../raft/raft.ts';
import type { RaftState } from '../raft/state.ts';
import { StateMachine } from '../raft/state-machine.ts';
import { Elections } from './elections.ts';
import type { Order } from './messages.ts';
import type { StreamId } from './streams.ts';
import { matches } from './topics.ts';

/** Places of the common order that are remembered, for those who come later. */
const PLACES_MAX = 10_000;

/** Subscriptions of one node: what is in the registry is on every member's disk. */
export const SUBSCRIPTIONS_MAX = 256;

/** A batch by its stream and its first number. */
export type Place = readonly [stream: StreamId, first: number];

/** Answers of whoever reads along. */
const READING = new Set(['appendEntriesReply', 'installSnapshotReply']);

type Handler = (from: NodeId, message: unknown) => unknown;

/** What can be agreed on. */
export type RegistryCommand =
  | {
      readonly do: 'subscribe';
      readonly node: NodeId;
      readonly pattern: string;
      readonly order: Order;
    }
  | {
      readonly do: 'unsubscribe';
      readonly node: NodeId;
      readonly pattern: string;
      readonly order: Order;
    }
  | { readonly do: 'remove' | 'admit'; readonly node: NodeId; readonly by: NodeId }
  | { readonly do: 'order'; readonly places: readonly Place[] };

/** The agreed table of subscriptions, and the agreed order. */
export class TopicRegistry extends StateMachine {
  private subscribers = new Map<NodeId, Map<string, Order>>();
  private places: Place[] = [];
  /** Places before the first that is remembered. */
  private forgotten = 0;
  private ordered = new Set<string>();
  /** Of what is remembered no more: by stream, the greatest number. */
  private closed = new Map<StreamId, number>();
  /** Who is out, and by whom. */
  private removed = new Map<NodeId, NodeId>();
  private version = 0;
  private shown: ValueMap | undefined;

  override fork(): TopicRegistry {
    const copy = new TopicRegistry();
    copy.restore(this.snapshot());
    return copy;
  }

  override canonical(): ValueMap {
    this.shown ??= Object.freeze({
      version: this.version,
      places: this.forgotten + this.places.length,
      subscribers: this.table(),
    });
    return this.shown;
  }

  override apply(given: Value): Value {
    const command = given as unknown as RegistryCommand;
    this.shown = undefined;
    switch (command.do) {
      case 'subscribe':
        return this.subscribe(command.node, key(command.pattern, command.order), command.order);
      case 'unsubscribe': {
        const own = this.subscribers.get(command.node);
        if (own?.delete(key(command.pattern, command.order)) === true) this.version++;
        if (own?.size === 0) this.subscribers.delete(command.node);
        return this.version;
      }
      case 'remove':
      case 'admit':
        return this.changeMembers(command.do, command.node, command.by);
      case 'order':
        for (const place of command.places) this.place(place);
        return this.forgotten + this.places.length;
      default:
        return null;
    }
  }

  /** Subscriptions by node: `order pattern`. */
  override query(): Value {
    return this.table();
  }

  override snapshot(): Value {
    return {
      subscribers: Array.from(this.subscribers, ([node, own]) => [node, [...own]]),
      places: this.places,
      forgotten: this.forgotten,
      closed: [...this.closed],
      removed: [...this.removed],
      version: this.version,
    };
  }

  override restore(snapshot: Value): void {
    const taken = snapshot as unknown as {
      readonly subscribers: readonly (readonly [NodeId, readonly (readonly [string, Order])[]])[];
      readonly places: readonly Place[];
      readonly forgotten: number;
      readonly closed: readonly (readonly [StreamId, number])[];
      readonly removed?: readonly (readonly [NodeId, NodeId])[];
      readonly version: number;
    };
    this.shown = undefined;
    this.subscribers = new Map(taken.subscribers.map(([node, own]) => [node, new Map(own)]));
    this.places = [...taken.places];
    this.forgotten = taken.forgotten;
    this.ordered = new Set(this.places.map(placeKey));
    this.closed = new Map(taken.closed);
    this.removed = new Map(taken.removed);
    this.version = taken.version;
  }

  /** Grows with every change of the table of subscriptions. */
  get tableVersion(): number {
    return this.version;
  }

  /** How many places the common order has. */
  get end(): number {
    return this.forgotten + this.places.length;
  }

  /** The first place that is remembered. */
  get begin(): number {
    return this.forgotten;
  }

  /** What stands at a place, counted from 0. */
  at(place: number): Place | undefined {
    return this.places[place - this.forgotten];
  }

  /** Whether a batch has its place, or can have none any more. */
  isOrdered(stream: StreamId, first: number): boolean {
    return first <= (this.closed.get(stream) ?? 0) || this.ordered.has(placeKey([stream, first]));
  }

  /** Whether somebody wants this topic in one order for all. */
  isTotal(topic: string): boolean {
    for (const own of this.subscribers.values()) {
      for (const [name, order] of own) {
        if (order === 'total' && matches(patternOf(name), topic)) return true;
      }
    }
    return false;
  }

  /** Whether a node has this subscription. */
  has(node: NodeId, pattern: string, order: Order): boolean {
    return this.subscribers.get(node)?.has(key(pattern, order)) === true;
  }

  /** Members that are out, each with whoever put it out: itself, when it left for good. */
  get out(): ReadonlyMap<NodeId, NodeId> {
    return this.removed;
  }

  /** Patterns by node, each with its order. */
  table(): Record<NodeId, readonly string[]> {
    return Object.fromEntries(
      Array.from(this.subscribers, ([node, own]) => [node, [...own.keys()].toSorted()]),
    );
  }

  /** Nodes with a subscription whose pattern is one of these. */
  subscribersOf(isMeant: (pattern: string) => boolean): ReadonlySet<NodeId> {
    const meant = [...this.subscribers].filter(([, own]) =>
      [...own.keys()].some((name) => isMeant(patternOf(name))),
    );
    return new Set(meant.map(([node]) => node));
  }

  private subscribe(node: NodeId, name: string, order: Order): Value {
    if (this.removed.has(node)) return { refused: `${node} is not a member any more` };
    const own = this.subscribers.get(node) ?? new Map<string, Order>();
    if (own.size >= SUBSCRIPTIONS_MAX && !own.has(name)) {
      return { refused: `${node} has ${SUBSCRIPTIONS_MAX} subscriptions already` };
    }
    if (!own.has(name)) this.version++;
    own.set(name, order);
    this.subscribers.set(node, own);
    return this.version;
  }

  private changeMembers(change: 'remove' | 'admit', node: NodeId, by: NodeId): Value {
    if (this.removed.has(by)) return { refused: `${by} is not a member any more` };
    const isOut = this.removed.has(node);
    if (change === 'remove' && !isOut) {
      this.removed.set(node, by);
      this.subscribers.delete(node);
      this.version++;
    } else if (change === 'admit' && isOut) {
      this.removed.delete(node);
      this.version++;
    }
    return this.version;
  }

  /** Leaders may propose a batch twice, one after the other: it keeps its first place. */
  private place(place: Place): void {
    const [stream, first] = place;
    if (this.isOrdered(stream, first)) return;
    this.places.push(place);
    this.ordered.add(placeKey(place));
    if (this.places.length <= PLACES_MAX) return;
    for (const [old, number] of this.places.splice(0, PLACES_MAX / 2)) {
      this.ordered.delete(placeKey([old, number]));
      this.closed.set(old, Math.max(number, this.closed.get(old) ?? 0));
      this.forgotten++;
    }
  }
}

/** Raft over the registry, as a layer below publish and subscribe. */
export class RegistryRaft extends driven(raftOver(() => new TopicRegistry())) {
  readonly elections = new Elections(this.id);

  /**
   * Who is out is heard no more, as soon as the others are a majority without it: neither its votes nor what it proposes count, nor a term
   * of its own. It may say how far it has read, and so learns that it is out, and that it is let in.
   */
  constructor(context: NodeContext) {
    super(context);
    const handlers = this.handlers as unknown as Record<string, Handler>;
    for (const [type, handler] of Object.entries(handlers)) {
      handlers[type] = (from, message) => {
        const { out } = this.registry;
        const isHeard =
          !out.has(from) || this.voters.includes(from) || this.isReader(type, message);
        if (isHeard) {
          this.elections.heard(from, type, message, this.now());
          return handler(from, message);
        }
        throw new Refusal(`${from} is not a member any more`);
      };
    }
  }

  /** Says how far one has read, of nothing that is newer than what is known here. */
  private isReader(type: string, message: unknown): boolean {
    const { term } = message as { readonly term?: number };
    return READING.has(type) && (term ?? Infinity) <= (this.machineState as RaftState).term;
  }

  /** Puts a command to the members once; whatever it does twice is harmless. */
  propose(command: RegistryCommand): Promise<Outcome> {
    return this.call('propose', { client: '', serial: 0, lowest: 0, command: toValue(command) });
  }

  /** This node's own copy: what has been applied here, which may be less than what was agreed. */
  get registry(): TopicRegistry {
    return (this.machineState as RaftState).machine as TopicRegistry;
  }

  /** Whose majority agrees on changes. */
  get voters(): readonly NodeId[] {
    return (this.machineState as RaftState).configurations.at(-1)!.configuration.voters;
  }

  /** Who votes unless it is out of the group. */
  get firstVoters(): readonly NodeId[] {
    return (
      this.settings.voters ??
      [...this.nodes].filter((node) => !this.settings.learners.includes(node))
    );
  }

  /** What this node does in the registry's Raft, and in which term. */
  get standing(): Pick<RaftState, 'role' | 'term'> {
    const { role, term } = this.machineState as RaftState;
    return { role, term };
  }

  /** Whether this node leads, as far as it knows. */
  get isLeading(): boolean {
    return (this.machineState as RaftState).role === 'leader';
  }

  /** Whom this node takes for the leader. */
  get leader(): NodeId | null {
    return (this.machineState as RaftState).leader;
  }
}

/** Name of a subscription: `causal sport/#`. */
export function key(pattern: string, order: Order): string {
  return `${order} ${pattern}`;
}

function patternOf(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}

function placeKey([stream, first]: Place): string {
  return `${first} ${stream}`;
}
